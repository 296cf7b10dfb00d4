// Package events has the commands that read events, orders and jobs from the store.
package events

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/tui/theme"
)

// eventsOptions are the flags of `events`.
type eventsOptions struct {
	json, follow, rejected bool
	limit                  int
	since                  string
}

func NewCommand(w cli.Env) *cobra.Command {
	var o eventsOptions
	cmd := &cobra.Command{
		Use:   "events",
		Short: "List received events, oldest first",
		Long: `List received events, oldest first: the newest 100, or as many as --limit says.
It reads the store, also while a receiver writes it.`,
		Example: `  up42hooks events --since 10m
  up42hooks events --follow --json | jq 'select(.final)'
  up42hooks events --filter 'status:FAILED kind:order since:2d'
  up42hooks events --rejected`,
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			since, err := ParseSince(o.since, w.Now())
			if err != nil {
				return cli.UsageError(err)
			}
			if o.limit < 0 {
				return cli.UsageError(errors.New("--limit: want a number of events, or 0 for all"))
			}
			ctx := cmd.Context()
			if o.follow {
				var stop func() error
				ctx, stop = w.UntilOutputCloses(ctx)
				defer func() { err = errors.Join(err, stop()) }()
			}
			return store.Read(ctx, w, cmd, o.follow, func(ctx context.Context, c *config.Config, log receiver.Reader) error {
				wanted := c.Selection()
				SayDoubts(w, wanted)
				s := Stream{Log: log, rejected: o.rejected, Since: since, Keep: Keeper(w, wanted), Print: eventPrinter(w, c, o)}
				err := cli.IgnoreCancel(ctx, s.run(ctx, o.limit, o.follow))
				switch {
				case err != nil, s.printed:
				case !o.rejected && wanted.Demands(filter.Reason), !o.rejected && strings.Contains(c.Filter.String(), "verdict:rejected"):
					w.Say("no event is rejected: rejected deliveries are listed with --rejected")
				default:
					w.Say("there are no such events yet")
				}
				return err
			})
		},
	}
	config.AddFlags(cmd.Flags(), "store", "events", "statuses", "final", "filter")
	cmd.Flags().BoolVar(&o.json, "json", false, "print JSON lines")
	cmd.Flags().BoolVar(&o.follow, "follow", false, "go on with what comes in, until interrupted")
	cmd.Flags().BoolVar(&o.rejected, "rejected", false, "list the newest rejected deliveries, and why, in the place of events")
	cmd.Flags().IntVar(&o.limit, "limit", 100, "how many at most, the newest; 0: all")
	cmd.Flags().StringVar(&o.since, "since", "", "only what came in since, e.g. 10m, 2d or 2026-01-31T12:00:00Z")
	return cmd
}

// ParseSince reads how long ago, or a time.
func ParseSince(s string, now time.Time) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := filter.ParseTime(s, now)
	if err != nil {
		return time.Time{}, fmt.Errorf("--since: %q: %w", s, err)
	}
	return t, nil
}

// Stream reads events, or rejected deliveries, in pages: however many there
// are, it holds one page, or as many as were asked for.
type Stream struct {
	Log      receiver.Reader
	rejected bool
	Since    time.Time
	// keep chooses events; nil: all.
	Keep  func(*receiver.Event) bool
	Print func([]*receiver.Event) error
	// printed is set once something was.
	printed bool
}

const StreamPage = 256

// run prints the newest `limit` (0: all), then, with follow, what comes in
// until ctx ends.
func (s *Stream) run(ctx context.Context, limit int, follow bool) error {
	// The version is asked for before the counts, so that what comes in between
	// is not waited for.
	version, err := s.Log.Wait(ctx, 0)
	if err != nil {
		return err
	}
	last, err := s.Last(ctx)
	if err != nil {
		return err
	}
	after := int64(0)
	switch {
	case limit > 0 && s.Keep != nil:
		after, err = last, s.newest(ctx, limit, last+1)
	case limit > 0:
		after = max(0, last-int64(limit))
		fallthrough
	default:
		err = s.Pages(ctx, &after, last+1)
	}
	if err != nil || !follow {
		return err
	}
	for after = max(after, last); ; {
		if err := s.Pages(ctx, &after, 0); err != nil {
			return err
		}
		if version, err = s.Log.Wait(ctx, version); err != nil {
			return err
		}
	}
}

