package tui

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/feed"
	"github.com/up42/up42-webhooks/tui/status"
)

const (
	// frame is the least time between two batches: nobody sees more.
	frame = 16 * time.Millisecond
	// firstRows is how much of each kind the first screen gets.
	firstRows = 200
	// changedPage bounds the rows of a batch, entriesPage its deliveries, which
	// are read with their bodies.
	changedPage, entriesPage = 500, 128
	// leap is how many events the feed may be behind before it starts afresh
	// at the newest ones, instead of paging through what nobody will look at.
	leap = 5000
	// The wait after a failed read grows from the first to the last of these.
	firstRetry, lastRetry = 500 * time.Millisecond, 8 * time.Second
)

// cursor is how far the screen has read the log. It is a value: a command
// takes one and its batch brings the next.
type cursor struct {
	version  receiver.Version
	events   int64 // newest event read
	rejected int64 // newest rejection read
	rows     int64 // no row that changed at or before this place is missing

	// A page of changed rows comes newest first. Where one is not enough, the
	// next page lies before `before`, and `top` is what rows will be then.
	before, top int64

	// behind: there is more to read at once.
	behind bool
	// failures counts reads that failed in a row.
	failures int
	// holdFeed leaves the feed where it is: it is paused, and its count comes
	// from the log's counts.
	holdFeed bool
}

// batch is what one read of the log brings: all that changed since the last
// one, ready for the pages.
type batch struct {
	first        bool
	next         cursor
	counts       receiver.Counts
	jobs, orders []*status.Row
	entries      []*feed.Entry
	// afresh replaces all that the feed holds; nil: entries only add to it.
	afresh *feed.Chunk
	err    error
}

// start reads what the first screen needs.
func (m *Model) start() tea.Cmd {
	failures := m.cursor.failures
	return m.commands.do(func(ctx context.Context) tea.Msg {
		if !pause(ctx, retryAfter(failures)) {
			return nil
		}
		b := batch{first: true}
		b.err = b.readFirst(ctx, m.o.Log)
		if b.err != nil {
			b.next.failures = failures + 1
		}
		return b
	})
}

func (b *batch) readFirst(ctx context.Context, log receiver.Reader) (err error) {
	if b.next.version, err = log.Wait(ctx, 0); err != nil {
		return err
	}
	// What changes from here on has a later place than these counts tell, so
	// that follow finds it.
	if b.counts, err = log.Counts(ctx); err != nil {
		return err
	}
	b.next.events, b.next.rows, b.next.rejected = b.counts.LastSeq, b.counts.LastSeq, b.counts.LastRejected
	if b.jobs, err = status.Read(ctx, log, receiver.RowQuery{Kind: receiver.Job, Limit: firstRows}); err != nil {
		return err
	}
	if b.orders, err = status.Read(ctx, log, receiver.RowQuery{Kind: receiver.Order, Limit: firstRows}); err != nil {
		return err
	}
	b.afresh, err = feed.Read(ctx, log, feed.Place{}, firstRows)
	return err
}

// follow waits for a change and reads it. It answers no sooner than one frame
// after it was asked, so that a busy log makes larger batches, not more.
func (m *Model) follow() tea.Cmd {
	cur := m.cursor
	waiting, wake := context.WithCancel(m.commands.ctx)
	m.wake = wake
	paused := m.paused
	return m.commands.do(func(ctx context.Context) tea.Msg {
		defer wake()
		frameOver := time.Now().Add(frame)
		if !pause(ctx, retryAfter(cur.failures)) {
			return nil
		}
		if !cur.behind {
			if _, err := m.o.Log.Wait(waiting, cur.version); err != nil && waiting.Err() == nil {
				return failed(ctx, cur, err)
			}
		}
		if !pause(ctx, time.Until(frameOver)) {
			return nil
		}
		b := batch{next: cur}
		b.next.holdFeed = paused && waiting.Err() == nil
		if err := b.readChanges(ctx, m.o.Log); err != nil {
			return failed(ctx, cur, err)
		}
		return b
	})
}

// readChanges reads what changed since b.next and moves it on.
func (b *batch) readChanges(ctx context.Context, log receiver.Reader) (err error) {
	c := &b.next
	c.failures, c.behind = 0, false
	if c.version, err = log.Wait(ctx, 0); err != nil {
		return err
	}
	if b.counts, err = log.Counts(ctx); err != nil {
		return err
	}
	if err = b.readRows(ctx, log); err != nil {
		return err
	}
	switch {
	case c.holdFeed:
		return nil
	case b.counts.LastSeq-c.events > leap:
		c.events, c.rejected = b.counts.LastSeq, b.counts.LastRejected
		b.afresh, err = feed.Read(ctx, log, feed.Place{}, firstRows)
		return err
	default:
		if err = b.readEntries(ctx, log, &c.events, false); err != nil {
			return err
		}
		return b.readEntries(ctx, log, &c.rejected, true)
	}
}

// readRows reads one page of changed rows. A row that moves to the front
// meanwhile has a place after top, so the next round has it.
func (b *batch) readRows(ctx context.Context, log receiver.Reader) error {
	c := &b.next
	rows, err := log.Rows(ctx, receiver.RowQuery{After: c.rows, Before: c.before, Limit: changedPage})
	if err != nil {
		return err
	}
	for i := range rows {
		if r := status.RowOf(&rows[i]); rows[i].Kind == receiver.Job {
			b.jobs = append(b.jobs, r)
		} else {
			b.orders = append(b.orders, r)
		}
	}
	if c.before == 0 && len(rows) > 0 {
		c.top = rows[0].Seq
	}
	if len(rows) == changedPage {
		c.before, c.behind = rows[len(rows)-1].Seq, true
		return nil
	}
	c.rows, c.before = max(c.rows, c.top), 0
	return nil
}

func (b *batch) readEntries(ctx context.Context, log receiver.Reader, after *int64, rejected bool) error {
	events, err := log.Events(ctx, receiver.EventQuery{After: *after, Limit: entriesPage, Oldest: true, Rejected: rejected})
	if err != nil {
		return err
	}
	for _, e := range events {
		b.entries = append(b.entries, feed.EntryOf(e))
		*after = e.Seq
	}
	b.next.behind = b.next.behind || len(events) == entriesPage
	return nil
}

// failed is the answer of a read that failed: the cursor stays where it was.
func failed(ctx context.Context, c cursor, err error) tea.Msg {
	if ctx.Err() != nil {
		return nil
	}
	c.failures++
	c.behind = true // look again after the wait, though nothing changes
	return batch{next: c, err: err}
}

func retryAfter(failures int) time.Duration {
	if failures == 0 {
		return 0
	}
	return min(firstRetry<<min(failures-1, 10), lastRetry)
}
