package send

// wireDelivery is the body of a delivery as UP42 sends it. See “Delivery” in
// receiver/README.md.
type wireDelivery struct {
	Event     string `json:"event"`
	LiveMode  bool   `json:"liveMode"`
	MessageID string `json:"messageId"`
	Timestamp string `json:"timestamp"`
	Body      any    `json:"body"`
}

type wireOrder struct {
	OrderID       string `json:"orderId"`
	OrderType     string `json:"orderType"`
	DataHostName  string `json:"dataHostName"`
	DisplayName   string `json:"displayName,omitempty"`
	Status        string `json:"status"`
	StatusIsFinal bool   `json:"statusIsFinal"`
}

type wireJob struct {
	JobID         string `json:"jobId"`
	JobName       string `json:"jobName,omitempty"`
	ProcessID     string `json:"processId,omitempty"`
	DataHostName  string `json:"dataHostName,omitempty"`
	Status        string `json:"status"`
	StatusIsFinal bool   `json:"statusIsFinal"`
}
