package follow

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/retry"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/status"
)

// olderPage is how many older rows are read at a time.
const olderPage = 1000

// older reads the rows of a kind backwards, in the background, until its page has
// all of them, or as many as it keeps.
type older struct {
	log    receiver.Reader
	run    command.Runner
	kind   receiver.Kind
	page   *status.Page
	before int64
	done   bool
	// held are rows that were read while the page is paused. Nil if no row was read so.
	held []*status.Row
}

// start goes on where the rows of the first screen end.
func (o *older) start(rows []*status.Row) tea.Cmd {
	o.done = len(rows) == 0
	return o.more(rows)
}

// more reads the rows before those that were read.
func (o *older) more(rows []*status.Row) tea.Cmd {
	if len(rows) > 0 {
		o.before = rows[len(rows)-1].Seq
	}
	switch {
	case o.done:
		o.page.AllRead()
		return nil
	case o.page.Full():
		o.done = true
		return o.page.ListOlder(o.before)
	}
	before := o.before
	return command.Ask(o.run, func(ctx context.Context) []*status.Row { return o.read(ctx, before) }, o.take)
}

// read is called from a command. It tries until it succeeds or ctx ends.
func (o *older) read(ctx context.Context, before int64) []*status.Row {
	q := receiver.RowQuery{Kind: o.kind, Before: before, Limit: olderPage}
	for failures, wait := 0, frame; retry.Sleep(ctx, wait); wait = retryAfter(failures) {
		rows, err := status.Read(ctx, o.log, q)
		if err == nil {
			return rows
		}
		failures++
	}
	return nil // the program ends
}

// take puts older rows onto the page. A paused page gets them later.
func (o *older) take(rows []*status.Row) tea.Cmd {
	if o.page.Paused() {
		o.held = rows
		return nil
	}
	o.held = nil
	o.done = len(rows) == 0
	o.page.Upsert(o.unknown(rows)...)
	return o.more(rows)
}

// resume puts onto the page what was read during a pause.
func (o *older) resume() tea.Cmd {
	if o.held == nil {
		return nil
	}
	return o.take(o.held)
}

// unknown leaves out rows that the page has in a newer state.
func (o *older) unknown(rows []*status.Row) []*status.Row {
	out := rows[:0:0]
	for _, r := range rows {
		if known, ok := o.page.Get(r.TableID()); !ok || known.Seq < r.Seq {
			out = append(out, r)
		}
	}
	return out
}
