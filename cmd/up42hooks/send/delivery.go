package send

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/up42/up42-webhooks/receiver"
)

// outgoing is a delivery to send.
type outgoing struct {
	// MessageID, Event, ID and Status are what its body says; the body may
	// have been given and say nothing of the kind.
	MessageID string `json:"messageId"`
	Event     string `json:"event"`
	ID        string `json:"id"`
	Status    string `json:"status"`
	body      []byte
}

// template is what outgoing deliveries have in common.
type template struct {
	event string
	// id is the order's or job's; "": a new one each time.
	id     string
	status string
	final  bool
	live   bool
	// kind, host and name describe the order or job; "": the default of its
	// kind.
	kind, host, name string
	// verbatim is a whole body to send instead; nil: none.
	verbatim []byte
}

// wireDelivery is a delivery's body as UP42 sends it (wire.md §1).
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

// delivery makes the next delivery, of a change at a time.
func (t template) delivery(at time.Time) (outgoing, error) {
	if t.verbatim != nil {
		// What can't be decoded is sent all the same: to see what becomes of it.
		m, _ := receiver.Decode(t.verbatim)
		return outgoing{m.MessageID, m.Name, m.ID, string(m.Status), t.verbatim}, nil
	}
	message, err := uuid.NewRandom()
	if err != nil {
		return outgoing{}, fmt.Errorf("make a message id: %w", err)
	}
	if t.id == "" {
		id, err := uuid.NewRandom()
		if err != nil {
			return outgoing{}, fmt.Errorf("make an id: %w", err)
		}
		t.id = id.String()
	}
	d := wireDelivery{
		Event: t.event, LiveMode: t.live, MessageID: message.String(),
		Timestamp: at.UTC().Format("2006-01-02T15:04:05.000000Z"), Body: t.inner(),
	}
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(d); err != nil {
		return outgoing{}, fmt.Errorf("encode the delivery: %w", err)
	}
	return outgoing{d.MessageID, t.event, t.id, t.status, bytes.TrimSpace(body.Bytes())}, nil
}

func (t template) inner() any {
	if receiver.KindOf(t.event) == receiver.Job {
		return wireJob{t.id, t.name, t.kind, t.host, t.status, t.final}
	}
	return wireOrder{t.id, cmp.Or(t.kind, "ARCHIVE"), cmp.Or(t.host, "oneatlas"), t.name, t.status, t.final}
}
