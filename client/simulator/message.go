package simulator

import "encoding/json"

// The events that a webhook can subscribe to.
const (
	orderStatus = "order.status"
	jobStatus   = "job.status"
)

// message is the body of a delivery, which stays the same however often it is sent.
type message struct {
	id   string
	body []byte
}

// messageJSON is the body of a delivery. See “Delivery” in receiver/README.md.
type messageJSON struct {
	Event     string `json:"event"`
	LiveMode  bool   `json:"liveMode"`
	MessageID string `json:"messageId"`
	Timestamp string `json:"timestamp"`
	Body      any    `json:"body"`
}

// orderJSON is the inner body of an order's event.
type orderJSON struct {
	OrderID       string `json:"orderId"`
	OrderType     string `json:"orderType"`
	DataHostName  string `json:"dataHostName"`
	Status        string `json:"status"`
	StatusIsFinal bool   `json:"statusIsFinal"`
}

// jobJSON is the inner body of a job's event. UP42 does not document the names of these
// fields; they are the likely ones.
type jobJSON struct {
	JobID         string `json:"jobId"`
	JobName       string `json:"jobName"`
	ProcessID     string `json:"processId"`
	WorkspaceID   string `json:"workspaceId"`
	Status        string `json:"status"`
	StatusIsFinal bool   `json:"statusIsFinal"`
}

func (m messageJSON) encode() message {
	text, err := json.Marshal(m)
	if err != nil {
		panic(err) // it has only texts and truth values
	}
	return message{id: m.MessageID, body: text}
}
