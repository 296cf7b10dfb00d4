package simulator

import "slices"

// The names of the event types.
const (
	orderStatus = "order.status"
	jobStatus   = "job.status"
)

// eventType is a type of event that a webhook can subscribe to.
type eventType struct {
	eventJSON
	// test is the inner body of a test event, with the values that UP42 uses.
	test any
}

// eventJSON is an event type in an answer.
type eventJSON struct {
	Name          string `json:"name"`
	Title         string `json:"title"`
	Category      string `json:"category"`
	Description   string `json:"description"`
	Documentation string `json:"documentation"`
}

const (
	documentation = "https://docs.up42.com/account/webhooks"
	// testID is the id in test events.
	testID = "00000000-0000-0000-0000-000000000001"
)

// eventTypes are all event types. To add one, add it here, with the JSON of its body.
var eventTypes = [...]eventType{
	{
		eventJSON{jobStatus, "Job status", "JOB", "Sent when the status of a job changes.", documentation},
		jobJSON{testID, "test-up42-job-name", "test-up42-process", testID, "SUCCEEDED", true},
	},
	{
		eventJSON{orderStatus, "Order status", "ORDER", "Sent when the status of an order changes.", documentation},
		orderJSON{testID, "TASKING", "test-up42-host-name", "FULFILLED", true},
	},
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

// typeOf returns the event type of a name; ok is false if it does not exist.
func typeOf(name string) (t eventType, ok bool) {
	i := slices.IndexFunc(eventTypes[:], func(t eventType) bool { return t.Name == name })
	if i < 0 {
		return t, false
	}
	return eventTypes[i], true
}
