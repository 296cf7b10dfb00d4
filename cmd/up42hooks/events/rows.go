package events

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/tui/elapsed"
	"github.com/up42/up42-webhooks/tui/theme"
)

// rowKind says what differs between `jobs` and `orders`.
type rowKind struct {
	kind    receiver.Kind
	command string
	example string
}

var (
	Jobs   = rowKind{receiver.Job, "jobs", "  up42hooks jobs --json --filter -final | jq -r .id"}
	Orders = rowKind{receiver.Order, "orders", "  up42hooks orders --statuses FULFILLED\n  up42hooks orders --json --filter 'is:failed since:7d'"}
)

func NewRowsCommand(w cli.Env, k rowKind) *cobra.Command {
	var asJSON bool
	var limit int
	cmd := &cobra.Command{
		Use:   k.command,
		Short: "List " + k.command + " and where they stand, the one with the newest event first",
		Long: `List ` + k.command + ` and where they stand, the one with the newest event first. With --json each one
comes with its journey. It reads the store, also while a receiver writes it.`,
		Example: k.example,
		Args:    cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if limit < 0 {
				return cli.UsageError(errors.New("--limit: want a number of " + k.command + ", or 0 for all"))
			}
			return store.Read(cmd.Context(), w, cmd, false, func(ctx context.Context, c *config.Config, log receiver.Reader) error {
				wanted := c.Selection()
				if err := wanted.Only(filter.RowKeys()...); err != nil {
					return cli.UsageError(err)
				}
				SayDoubts(w, wanted)
				look := cli.NewTheme(w, c.Theme, c.HighContrast)
				print := cli.NewListing(w, look, rowColumns(w, look, k)).Print
				if asJSON {
					print = func(page []receiver.Row) error { return cli.PrintJSON(w, page...) }
				}
				l := rowLister{log: log, query: receiver.RowQuery{Kind: k.kind, Updates: asJSON}, limit: limit, print: print}
				if !wanted.Empty() {
					l.keep = func(r *receiver.Row) bool { return wanted.Row(r, w.Now()) }
				}
				err := l.run(ctx)
				if err == nil && len(l.printed) == 0 {
					w.Say("there are no %s%s yet", map[bool]string{false: "such "}[wanted.Empty()], k.command)
				}
				return err
			})
		},
	}
	config.AddFlags(cmd.Flags(), "store", "statuses", "final", "filter")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON lines, with journeys")
	cmd.Flags().IntVar(&limit, "limit", 0, "how many at most; 0: all")
	return cmd
}

// trailCells is room for the longest trail.
const trailCells = 40

const rowsPage = 200

// rowLister prints up to limit rows (0: all) in pages.
type rowLister struct {
	log   receiver.Reader
	query receiver.RowQuery
	limit int
	// keep chooses rows; nil: all.
	keep  func(*receiver.Row) bool
	print func([]receiver.Row) error

	// printed are the ids of the rows that were, newest is the newest place
	// seen.
	printed map[string]bool
	newest  int64
}

// run prints all there is. A row that changes meanwhile moves to the front,
// where the pages have been already: such rows are printed at the end, so that
// every row is there, and once.
func (l *rowLister) run(ctx context.Context) error {
	l.printed = make(map[string]bool)
	if err := l.pages(ctx, 0); err != nil || l.newest == 0 {
		return err
	}
	return l.pages(ctx, l.newest)
}

func (l *rowLister) pages(ctx context.Context, after int64) error {
	q := l.query
	q.After = after
	for {
		if l.room() == 0 {
			return nil
		}
		if q.Limit = rowsPage; l.keep == nil {
			q.Limit = min(q.Limit, l.room())
		}
		page, err := l.log.Rows(ctx, q)
		if err != nil || len(page) == 0 {
			return err
		}
		l.newest = max(l.newest, page[0].Seq)
		q.Before = page[len(page)-1].Seq
		if err := l.printNew(page); err != nil {
			return err
		}
	}
}

// room is how many rows may still be printed.
func (l *rowLister) room() int {
	if l.limit == 0 {
		return rowsPage
	}
	return l.limit - len(l.printed)
}

func (l *rowLister) printNew(page []receiver.Row) error {
	page = slices.DeleteFunc(page, func(r receiver.Row) bool {
		return l.printed[r.ID] || l.keep != nil && !l.keep(&r)
	})
	page = page[:min(len(page), l.room())]
	if len(page) == 0 {
		return nil
	}
	for _, r := range page {
		l.printed[r.ID] = true
	}
	return l.print(page)
}

func rowColumns(w cli.Env, look *theme.Theme, k rowKind) []cli.Column[receiver.Row] {
	type row = receiver.Row
	now := w.Now()
	return []cli.Column[row]{
		{
			Title: "STATUS", Width: 18, Least: 9, Cell: func(r row) string { return string(r.Status) },
			Style: func(r row) theme.Style { return look.Class(r.Class()) },
		},
		{Title: "STATE", Width: 11, Drop: 2, Cell: func(r row) string { return r.Class().String() }},
		{Title: strings.ToUpper(string(k.kind)), Width: 36, Least: 36, Cell: func(r row) string { return r.ID }},
		{Title: "NAME", Least: 6, Drop: 6, Spare: true, Cell: func(r row) string { return cli.OrDash(r.Name) }},
		{Title: "TYPE", Width: 7, Least: 4, Drop: 4, Cell: func(r row) string { return cli.OrDash(r.Type) }},
		{Title: "HOST", Width: 8, Least: 4, Drop: 5, Cell: func(r row) string { return cli.OrDash(r.Host) }},
		{Title: "IN STATE", Width: 8, Right: true, Cell: func(r row) string { return elapsed.Long(now.Sub(r.LastChange)) }},
		{Title: "AGE", Width: 7, Drop: 9, Right: true, Cell: func(r row) string { return elapsed.Long(now.Sub(r.FirstSeen)) }},
		{Title: "EVENTS", Width: 6, Drop: 3, Right: true, Cell: func(r row) string { return strconv.FormatInt(r.Events, 10) }},
		{Title: "TRUST", Width: 5, Drop: 8, Cell: func(r row) string { return r.Trust.String() }},
		{Title: "MODE", Width: 4, Drop: 7, Cell: func(r row) string { return cli.LiveOrTest(r.Live) }},
		{Title: "JOURNEY", Drop: 1, Cell: func(r row) string { return look.Glyphs.Journey(r.ShortJourney, trailCells) }},
	}
}
