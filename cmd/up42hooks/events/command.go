package events

import (
	"context"
	"errors"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/errno"
	"github.com/up42/up42-webhooks/receiver/filter"
)

// eventsOptions are the flags of `events` that are not settings.
type eventsOptions struct {
	cli.Form
	follow, rejected bool
	undelivered      bool
	limit            int
	since            string
}

// NewCommand makes the command `events`.
func NewCommand(env cli.Env) *cobra.Command {
	var o eventsOptions
	cmd := &cobra.Command{
		Use:        "events",
		SuggestFor: []string{"log", "logs", "tail", "deliveries", "list"},
		Short:      "List received events, oldest first",
		Long: `List received events, oldest first: the newest 100, or as many as --limit says.
It reads the store, even while a receiver writes to it.

The order is that of arrival. An event that was rejected when it came, and was admitted
later, stands where it came, with the number of its admission. Only --follow prints it
when it is admitted.

With --undelivered: the events that a target of --forward-to or --exec did not take until
the time was over, with the target, the number of tries and the last error.
"forward --undelivered" sends them again.`,
		Example: `  up42hooks events --since 10m
  up42hooks events -n 5
  up42hooks events --follow --json | jq 'select(.final)'
  up42hooks events --filter 'status:FAILED* kind:order since:2d'
  up42hooks events --rejected
  up42hooks events --undelivered
  up42hooks events get r7
  up42hooks events admit --all --dry-run`,
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(env, cmd) },
	}
	config.AddFlags(cmd.Flags(), "config", "store", "events", "statuses", "final", "filter", "color")
	config.AddFlags(cmd.Flags(), config.StreamFlags()...)
	o.AddFlags(cmd.Flags(), "print JSON lines")
	cmd.Flags().BoolVarP(&o.follow, "follow", "f", false, "then print new events as they come in, until interrupted")
	cmd.Flags().BoolVar(&o.rejected, "rejected", false, "list the newest rejected deliveries and their reasons instead of events")
	cmd.Flags().BoolVar(&o.undelivered, "undelivered", false, "list the newest events that a forward target did not take, and why")
	cmd.Flags().IntVarP(&o.limit, "limit", "n", 100, "list the newest `NUMBER`; 0: all")
	cmd.Flags().StringVar(&o.since, "since", "", "only what came in since `TIME`: 10m or 2d ago, today, yesterday, 2026-01-31 or 2026-01-31T12:00:00Z")
	cli.Complete(cmd, "filter", completeFilter(env, ""))
	cmd.AddCommand(newGetCommand(env))
	return cmd
}

func (o *eventsOptions) run(env cli.Env, cmd *cobra.Command) (err error) {
	since, err := ParseSince(o.since, env.Now())
	if err != nil {
		return cli.UsageError(err)
	}
	if o.limit < 0 {
		return cli.UsageError(errors.New("--limit: want a number of events, or 0 for all"))
	}
	if o.undelivered && (o.follow || o.rejected) {
		return cli.UsageError(errors.New("--undelivered lists what targets did not take: leave out --follow and --rejected"))
	}
	if !o.follow {
		return env.Interruptible(cmd.Context(), func(ctx context.Context) error { return o.list(ctx, env, cmd, since) })
	}
	ctx, stop := env.UntilOutputCloses(cmd.Context())
	defer func() { err = errors.Join(err, stop()) }()
	return o.list(ctx, env, cmd, since)
}

// list lists events, and follows them if the user asks for it.
func (o *eventsOptions) list(ctx context.Context, env cli.Env, cmd *cobra.Command, since time.Time) error {
	return store.Read(ctx, env, cmd, o.follow, func(ctx context.Context, c *config.Config, log receiver.Reader) error {
		selection := c.Selection()
		WarnUnknown(env.Say, selection)
		if o.undelivered {
			return o.listUndelivered(ctx, env, c, log, since)
		}
		print, err := eventPrinter(env, c, o)
		if err != nil {
			return err
		}
		s := Stream{Log: log, rejected: o.rejected, Since: since, Filter: selection, Now: env.Now, Print: print}
		err = s.run(ctx, o.limit, o.follow)
		if o.follow {
			err = cli.IgnoreCancel(ctx, err)
			if errno.Is(err, syscall.EPIPE) {
				err = nil // as with head: it has read enough
			}
		}
		switch {
		case err != nil, s.printed:
		case !o.rejected && asksForRejected(c, selection):
			env.Say("rejected deliveries are not events: list them with --rejected")
		default:
			env.Say("there are no such events yet")
		}
		return err
	})
}

// asksForRejected reports whether only rejected deliveries can match.
func asksForRejected(c *config.Config, selection *filter.Filter) bool {
	return selection.Demands(filter.Reason) || strings.Contains(c.Filter.String(), "verdict:rejected")
}

func eventPrinter(env cli.Env, c *config.Config, o *eventsOptions) (func([]*receiver.Event) error, error) {
	if o.JSON() {
		return JSONLines(env.Stdout), nil
	}
	theme := config.NewTheme(env, c)
	return cli.Records(env, &o.Form, cli.NewListing(env, theme, eventColumns(theme, o.rejected)).Print)
}
