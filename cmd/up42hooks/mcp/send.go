package mcp

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/send"
	"github.com/up42/up42-webhooks/receiver"
)

// sendArgs are the arguments of send_event.
type sendArgs struct {
	Event  string `json:"event,omitempty" jsonschema:"event type: order.status or job.status. Without it: order.status"`
	Status string `json:"status,omitempty" jsonschema:"status of the order or job. Without it: that of success"`
	ID     string `json:"id,omitempty" jsonschema:"id of the order or job. Without it: a new one"`
	Type   string `json:"type,omitempty" jsonschema:"type of the order, such as ARCHIVE, or process of the job"`
	Host   string `json:"host,omitempty" jsonschema:"data host"`
	Name   string `json:"name,omitempty" jsonschema:"display name"`
	Final  *bool  `json:"final,omitempty" jsonschema:"whether the status is final. Without it: as UP42 sets it for this status"`
}

// sentEvent is its result.
type sentEvent struct {
	Answer printed[send.Outcome] `json:"answer"`
	Notes  []string              `json:"notes,omitempty"`
}

// outgoing sends and forwards events.
type outgoing struct {
	*source
	*commands
}

func (o *outgoing) sendTool() tool {
	return newTool("send_event", adds, "Sign a test event like UP42 and send it to the receiver on this machine, never elsewhere. It is stored as a test event.", o.send)
}

func (o *outgoing) send(ctx context.Context, a sendArgs) (out sentEvent, err error) {
	url, err := o.receiverURL()
	if err != nil {
		return out, err
	}
	kind := receiver.Order
	args := []string{"send", "--url=" + url}
	if a.Event != "" {
		if kind = receiver.KindOf(a.Event); kind == "" {
			return out, fmt.Errorf("event: %w", cli.Unknown(a.Event, receiver.EventNames()))
		}
		args = append(args, "--event="+a.Event)
	}
	for _, f := range []struct{ flag, value string }{
		{"status", a.Status}, {string(kind) + "-id", a.ID}, {"type", a.Type}, {"host", a.Host}, {"name", a.Name},
	} {
		if f.value != "" {
			args = append(args, "--"+f.flag+"="+f.value)
		}
	}
	if a.Final != nil {
		args = append(args, fmt.Sprintf("--final=%t", *a.Final))
	}
	out.Answer, out.Notes, err = onePrinted[send.Outcome](ctx, o.commands, "", send.NewCommand, args...)
	return out, err
}

// receiverURL returns the URL of the receiver that has the store.
func (o *outgoing) receiverURL() (string, error) {
	c, _, err := config.Read(o.flags, o.commands.env)
	if err != nil {
		return "", err
	}
	there := o.receiver()
	if there.Address == "" {
		return "", errors.New(cmp.Or(there.Note, "the receiver does not say where it listens: try again"))
	}
	return send.ReceiverURL(there.Address, c.Path)
}
