package dashboard

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/control"
	"github.com/up42/up42-webhooks/cmd/up42hooks/daemon"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
	"github.com/up42/up42-webhooks/tui/forwarding"
)

// localForwarding is the forwarding of this process.
type localForwarding struct{ d *daemon.Daemon }

var _ forwarding.Forwarder = localForwarding{}

// Targets returns the state of each target.
func (f localForwarding) Targets() (all []forwarding.Target) {
	targets, _ := f.d.Forwarders.Status(context.Background()) // other parts of the screen show that the store fails
	for _, t := range targets {
		if t.Elsewhere {
			t.Member = cmp.Or(t.Member, "another member")
		}
		all = append(all, forwarding.Target{
			Name: t.Name, Lag: t.Behind, Failing: t.Failing, Err: t.Err, LastSent: t.LastSent, Sent: t.Sent, GivenUp: t.GivenUp,
			Elsewhere: t.Elsewhere, Member: t.Member,
		})
	}
	return all
}

// Failures returns the events that were given up.
func (f localForwarding) Failures(ctx context.Context) ([]receiver.Failure, error) {
	return f.d.Log.Failures(ctx, "")
}

// Resend forwards an event once more, to the target of that name, or to all if it
// is "".
func (f localForwarding) Resend(ctx context.Context, seq int64, target string) error {
	return f.d.Resend(ctx, control.Again{Seq: seq, Target: target})
}

// SendTo posts an event to a URL, once.
func (f localForwarding) SendTo(ctx context.Context, seq int64, url string) error {
	return sendTo(ctx, f.d.Config, f.d.Log, seq, url)
}

// remoteForwarding is the forwarding of another process, as a viewer knows it.
type remoteForwarding struct{ *elsewhere }

var _ forwarding.Forwarder = remoteForwarding{}

// Targets returns the targets, as far as the store tells their state.
func (f remoteForwarding) Targets() []forwarding.Target { return *f.targets.Load() }

// Failures returns the events that were given up.
func (f remoteForwarding) Failures(ctx context.Context) ([]receiver.Failure, error) {
	return f.log.Failures(ctx, "")
}

// Resend has the other process do it.
func (f remoteForwarding) Resend(ctx context.Context, seq int64, target string) error {
	err := f.asked.Resend(ctx, control.Again{Seq: seq, Target: target})
	if !errors.Is(err, control.ErrNotAnswered) {
		return err
	}
	known := f.now.Load().Holder
	switch holder, unknown := store.HeldBy(f.config.Store); {
	case holder != nil || unknown != nil:
		return fmt.Errorf("process %d forwards events, and can't be asked to: %w", known.PID, err)
	case f.mayReceive(known):
		return f.ended(known)
	case target != "":
		return fmt.Errorf("process %d is gone: start up42hooks again, or run up42hooks forward --undelivered", known.PID)
	default:
		return fmt.Errorf("process %d is gone: start up42hooks again", known.PID)
	}
}

// SendTo posts an event to a URL, once.
func (f remoteForwarding) SendTo(ctx context.Context, seq int64, url string) error {
	return sendTo(ctx, f.config, f.log, seq, url)
}

// sendTo posts an event to a URL, once. The password and the secret of the
// configured targets do not go there.
func sendTo(ctx context.Context, c *config.Config, log receiver.Reader, seq int64, url string) error {
	e, err := eventAt(ctx, log, seq)
	if err != nil {
		return err
	}
	if !daemon.MayForward(c)(e) {
		return fmt.Errorf("event %d may not be forwarded: it is %s", seq, e.Verdict)
	}
	t, err := forward.NewHTTP(forward.HTTPOptions{URL: url, OwnHost: c.ForwardOwnHost})
	if err != nil {
		return err
	}
	return t.Send(ctx, e)
}

// eventAt reads the event with a number.
func eventAt(ctx context.Context, log receiver.Reader, seq int64) (*receiver.Event, error) {
	e, err := receiver.EventAt(ctx, log, seq, false)
	if err == nil && e == nil {
		err = fmt.Errorf("event %d is not in the store (any more)", seq)
	}
	return e, err
}
