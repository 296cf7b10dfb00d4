package send

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/outfile"
)

// delivery is a delivery to send.
type delivery struct {
	// MessageID, Event, ID and Status are those of the body. They may be empty if the
	// user gave the body.
	MessageID string `json:"messageId"`
	Event     string `json:"event"`
	ID        string `json:"id"`
	Status    string `json:"status"`
	body      []byte
}

// template is what all deliveries have in common.
type template struct {
	event string
	// id is the id of the order or job. Empty: a new one for each delivery.
	id     string
	status string
	final  bool
	live   bool
	// kind, host and name describe the order or job. Empty: a default.
	kind, host, name string
	// verbatim replaces the whole body. It may be nil.
	verbatim []byte
}

// newTemplate makes the template that the flags describe. finalGiven reports that the
// user said whether the status is final.
func newTemplate(env cli.Env, o *options, finalGiven bool) (template, error) {
	if o.body != "" {
		body, err := readBody(env, o.body)
		return template{verbatim: body}, err
	}
	kind := receiver.KindOf(o.event)
	t := template{
		event: o.event, status: o.status, final: o.final, live: o.live,
		id: o.orderID + o.jobID, kind: o.kind, host: o.host, name: o.name,
	}
	if t.status == "" {
		t.status = string(kind.Success())
	}
	if !finalGiven {
		t.final = receiver.Status(t.status).Class(kind).Final()
	}
	return t, nil
}

// maxBody is how many bytes of a body are read. No receiver takes so many.
const maxBody = 64 << 20

func readBody(env cli.Env, file string) ([]byte, error) {
	read := func() ([]byte, error) { return outfile.Read(file, maxBody) }
	if file == "-" {
		read = func() ([]byte, error) { return io.ReadAll(io.LimitReader(env.Stdin, maxBody)) }
	}
	body, err := read()
	if err != nil {
		return nil, fmt.Errorf("read the body: %w", err)
	}
	if body == nil {
		body = []byte{}
	}
	return body, nil
}

// delivery makes the next delivery. at is the time of the event.
func (t template) delivery(at time.Time) (delivery, error) {
	if t.verbatim != nil {
		// A body that can't be decoded is sent too, to see how the receiver answers.
		m, _ := receiver.Decode(t.verbatim)
		return delivery{m.MessageID, m.Name, m.ID, string(m.Status), t.verbatim}, nil
	}
	message, err := uuid.NewRandom()
	if err != nil {
		return delivery{}, fmt.Errorf("make a message id: %w", err)
	}
	if t.id == "" {
		id, err := uuid.NewRandom()
		if err != nil {
			return delivery{}, fmt.Errorf("make an id: %w", err)
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
		return delivery{}, fmt.Errorf("encode the delivery: %w", err)
	}
	return delivery{d.MessageID, t.event, t.id, t.status, bytes.TrimSpace(body.Bytes())}, nil
}

// inner returns the inner object of the body: the order or the job. For a further
// event type it has the fields that the table of event types names.
func (t template) inner() any {
	switch about, _ := receiver.TypeOf(t.event); about.Kind {
	case receiver.Order:
		return wireOrder{t.id, cmp.Or(t.kind, "ARCHIVE"), cmp.Or(t.host, "oneatlas"), t.name, t.status, t.final}
	case receiver.Job:
		return wireJob{t.id, t.name, t.kind, t.host, t.status, t.final}
	default:
		return map[string]any{about.IDField: t.id, about.TypeField: t.kind, "displayName": t.name, "status": t.status, "statusIsFinal": t.final}
	}
}
