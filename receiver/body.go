package receiver

import (
	"bytes"
	"encoding/json"
)

// wireMessage is the outer object of a delivery. As in wireBody, the case of field
// names does not matter, as encoding/json has it: UP42 writes both jobId and jobID.
type wireMessage struct {
	Event     json.RawMessage `json:"event"`
	LiveMode  json.RawMessage `json:"liveMode"`
	MessageID json.RawMessage `json:"messageId"`
	Timestamp json.RawMessage `json:"timestamp"`
	Body      json.RawMessage `json:"body"`
}

// wireBody is the inner object of a delivery, with the fields of all event types.
type wireBody struct {
	OrderID       json.RawMessage `json:"orderId"`
	JobID         json.RawMessage `json:"jobId"`
	ID            json.RawMessage `json:"id"`
	OrderType     json.RawMessage `json:"orderType"`
	DataHostName  json.RawMessage `json:"dataHostName"`
	Status        json.RawMessage `json:"status"`
	StatusIsFinal json.RawMessage `json:"statusIsFinal"`
	JobName       json.RawMessage `json:"jobName"`
	DisplayName   json.RawMessage `json:"displayName"`
	Name          json.RawMessage `json:"name"`
	WorkflowName  json.RawMessage `json:"workflowName"`
	ProcessID     json.RawMessage `json:"processId"`
}

// anyID returns the id in a body of an unknown type.
func (b *wireBody) anyID() string { return first(b.OrderID, b.JobID, b.ID) }

// name returns the name of the order or job.
func (b *wireBody) name() string { return first(b.DisplayName, b.JobName, b.Name, b.WorkflowName) }

// first returns the first of the values that is a string and not empty.
func first(values ...json.RawMessage) string {
	for _, v := range values {
		if s := text(v); s != "" {
			return s
		}
	}
	return ""
}

// text returns the string in a JSON value, "" for a value of any other type.
//
// Most strings have no escapes and need no decoding. For them it does not call
// encoding/json: BenchmarkDecode makes 28 allocations instead of 42.
func text(v json.RawMessage) string {
	if len(v) < 2 || v[0] != '"' {
		return ""
	}
	if in := v[1 : len(v)-1]; bytes.IndexByte(in, '\\') < 0 && isASCII(in) {
		return string(in)
	}
	var s string
	if json.Unmarshal(v, &s) != nil {
		return ""
	}
	return s
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}
