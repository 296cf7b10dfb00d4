package simulator

import (
	"net/http"
	"slices"
	"strings"
)

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
	documentation = "https://docs.up42.com/developers/"
	// testID is the id in test events.
	testID = "00000000-0000-0000-0000-000000000001"
)

// eventTypes are the event types that UP42 has, in the words of its catalogue. To add one,
// add it here, with the JSON of its body.
var eventTypes = [...]eventType{
	{
		eventJSON{jobStatus, "Job Status Updates", "job", "Sent when job/task status is updated", documentation},
		jobJSON{JobID: testID, JobName: "test-up42-job-name", ProcessID: "test-up42-process", WorkspaceID: testID, Status: "SUCCEEDED", StatusIsFinal: true},
	},
	{
		eventJSON{orderStatus, "Order Status Updates", "order", "Sent when order status is updated", documentation},
		orderJSON{OrderID: testID, OrderType: "TASKING", DataHostName: "test-up42-host-name", Status: "FULFILLED", StatusIsFinal: true},
	},
}

// catalogue has the event types that webhooks can subscribe to.
type catalogue []eventType

// newCatalogue makes a catalogue of these names. Nil is the catalogue that UP42 has. Nothing
// but test events comes of a name that UP42 does not have.
func newCatalogue(names []string) catalogue {
	if names == nil {
		return eventTypes[:]
	}
	c := catalogue{}
	for _, name := range names {
		t, ok := catalogue(eventTypes[:]).find(name)
		if !ok {
			category, _, _ := strings.Cut(name, ".")
			t = eventType{eventJSON{name, name, category, "Sent when something changes", documentation}, map[string]string{"id": testID}}
		}
		c = append(c, t)
	}
	return c
}

// find returns the event type of a name; ok is false if it is not in the catalogue.
func (c catalogue) find(name string) (t eventType, ok bool) {
	i := slices.IndexFunc(c, func(t eventType) bool { return t.Name == name })
	if i < 0 {
		return t, false
	}
	return c[i], true
}

// list answers with the catalogue.
func (c catalogue) list(*http.Request) answer {
	list := make([]eventJSON, len(c))
	for i, t := range c {
		list[i] = t.eventJSON
	}
	return data(http.StatusOK, list)
}

// orderJSON is the inner body of an order's event.
type orderJSON struct {
	OrderID       string `json:"orderId"`
	OrderType     string `json:"orderType"`
	DataHostName  string `json:"dataHostName"`
	Status        string `json:"status"`
	SubStatus     string `json:"subStatus,omitempty"`
	StatusIsFinal bool   `json:"statusIsFinal"`
}

// jobJSON is the inner body of an event about a job, or about a task of a job. UP42 does not
// document the names of these fields; they are the likely ones.
type jobJSON struct {
	JobID         string `json:"jobId"`
	JobTaskID     string `json:"jobTaskId,omitempty"`
	JobTaskName   string `json:"jobTaskName,omitempty"`
	JobName       string `json:"jobName"`
	ProcessID     string `json:"processId"`
	WorkspaceID   string `json:"workspaceId"`
	Status        string `json:"status"`
	StatusIsFinal bool   `json:"statusIsFinal"`
}
