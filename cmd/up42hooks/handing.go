package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strconv"

	"github.com/VictoriaMetrics/metrics"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
)

// targetsOf are the targets that the configuration names.
func targetsOf(c *config.Config, logger *slog.Logger) (all []forward.Target, err error) {
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
func (in *intake) handOn(ctx context.Context) error {
	targets, err := targetsOf(in.config, in.logger)
	if err != nil {
		return misuse{err}
	}
	for _, t := range targets {
		f := forward.New(forward.Options{
			Log: in.log, Ledger: in.log, Target: t, Logger: in.logger, GiveUp: in.config.GiveUp,
			Accept: in.mayHandOn(), Wanted: in.keeper(in.config.Selection()),
		})
		if err := f.Prepare(ctx); err != nil {
			return err
		}
		in.forwarders = append(in.forwarders, f)
		in.parts = append(in.parts, f.Run)
	}
	return nil
}

func (in *intake) mayHandOn() func(*receiver.Event) bool { return mayHandOn(in.config) }

// mayHandOn is which events may be handed on at all.
func mayHandOn(c *config.Config) func(*receiver.Event) bool {
	return forward.Accepts(c.AcceptPartial, c.ForwardUnsigned)
}

// writeForwardMetrics writes how the targets stand.
func (in *intake) writeForwardMetrics(w io.Writer) {
	c, err := in.log.Counts(context.Background())
	for _, f := range in.forwarders {
		s, label := f.Status(), "{target="+strconv.Quote(f.Name())+"}"
		failing := uint64(0)
		if !s.Failing.IsZero() {
			failing = 1
		}
		metrics.WriteCounterUint64(w, "up42hooks_forward_sent_total"+label, uint64(s.Sent))
		metrics.WriteCounterUint64(w, "up42hooks_forward_given_up_total"+label, uint64(s.GivenUp))
		metrics.WriteGaugeUint64(w, "up42hooks_forward_failing"+label, failing)
		if err == nil {
			metrics.WriteGaugeUint64(w, "up42hooks_forward_behind_events"+label, uint64(max(0, c.LastSeq-s.Cursor)))
		}
	}
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
