package main

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
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
	jobs   = rowKind{receiver.Job, "jobs", "  up42hooks jobs --json --filter -final | jq -r .id"}
	orders = rowKind{receiver.Order, "orders", "  up42hooks orders --statuses FULFILLED\n  up42hooks orders --json --filter 'is:failed since:7d'"}
)

func newRowsCommand(w world, k rowKind) *cobra.Command {
	var asJSON bool
	var limit int
	cmd := &cobra.Command{
		Use:   k.command,
		Short: "List " + k.command + " and where they stand, the one with the newest event first",
		Long: `List ` + k.command + ` and where they stand, the one with the newest event first. With --json each one
comes with its journey. It reads the store, also while a receiver writes it.`,
		Example: k.example,
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if limit < 0 {
				return usageError(errors.New("--limit: want a number of " + k.command + ", or 0 for all"))
			}
			return reading(cmd.Context(), w, cmd, false, func(ctx context.Context, c *config.Config, log receiver.Reader) error {
				wanted := c.Selection()
				if err := wanted.Only(filter.RowKeys()...); err != nil {
					return usageError(err)
				}
				sayDoubts(w, wanted)
				look := newTheme(w, c.Theme, c.HighContrast)
				print := newListing(w, look, rowColumns(w, look, k)).print
				if asJSON {
					print = func(page []receiver.Row) error { return printJSON(w, page...) }
				}
				l := rowLister{log: log, query: receiver.RowQuery{Kind: k.kind, Updates: asJSON}, limit: limit, print: print}
				if !wanted.Empty() {
					l.keep = func(r *receiver.Row) bool { return wanted.Row(r, w.now()) }
				}
				err := l.run(ctx)
				if err == nil && len(l.printed) == 0 {
					w.say("there are no %s%s yet", map[bool]string{false: "such "}[wanted.Empty()], k.command)
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

func rowColumns(w world, look *theme.Theme, k rowKind) []column[receiver.Row] {
	type row = receiver.Row
	now := w.now()
	return []column[row]{
		{
			title: "STATUS", width: 18, least: 9, cell: func(r row) string { return string(r.Status) },
			style: func(r row) theme.Style { return look.Class(r.Class()) },
		},
		{title: "STATE", width: 11, drop: 2, cell: func(r row) string { return r.Class().String() }},
		{title: strings.ToUpper(string(k.kind)), width: 36, least: 36, cell: func(r row) string { return r.ID }},
		{title: "NAME", least: 6, drop: 6, spare: true, cell: func(r row) string { return dash(r.Name) }},
		{title: "TYPE", width: 7, least: 4, drop: 4, cell: func(r row) string { return dash(r.Type) }},
		{title: "HOST", width: 8, least: 4, drop: 5, cell: func(r row) string { return dash(r.Host) }},
		{title: "IN STATE", width: 8, right: true, cell: func(r row) string { return elapsed.Long(now.Sub(r.LastChange)) }},
		{title: "AGE", width: 7, drop: 9, right: true, cell: func(r row) string { return elapsed.Long(now.Sub(r.FirstSeen)) }},
		{title: "EVENTS", width: 6, drop: 3, right: true, cell: func(r row) string { return strconv.FormatInt(r.Events, 10) }},
		{title: "TRUST", width: 5, drop: 8, cell: func(r row) string { return r.Trust.String() }},
		{title: "MODE", width: 4, drop: 7, cell: func(r row) string { return mode(r.Live) }},
		{title: "JOURNEY", drop: 1, cell: func(r row) string { return look.Glyphs.Trail(r.ShortJourney, trailCells) }},
	}
}
