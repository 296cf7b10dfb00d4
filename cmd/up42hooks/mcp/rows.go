package mcp

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// rowsArgs are the arguments of list_orders and list_jobs.
type rowsArgs struct {
	Filter string `json:"filter,omitempty" jsonschema:"which ones, in the filter language of up42hooks, such as: is:failed -host:oneatlas since:7d. Without it: all"`
	Cursor string `json:"cursor,omitempty" jsonschema:"the cursor of the result before, to go on after it"`
	Limit  *int   `json:"limit,omitempty" jsonschema:"how many, 100 at most. Without it: 20"`
}

// rowsPage is their result.
type rowsPage struct {
	Rows     []receiver.Row `json:"rows"`
	Cursor   string         `json:"cursor,omitempty" jsonschema:"there may be more: call again with this cursor"`
	Warnings []string       `json:"warnings,omitempty" jsonschema:"values of the filter that up42hooks does not know"`
	Newest   string         `json:"newest" jsonschema:"cursor after the newest event: wait_for_event with it misses nothing that comes after this result"`
	state
}

// rowTools are the tools about orders and jobs.
func (s *source) rowTools() (tools []tool) {
	for _, k := range receiver.Kinds() {
		tools = append(tools,
			newTool("list_"+k.Plural(), reads, fmt.Sprintf("List %s with their status and journey, the one with the newest event first, or those that a filter finds. One that gets an event while you page moves to the front.", k.Plural()),
				func(ctx context.Context, a rowsArgs) (rowsPage, error) { return s.listRows(ctx, k, a) }),
			newTool("get_"+string(k), reads, fmt.Sprintf("Get the status and the journey of one %s by its id.", k),
				func(ctx context.Context, a rowArgs) (gotRow, error) { return s.getRow(ctx, k, a) }))
	}
	return tools
}

func (s *source) listRows(ctx context.Context, k receiver.Kind, a rowsArgs) (out rowsPage, err error) {
	limit, err := limitOf(a.Limit)
	if err != nil {
		return out, err
	}
	list := rowList{query: receiver.RowQuery{Kind: k}, now: s.env.Now}
	list.page = page[receiver.Row]{limit: limit, items: []receiver.Row{}}
	if list.filter, out.Warnings, err = rowFilter(a.Filter); err != nil {
		return out, err
	}
	err = s.read(ctx, func(log *sqlite.Log) error {
		out.state, out.Newest = s.state(log != nil), cursor{}.String()
		if log == nil {
			return nil
		}
		last, err := newest(ctx, log, false)
		if err != nil {
			return err
		}
		out.Newest = last.String()
		if a.Cursor != "" {
			c, err := parseCursor(a.Cursor, false)
			if err == nil {
				err = c.check(ctx, log, last.Seq)
			}
			if err != nil {
				return err
			}
			list.query.Before = max(c.Seq, 1)
		}
		out.Cursor, err = list.run(ctx, log)
		return err
	})
	out.Rows = list.items
	return out, err
}

// rowPage is how many rows are read at a time.
const rowPage = 1000

// rowList lists rows for a result.
type rowList struct {
	page[receiver.Row]
	query  receiver.RowQuery
	filter *filter.Filter
	now    func() time.Time
}

// run lists until the result is full, the time is over, or there are no more rows. In the last
// case there is no cursor.
func (l *rowList) run(ctx context.Context, log receiver.Reader) (next string, err error) {
	// A search looks at many rows, and reads the journeys of those that it finds.
	if l.query.Updates, l.query.Limit = l.filter.Empty(), rowPage; l.query.Updates {
		l.query.Limit = l.limit
	}
	late := time.Now().Add(searchTime)
	for {
		rows, err := log.Rows(ctx, l.query)
		if err != nil || len(rows) == 0 {
			return "", err
		}
		for i := range rows {
			r := &rows[i]
			l.query.Before = r.Seq
			if !l.filter.Row(r, l.now()) {
				continue
			}
			more, err := l.take(ctx, log, r)
			if err != nil {
				return "", err
			}
			if !more {
				return l.cursor(ctx, log)
			}
		}
		if time.Now().After(late) {
			return l.cursor(ctx, log)
		}
	}
}

// take adds a row with its journey. It reports whether there is room for more.
func (l *rowList) take(ctx context.Context, log receiver.Reader, r *receiver.Row) (more bool, err error) {
	if l.query.Updates {
		return l.add(*r)
	}
	whole, ok, err := log.Row(ctx, r.Key)
	if err != nil || !ok { // retention may have deleted it
		return true, err
	}
	return l.add(whole)
}

// cursor returns the cursor after the last row that was read, or "" if there are no more.
func (l *rowList) cursor(ctx context.Context, log receiver.Reader) (string, error) {
	more, err := receiver.RowNumbers(ctx, log, l.query.Kind, l.query.Before, 1)
	if err != nil || len(more) == 0 {
		return "", err
	}
	c, err := cursorAt(ctx, log, receiver.Number{Seq: l.query.Before})
	return c.String(), err
}

// rowArgs are the arguments of get_order and get_job.
type rowArgs struct {
	ID   string `json:"id" jsonschema:"its id"`
	Test bool   `json:"test,omitempty" jsonschema:"the one that is made of test events. Without it: the live one, or else that one"`
}

// gotRow is their result.
type gotRow struct {
	Row receiver.Row `json:"row"`
	state
}

func (s *source) getRow(ctx context.Context, k receiver.Kind, a rowArgs) (out gotRow, err error) {
	err = s.read(ctx, func(log *sqlite.Log) error {
		out.state = s.state(log != nil)
		if log == nil {
			return errors.New(out.Missing)
		}
		for _, test := range []bool{a.Test, true} {
			row, ok, err := log.Row(ctx, receiver.Key{Kind: k, ID: a.ID, Test: test})
			if err != nil || ok {
				out.Row = row
				return err
			}
		}
		return fmt.Errorf("there is no %s %q in the store: list_%s lists them", k, a.ID, k.Plural())
	})
	return out, err
}