func (s *Stream) Last(ctx context.Context) (int64, error) {
	c, err := s.Log.Counts(ctx)
	if s.rejected {
		return c.LastRejected, err
	}
	return c.LastSeq, err
}

// newest prints the newest `limit` of those that are kept before a place. It
// looks from there back, no further than it has to.
func (s *Stream) newest(ctx context.Context, limit int, before int64) error {
	var found []*receiver.Event // newest first
	for len(found) < limit {
		page, err := s.Log.Events(ctx, receiver.EventQuery{Before: before, Since: s.Since, Limit: StreamPage, Rejected: s.rejected})
		if err != nil {
			return err
		}
		if len(page) == 0 {
			break
		}
		before = page[0].Seq
		for _, e := range slices.Backward(page) {
			if s.Keep(e) && len(found) < limit {
				found = append(found, e)
			}
		}
	}
	slices.Reverse(found)
	return s.show(found)
}

func (s *Stream) show(page []*receiver.Event) error {
	if len(page) == 0 {
		return nil
	}
	s.printed = true
	return s.Print(page)
}

// Pages prints what lies after *after and before `before` (0: no bound), and
// moves *after along.
func (s *Stream) Pages(ctx context.Context, after *int64, before int64) error {
	for {
		page, err := s.Log.Events(ctx, receiver.EventQuery{
			After: *after, Before: before, Since: s.Since, Limit: StreamPage, Oldest: true, Rejected: s.rejected,
		})
		if err != nil {
			return err
		}
		read := len(page)
		if read > 0 {
			*after = page[read-1].Seq
		}
		if s.Keep != nil {
			page = slices.DeleteFunc(slices.Clone(page), func(e *receiver.Event) bool { return !s.Keep(e) })
		}
		if err := s.show(page); err != nil {
			return err
		}
		if read < StreamPage {
			return nil
		}
	}
}

func eventPrinter(w cli.Env, c *config.Config, o eventsOptions) func([]*receiver.Event) error {
	if o.json {
		return JSONLines(w.Stdout)
	}
	look := cli.NewTheme(w, c.Theme, c.HighContrast)
	return cli.NewListing(w, look, eventColumns(look, o.rejected)).Print
}

// JSONLines prints events as JSON lines, a page in one write.
func JSONLines(out io.Writer) func([]*receiver.Event) error {
	var buf []byte
	return func(page []*receiver.Event) error {
		buf = buf[:0]
		var err error
		for _, e := range page {
			if buf, err = receiver.AppendJSONLine(buf, e); err != nil {
				return err
			}
		}
		_, err = out.Write(buf)
		return err
	}
}

func eventColumns(look *theme.Theme, rejected bool) []cli.Column[*receiver.Event] {
	type event = *receiver.Event
	columns := []cli.Column[event]{
		{Title: "RECEIVED", Width: len(cli.TimeLayout), Cell: func(e event) string { return cli.FormatTime(e.ReceivedAt) }},
		{
			Title: "VERDICT", Width: 8, Cell: func(e event) string { return string(e.Verdict) },
			Style: func(e event) theme.Style { return look.Verdict(e.Verdict) },
		},
	}
	if rejected {
		columns = append(columns, cli.Column[event]{Title: "REASON", Width: 18, Cell: func(e event) string { return string(e.Reason) }})
	}
	return append(
		columns,
		// An id is there to be copied: it is not cut as long as others can be.
		cli.Column[event]{Title: "ID", Width: 36, Least: 36, Cell: func(e event) string { return cli.OrDash(e.ID) }},
		cli.Column[event]{Title: "STATUS", Width: 18, Least: 9, Cell: func(e event) string { return cli.OrDash(string(e.Status)) }},
		cli.Column[event]{Title: "EVENT", Width: 12, Least: 8, Cell: func(e event) string { return cli.OrDash(e.Name) }},
		cli.Column[event]{Title: "MODE", Width: 4, Cell: func(e event) string {
			if e.Name == "" {
				return "-" // nothing of it could be read
			}
			return cli.LiveOrTest(e.LiveMode)
		}},
		cli.Column[event]{Title: "NUMBER", Drop: 1, Right: true, Cell: func(e event) string { return strconv.FormatInt(e.Seq, 10) }},
	)
}
