package mcp

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/control"
	"github.com/up42/up42-webhooks/cmd/up42hooks/daemon"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// resendTime bounds how long a target may take.
const resendTime = 30 * time.Second

// resendArgs are the arguments of resend_event.
type resendArgs struct {
	Number numberText `json:"number" jsonschema:"number of the event"`
	Target string     `json:"target,omitempty" jsonschema:"name of one target, as a result names it. Without it: all that are configured"`
}

// resent is its result.
type resent struct {
	Targets []resentTo `json:"targets"`
}

// resentTo says what became of the event at one target.
type resentTo struct {
	Target string `json:"target"`
	Sent   bool   `json:"sent" jsonschema:"the target took it"`
	Error  string `json:"error,omitempty"`
}

func (o *outgoing) resendTool() tool {
	return newTool("resend_event", adds, "Forward a stored event once more to the targets that the owner has configured (--forward-to, --exec), and to no others.", o.resend)
}

func (o *outgoing) resend(ctx context.Context, a resendArgs) (out resent, err error) {
	c, _, err := config.Read(o.flags, o.commands.env)
	if err != nil {
		return out, err
	}
	targets, err := daemon.Targets(c, slog.New(slog.NewTextHandler(o.commands.env.Stderr, nil)))
	switch {
	case err != nil:
		return out, err
	case len(targets) == 0:
		return out, errors.New("there is no target: the owner configures one with --forward-to URL or --exec PROGRAM, for the receiver and for up42hooks mcp")
	}
	e, err := o.event(ctx, string(a.Number))
	if err != nil {
		return out, err
	}
	if !daemon.MayForward(c)(e) {
		return out, fmt.Errorf("event %d may not be forwarded: it is %s", e.Seq, e.Verdict)
	}
	done, err := o.change(ctx)
	if err != nil {
		return out, err
	}
	defer done()
	sender, err := daemon.NewResender(ctx, o.commands.env, c)
	if err != nil {
		return out, err
	}
	if sender.Asks {
		done()
	}
	defer func() { err = errors.Join(err, sender.Close()) }()
	for _, t := range targets {
		if a.Target == "" || a.Target == t.Name() {
			out.Targets = append(out.Targets, sendTo(ctx, sender, t, e))
		}
	}
	if len(out.Targets) == 0 {
		return out, fmt.Errorf("target: there is no target %q; without it the event goes to all of them, and the result names them", a.Target)
	}
	return out, nil
}

// event reads an event that is to be forwarded.
func (o *outgoing) event(ctx context.Context, number string) (e *receiver.Event, err error) {
	n, ok := receiver.ParseNumber(number)
	switch {
	case !ok:
		return nil, errors.New("number: want the number of an event, such as 12")
	case n.Rejected:
		return nil, errors.New("number: a rejected delivery is never forwarded: its sender is not known")
	}
	err = o.read(ctx, func(log *sqlite.Log) error {
		if log == nil {
			return errors.New(o.state(false).Missing)
		}
		if e, err = receiver.EventAt(ctx, log, n.Seq, false); err == nil && e == nil {
			err = missing(n)
		}
		return err
	})
	return e, err
}

// sendTo sends an event to a target, so that it is undelivered no longer. A target that the receiver does
// not have gets it from here.
func sendTo(ctx context.Context, sender *daemon.Resender, t forward.Target, e *receiver.Event) resentTo {
	ctx, cancel := context.WithTimeout(ctx, resendTime)
	defer cancel()
	to := resentTo{Target: t.Name(), Sent: true}
	err := sender.Resend(ctx, control.Again{Seq: e.Seq, Target: t.Name()})
	if errors.Is(err, control.ErrNoTarget) {
		err = t.Send(ctx, e)
	}
	if err != nil {
		to.Sent, to.Error = false, err.Error()
	}
	return to
}
