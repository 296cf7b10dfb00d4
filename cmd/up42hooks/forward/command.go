// Package forward is the command that sends stored events to a URL or a program.
package forward

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/daemon"
	"github.com/up42/up42-webhooks/cmd/up42hooks/events"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
)

// forwardOptions are the flags of `forward`.
type forwardOptions struct {
	to, program string
	since       string
	after       int64
	tries       int
	dry         bool
}

func NewCommand(w cli.Env) *cobra.Command {
	var o forwardOptions
	cmd := &cobra.Command{
		Use:   "forward",
		Short: "Hand stored events on to a URL or a program, once",
		Long: `Hand stored events on, oldest first, to a URL or a program: the whole history, or
what a filter lets pass. It reads the store, also while a receiver writes it, and ends
when it has handed on what was there. Where the target does not take an event it tries
again, --tries times, then stops and says where to go on.

Only verified and trusted events go out, others where --accept-partial or
--forward-unsigned say so. What comes in from now on is handed on by the receiver:
up42hooks --forward-to URL.`,
		Example: `  up42hooks forward --to https://example.com/hook --filter 'final kind:order' --since 24h
  up42hooks forward --exec ./import-order --statuses FULFILLED
  up42hooks forward --to http://127.0.0.1:3000/ --after 1200 --dry-run`,
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			since, err := events.ParseSince(o.since, w.Now())
			if err == nil {
				err = o.check()
			}
			if err != nil {
				return cli.UsageError(err)
			}
			ctx, stop := signal.NotifyContext(cmd.Context(), syscall.SIGINT, syscall.SIGTERM)
			defer stop()
			return store.Read(ctx, w, cmd, false, func(ctx context.Context, c *config.Config, log receiver.Reader) error {
				return o.run(ctx, w, c, log, since)
			})
		},
	}
	config.AddFlags(cmd.Flags(), "store", "events", "statuses", "final", "filter", "accept-partial", "forward-unsigned")
	cmd.Flags().StringVar(&o.to, "to", "", "URL to post the events to; UP42_FORWARD_AUTH and UP42_FORWARD_SECRET go along")
	cmd.Flags().StringVar(&o.program, "exec", "", "program to run for each event")
	cmd.Flags().StringVar(&o.since, "since", "", "only what came in since, e.g. 10m, 24h or 2026-01-31T12:00:00Z")
	cmd.Flags().Int64Var(&o.after, "after", 0, "only events after this number")
	cmd.Flags().IntVar(&o.tries, "tries", 5, "how often an event is tried")
	cmd.Flags().BoolVar(&o.dry, "dry-run", false, "print what would be handed on, as JSON lines, and hand on nothing")
	return cmd
}

func (o *forwardOptions) check() error {
	switch {
	case (o.to == "") == (o.program == ""):
		return errors.New("say where to: --to URL or --exec PROGRAM")
	case o.tries < 1:
		return errors.New("--tries: want a number from 1 on")
	case o.after < 0:
		return errors.New("--after: want the number of an event")
	default:
		return nil
	}
}

func (o *forwardOptions) target(w cli.Env, c *config.Config) (forward.Target, error) {
	if o.program != "" {
		t, err := forward.NewExec(forward.ExecOptions{Program: o.program, Logger: slog.New(slog.NewTextHandler(w.Stderr, nil))})
		if err != nil {
			return nil, fmt.Errorf("--exec: %w", err)
		}
		return t, nil
	}
	t, err := forward.NewHTTP(forward.HTTPOptions{URL: o.to, BasicAuth: c.ForwardAuth, Secret: c.ForwardSecret.Reveal()})
	if err != nil {
		return nil, fmt.Errorf("--to: %w", err)
	}
	return t, nil
}

// run hands on what is in the store now, in its order.
func (o *forwardOptions) run(ctx context.Context, w cli.Env, c *config.Config, log receiver.Reader, since time.Time) error {
	t, err := o.target(w, c)
	if err != nil {
		return cli.UsageError(err)
	}
	wanted, may := c.Selection(), daemon.MayForward(c)
	events.WarnUnknown(w, wanted)
	sent, held := 0, 0
	send := func(page []*receiver.Event) error {
		for _, e := range page {
			if !may(e) {
				held++
				continue
			}
			if err := o.send(ctx, w, t, e); err != nil {
				return fmt.Errorf("handed on %d, then event %d was not taken: %w; go on with --after %d", sent, e.Seq, err, e.Seq-1)
			}
			sent++
		}
		return nil
	}
	s := events.Stream{Log: log, Since: since, Keep: events.Matching(w, wanted), Print: send}
	last, err := s.Last(ctx)
	if err != nil {
		return err
	}
	after := o.after
	if err := s.Pages(ctx, &after, last+1); err != nil {
		return cli.IgnoreCancel(ctx, err)
	}
	note := ""
	if held > 0 {
		note = fmt.Sprintf("; %d may not be handed on, as they are partial or unsigned", held)
	}
	what := map[bool]string{true: "event", false: "events"}[sent == 1]
	w.Say("handed on %d %s%s", sent, what, note)
	return nil
}

// send hands one event on, as often as it takes.
func (o *forwardOptions) send(ctx context.Context, w cli.Env, t forward.Target, e *receiver.Event) error {
	if o.dry {
		return printEvent(w, e)
	}
	wait := 500 * time.Millisecond
	for try := 1; ; try++ {
		err := t.Send(ctx, e)
		if err == nil || try == o.tries || ctx.Err() != nil {
			return err
		}
		asked := wait
		var refused *forward.Refused
		if errors.As(err, &refused) {
			asked = max(asked, min(refused.After, time.Minute))
		}
		cli.Sleep(ctx, asked)
		wait = min(2*wait, 15*time.Second)
	}
}

func printEvent(w cli.Env, e *receiver.Event) error {
	return events.JSONLines(w.Stdout)([]*receiver.Event{e})
}
