// Package forward is the command that forwards stored events to a URL or a program.
package forward

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/daemon"
	"github.com/up42/up42-webhooks/cmd/up42hooks/events"
	"github.com/up42/up42-webhooks/cmd/up42hooks/progress"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
)

// options are the flags of `forward` that are not settings.
type options struct {
	cli.Form
	to, program string
	since       string
	after       int64
	tries       int
	dry         bool
	undelivered bool
	of          string
}

// NewCommand makes the command `forward`.
func NewCommand(env cli.Env) *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use:   "forward",
		Short: "Forward stored events to a URL or a program, once",
		Long: `Forward stored events, oldest first, to a URL or a program: the whole history, or what
matches a filter. The command reads the store, even while a receiver writes to it, and
ends when it has forwarded what was there at its start. If the target does not accept an
event, the command tries again, --tries times. Then it stops and says where to continue.

With --undelivered it sends what targets of the receiver did not take until the time was
over: all of it, or with --to what that target did not take, which --to names by its URL or
as "events --undelivered" does. If a receiver runs, it does the work, with its targets;
otherwise the configuration names them. What a target takes is undelivered no longer. If a
target was replaced, --of names the one that did not take the events, and --to the new one.
A target that can't be reached, or fails for ten events in a row, is left alone; the others
go on.

Only verified and trusted events are forwarded; others with --accept-partial or
--forward-unsigned. To forward new events as they come in, start the receiver with
up42hooks --forward-to URL.`,
		Example: `  up42hooks forward --to https://example.com/hook --filter 'final kind:order' --since 24h
  up42hooks forward --exec ./import-order --statuses FULFILLED
  up42hooks forward --to http://127.0.0.1:3000/ --after 1200 --dry-run
  up42hooks forward --undelivered`,
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(env, cmd) },
	}
	config.AddFlags(cmd.Flags(), "config", "store", "events", "statuses", "final", "filter", "forward-creds", "forward-format", "forward-own-host", "accept-partial", "forward-unsigned")
	config.AddFlags(cmd.Flags(), config.StreamFlags()...)
	cmd.Flags().StringVar(&o.to, "to", "", "`URL` to forward the events to, as --forward-to of a receiver has it; the settings for forwarding apply")
	cmd.Flags().StringVar(&o.program, "exec", "", "`PROGRAM` to run for each event")
	cmd.Flags().StringVar(&o.since, "since", "", "only what came in since `TIME`: 10m or 2d ago, today, yesterday, 2026-01-31 or 2026-01-31T12:00:00Z")
	cmd.Flags().Int64Var(&o.after, "after", 0, "only events after this `NUMBER`")
	cmd.Flags().IntVar(&o.tries, "tries", 5, "try an event `NUMBER` times")
	cmd.Flags().BoolVar(&o.dry, "dry-run", false, "print the events as JSON lines instead of forwarding them")
	cmd.Flags().BoolVar(&o.undelivered, "undelivered", false, "send again what the receiver's targets did not take, all or that of --to")
	cmd.Flags().StringVar(&o.of, "of", "", "with --undelivered and --to: send what `TARGET` did not take, in whose place --to is")
	o.AddFlags(cmd.Flags(), "print JSON: how many were forwarded, and the last one")
	return cmd
}

func (o *options) run(env cli.Env, cmd *cobra.Command) error {
	since, err := events.ParseSince(o.since, env.Now())
	if err == nil {
		err = o.check()
	}
	if err != nil {
		return cli.UsageError(err)
	}
	return env.Interruptible(cmd.Context(), func(ctx context.Context) error {
		if o.undelivered {
			return o.forwardAgain(ctx, env, cmd)
		}
		return o.forward(ctx, env, cmd, since)
	})
}

// forward forwards the events that came in since then.
func (o *options) forward(ctx context.Context, env cli.Env, cmd *cobra.Command, since time.Time) error {
	return store.Read(ctx, env, cmd, false, func(ctx context.Context, c *config.Config, log receiver.Reader) error {
		env, p := progress.Start(env, progress.Options{Doing: "forward", Unit: "events", Records: o.dry, JSON: o.JSON()})
		defer p.Stop()
		t, err := o.target(env, c)
		if err != nil {
			return cli.UsageError(err)
		}
		defer func() { _ = forward.Close(t) }() // all was sent, or an error says what was not
		selection := c.Selection()
		events.WarnUnknown(env.Say, selection)
		r := &run{target: o.wrap(env, t), tries: o.tries, accepts: daemon.MayForward(c), progress: p, last: o.after}
		s := events.Stream{Log: log, Since: since, Filter: selection, Now: env.Now}
		err = r.history(ctx, &s, o.after)
		p.Stop()
		return errors.Join(err, o.print(env, r, err))
	})
}

// record is what `forward --json` prints, also if the target did not accept an event.
type record struct {
	Forwarded int   `json:"forwarded"`
	Kept      int   `json:"kept"`
	Last      int64 `json:"last"`
	Complete  bool  `json:"complete"`
}

// print prints what was done. The events of a dry run are the output already.
func (o *options) print(env cli.Env, r *run, err error) error {
	if !o.ForPeople() && !o.dry {
		return cli.Print(env, &o.Form, nil, record{r.sent, r.kept, r.last, err == nil})
	}
	if err == nil {
		env.Say("%s", r.summary(o.dry))
	}
	return nil
}

func (o *options) check() error {
	switch {
	case o.undelivered && (o.dry || o.since != "" || o.after != 0):
		return errors.New("--undelivered sends what is on a list: leave out --dry-run, --since and --after; up42hooks events --undelivered prints the list")
	case o.of != "" && (!o.undelivered || o.to == "" && o.program == ""):
		return errors.New("--of says whose undelivered events --to gets: give it with --undelivered and --to")
	case o.to == "" && o.program == "" && !o.undelivered:
		return errors.New("give a target: --to URL or --exec PROGRAM")
	case o.to != "" && o.program != "":
		return errors.New("give one target: --to URL or --exec PROGRAM, not both")
	case o.tries < 1:
		return errors.New("--tries: want a number from 1 on")
	case o.dry && o.Chosen() && !o.JSON():
		return errors.New("--dry-run prints JSON lines only; up42hooks events lists events in other forms")
	case o.after < 0:
		return errors.New("--after: want the number of an event")
	default:
		return nil
	}
}

// target makes the target that the flags name.
func (o *options) target(env cli.Env, c *config.Config) (forward.Target, error) {
	if o.program != "" {
		t, err := forward.NewExec(forward.ExecOptions{Program: o.program, Logger: slog.New(slog.NewTextHandler(env.Stderr, nil))})
		if err != nil {
			return nil, fmt.Errorf("--exec: %w", err)
		}
		return t, nil
	}
	t, err := daemon.NewTarget(c, o.to)
	if err != nil {
		return nil, fmt.Errorf("--to: %w", err)
	}
	return t, nil
}

// wrap returns what takes the place of a target in a dry run.
func (o *options) wrap(env cli.Env, t forward.Target) target {
	if o.dry {
		return printing{events.JSONLines(env.Stdout)}
	}
	return t
}
