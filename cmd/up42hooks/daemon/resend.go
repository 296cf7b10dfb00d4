package daemon

import (
	"context"
	"errors"
	"fmt"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
	"github.com/up42/up42-webhooks/receiver/sqlite"
	"github.com/up42/up42-webhooks/tui"
)

// hands is what the screen knows of handing events on, where this process does
// it.
type hands struct{ in *Intake }

var _ tui.Forwarding = hands{}

// Targets tells how each target stands.
func (h hands) Targets() (all []tui.Target) {
	c, err := h.in.log.Counts(context.Background()) // which the writer keeps in memory
	for _, f := range h.in.forwarders {
		s := f.Status()
		t := tui.Target{Name: f.Name(), Failing: s.Failing, Err: s.Err, LastSent: s.LastSent, Sent: s.Sent, GivenUp: s.GivenUp}
		if err == nil {
			t.Lag = max(0, c.LastSeq-s.Cursor)
		}
		all = append(all, t)
	}
	return all
}

// Failures is what was given up.
func (h hands) Failures(ctx context.Context) ([]receiver.Failure, error) {
	return h.in.log.Failures(ctx, "")
}

// Resend hands an event on again, to the target of that name, "" for all.
func (h hands) Resend(ctx context.Context, seq int64, target string) error {
	if len(h.in.forwarders) == 0 {
		return errors.New("there is no target: start up42hooks with --forward-to URL or --exec PROGRAM")
	}
	e, err := eventAt(ctx, h.in.log, seq)
	if err != nil {
		return err
	}
	var errs []error
	known := false
	for _, f := range h.in.forwarders {
		if target == "" || target == f.Name() {
			known = true
			err := f.SendNow(ctx, e)
			if err != nil && target == "" && len(h.in.forwarders) > 1 {
				err = fmt.Errorf("%s: %w", f.Name(), err)
			}
			errs = append(errs, err)
		}
	}
	if !known {
		return fmt.Errorf("%s is no target any more", target)
	}
	return errors.Join(errs...)
}

// SendTo posts an event to a URL, once.
func (h hands) SendTo(ctx context.Context, seq int64, url string) error {
	return sendTo(ctx, h.in.config, h.in.log, seq, url)
}

// othersHands is the same where another process hands events on.
type othersHands struct {
	config  *config.Config
	log     *sqlite.Log
	pid     int
	targets []tui.Target
}

var _ tui.Forwarding = (*othersHands)(nil)

func newOthersHands(c *config.Config, log *sqlite.Log, pid int) *othersHands {
	h := &othersHands{config: c, log: log, pid: pid}
	targets, _ := TargetsOf(c, nil) // what is wrong is the receiver's to say
	for _, t := range targets {
		h.targets = append(h.targets, tui.Target{Name: t.Name(), Elsewhere: true})
	}
	return h
}

// Targets tells that they are the other process's.
func (h *othersHands) Targets() []tui.Target { return h.targets }

// Failures is what was given up.
func (h *othersHands) Failures(ctx context.Context) ([]receiver.Failure, error) {
	return h.log.Failures(ctx, "")
}

// Resend leaves it to the other process.
func (h *othersHands) Resend(context.Context, int64, string) error {
	return fmt.Errorf("process %d hands events on: press f there, or give a URL with F here", h.pid)
}

// SendTo posts an event to a URL, once.
func (h *othersHands) SendTo(ctx context.Context, seq int64, url string) error {
	return sendTo(ctx, h.config, h.log, seq, url)
}

// sendTo posts an event to a URL, once. It shares nothing with that: neither the
// password nor the secret, which are for the configured targets.
func sendTo(ctx context.Context, c *config.Config, log receiver.Reader, seq int64, url string) error {
	e, err := eventAt(ctx, log, seq)
	if err != nil {
		return err
	}
	if !MayHandOn(c)(e) {
		return fmt.Errorf("event %d may not be handed on: it is %s", seq, e.Verdict)
	}
	t, err := forward.NewHTTP(forward.HTTPOptions{URL: url})
	if err != nil {
		return err
	}
	return t.Send(ctx, e)
}
