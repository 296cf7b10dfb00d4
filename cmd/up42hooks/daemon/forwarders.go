package daemon

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strconv"

	"github.com/VictoriaMetrics/metrics"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/events"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/admin"
	"github.com/up42/up42-webhooks/receiver/forward"
)

// TargetsOf are the targets that the configuration names.
func TargetsOf(c *config.Config, logger *slog.Logger) (all []forward.Target, err error) {
	for _, url := range c.ForwardTo {
		t, err := postTarget(c, url)
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	if c.Exec != "" {
		t, err := forward.NewExec(forward.ExecOptions{Program: c.Exec, Logger: logger})
		if err != nil {
			return nil, fmt.Errorf("--exec: %w", err)
		}
		all = append(all, t)
	}
	return all, nil
}

func postTarget(c *config.Config, url string) (forward.Target, error) {
	t, err := forward.NewHTTP(forward.HTTPOptions{URL: url, BasicAuth: c.ForwardAuth, Secret: c.ForwardSecret.Reveal()})
	if err != nil {
		return nil, fmt.Errorf("--forward-to: %w", err)
	}
	return t, nil
}

// handOn makes a part of each target that events are handed on to.
func (in *Intake) handOn(ctx context.Context) error {
	targets, err := TargetsOf(in.config, in.logger)
	if err == nil && in.config.ForwardUnsigned && !in.config.AllowUnsigned {
		err = errors.New("--forward-unsigned needs --allow-unsigned: without it no unsigned delivery is taken")
	}
	if err != nil {
		return cli.UsageError(err)
	}
	in.warnOfIdle(ctx, targets)
	for _, t := range targets {
		f := forward.New(forward.Options{
			Log: in.log, Checkpoints: in.log, Target: t, Logger: in.logger, GiveUp: in.config.GiveUp,
			Accept: in.mayHandOn(), Wanted: events.Keeper(in.Env, in.config.Selection()),
		})
		if err := f.Prepare(ctx); err != nil {
			return err
		}
		in.forwarders = append(in.forwarders, f)
		in.parts = append(in.parts, f.Run)
	}
	return nil
}

// warnOfIdle warns of targets that are in the store and not in the configuration:
// retention keeps events for them.
func (in *Intake) warnOfIdle(ctx context.Context, targets []forward.Target) {
	info, err := in.log.Info(ctx)
	if err != nil {
		return // what is wrong with the store is said elsewhere
	}
	for _, r := range info.Readers {
		if !slices.ContainsFunc(targets, func(t forward.Target) bool { return t.Name() == r.Name }) {
			in.logger.Warn("events are kept for a target that is not configured", "target", r.Name, "to forget it", "up42hooks store forget")
		}
	}
}

func (in *Intake) mayHandOn() func(*receiver.Event) bool { return MayHandOn(in.config) }

// MayHandOn is which events may be handed on at all.
func MayHandOn(c *config.Config) func(*receiver.Event) bool {
	return forward.Accepts(c.AcceptPartial, c.ForwardUnsigned)
}

// writeForwardMetrics writes how the targets stand.
func (in *Intake) writeForwardMetrics(w io.Writer) {
	c, err := in.log.Counts(context.Background())
	for _, m := range []struct {
		name, kind, help string
		value            func(forward.Status) int64
	}{
		{"sent_total", "counter", "Events that a target took, since the start.", func(s forward.Status) int64 { return s.Sent }},
		{"given_up_total", "counter", "Events that were given up, since the start.", func(s forward.Status) int64 { return s.GivenUp }},
		{"failing", "gauge", "Whether a target takes nothing.", func(s forward.Status) int64 { return int64(one(!s.Failing.IsZero())) }},
		{"behind_events", "gauge", "How many events a target is behind.", func(s forward.Status) int64 { return max(0, c.LastSeq-s.Cursor) }},
	} {
		if len(in.forwarders) == 0 || err != nil {
			return
		}
		name := "up42hooks_forward_" + m.name
		admin.Family(w, name, m.kind, m.help)
		for _, f := range in.forwarders {
			metrics.WriteGaugeUint64(w, name+"{target="+strconv.Quote(f.Name())+"}", uint64(m.value(f.Status())))
		}
	}
}

func one(set bool) int {
	if set {
		return 1
	}
	return 0
}

// eventAt reads the event at a place.
func eventAt(ctx context.Context, log receiver.Reader, seq int64) (*receiver.Event, error) {
	events, err := log.Events(ctx, receiver.EventQuery{After: seq - 1, Before: seq + 1, Limit: 1})
	if err != nil {
		return nil, err
	}
	if len(events) == 0 {
		return nil, fmt.Errorf("event %d is not in the store (any more)", seq)
	}
	return events[0], nil
}
