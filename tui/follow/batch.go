package follow

import (
	"context"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/feed"
	"github.com/up42/up42-webhooks/tui/history"
	"github.com/up42/up42-webhooks/tui/status"
)

const (
	// firstRows is how many rows of each kind, and how many deliveries, the first
	// screen gets.
	firstRows = 200
	// changedPage limits the rows of a batch, entriesPage its events and its rejected
	// deliveries.
	changedPage, entriesPage = 500, 128
	// rejectedAtOnce is less, and rejectedPages is how many such pages a batch has: strangers send
	// rejected deliveries as large as they may be, in any number, and the screen keeps little
	// of them. Each is in memory twice while its page is read.
	rejectedAtOnce, rejectedPages = 8, 4
	// leap is how many events the follower may be behind. If it is more, it goes on with the
	// newest ones, instead of reading all of them: the feed reads what it shows.
	leap = 5000
)

// cursor is how far the screen has read the log. A command takes a copy, and its
// batch brings the next cursor.
type cursor struct {
	version  receiver.Version
	events   int64 // newest event read
	rejected int64 // newest rejection read
	admitted int64 // all admitted events up to this one are known
	own      int64 // how many of them this log had as rejected ones
	rows     int64 // all rows that changed up to this position are read

	// A page of changed rows comes newest first. If there are more than a page,
	// the next page lies before `before`, and `top` is what rows will be then.
	before, top int64

	// behind: there is more to read at once.
	behind bool
	// failures counts reads that failed in a row.
	failures int
	// oldest is the oldest event that the log had when it had deleted this many.
	oldest, deleted int64
}

// Batch is what one read of the log brings: all that changed since the last one.
type Batch struct {
	// First is true for the batch of the first screen.
	First        bool
	Counts       receiver.Counts
	Jobs, Orders []*status.Row
	Entries      []*feed.Entry
	Admitted     []history.Inserted
	Err          error
	next         cursor
	took         time.Duration
}

// news is what the batch brings for the feed.
func (b *Batch) news() *feed.News {
	return &feed.News{Oldest: b.next.oldest, Newest: b.Counts.LastSeq, LastRejected: b.Counts.LastRejected, Entries: b.Entries, Admitted: b.Admitted}
}

// readFirst reads what the first screen needs.
func (b *Batch) readFirst(ctx context.Context, log receiver.Reader) (err error) {
	if b.next.version, err = log.Wait(ctx, 0); err != nil {
		return err
	}
	// What changes from here on has a later position than these counts say, so the
	// next batch has it.
	if b.Counts, err = log.Counts(ctx); err != nil {
		return err
	}
	b.next.events, b.next.rows, b.next.rejected = b.Counts.LastSeq, b.Counts.LastSeq, b.Counts.LastRejected
	if b.Jobs, err = status.Read(ctx, log, receiver.RowQuery{Kind: receiver.Job, Limit: firstRows}); err != nil {
		return err
	}
	if b.Orders, err = status.Read(ctx, log, receiver.RowQuery{Kind: receiver.Order, Limit: firstRows}); err != nil {
		return err
	}
	if err = b.readNewest(ctx, log); err != nil {
		return err
	}
	return b.readAdmitted(ctx, log)
}

// readAdmitted reads which of the new events were admitted, where in time they came, and how many of
// them were rejected here: others come from other members of a team.
func (b *Batch) readAdmitted(ctx context.Context, log receiver.Reader) error {
	if b.Counts.LastSeq <= b.next.admitted {
		return nil
	}
	places, err := receiver.Places(ctx, log, b.next.admitted)
	for _, p := range places {
		if p.Seq > b.Counts.LastSeq {
			break // the next batch has it
		}
		b.Admitted = append(b.Admitted, history.Inserted{Key: p.Seq, At: p.At.UnixMicro(), After: p.After})
		e, err := receiver.EventAt(ctx, log, p.Seq, false)
		if err != nil {
			return err
		}
		if e != nil && e.Rejection > 0 {
			b.next.own++
		}
	}
	b.next.admitted = b.Counts.LastSeq
	return err
}

// readNewest reads the newest deliveries, and which event is the oldest.
func (b *Batch) readNewest(ctx context.Context, log receiver.Reader) error {
	for _, rejected := range []bool{false, true} {
		for page, err := range receiver.Pages(ctx, log, receiver.EventQuery{Limit: firstRows, Rejected: rejected}) {
			if err != nil {
				return err
			}
			entries := make([]*feed.Entry, len(page), len(page)+len(b.Entries))
			for i, e := range page {
				entries[i] = feed.EntryOf(e, rejected)
			}
			b.Entries = append(entries, b.Entries...)
		}
	}
	return b.readOldest(ctx, log)
}

// readOldest reads which event is the oldest.
func (b *Batch) readOldest(ctx context.Context, log receiver.Reader) error {
	oldest, err := log.Events(ctx, receiver.EventQuery{Limit: 1, Oldest: true})
	if err != nil {
		return err
	}
	b.next.oldest, b.next.deleted = b.Counts.LastSeq+1, b.Counts.Deleted
	if len(oldest) > 0 {
		b.next.oldest = min(oldest[0].Seq, b.next.oldest)
	}
	return nil
}

// readChanges reads what changed since b.next, and moves it on.
func (b *Batch) readChanges(ctx context.Context, log receiver.Reader) (err error) {
	c := &b.next
	c.failures, c.behind = 0, false
	if c.version, err = log.Wait(ctx, 0); err != nil {
		return err
	}
	if b.Counts, err = log.Counts(ctx); err != nil {
		return err
	}
	if err = b.readRows(ctx, log); err != nil {
		return err
	}
	if b.Counts.Deleted != c.deleted {
		if err = b.readOldest(ctx, log); err != nil {
			return err
		}
	}
	if err = b.readAdmitted(ctx, log); err != nil {
		return err
	}
	if b.Counts.LastSeq-c.events > leap {
		c.events = b.Counts.LastSeq - entriesPage
	}
	if err = b.readEntries(ctx, log, &c.events, b.Counts.LastSeq, false); err != nil {
		return err
	}
	for range rejectedPages {
		if err = b.readEntries(ctx, log, &c.rejected, b.Counts.LastRejected, true); err != nil {
			return err
		}
	}
	c.behind = c.behind || c.events < b.Counts.LastSeq || c.rejected < b.Counts.LastRejected
	return nil
}

// readRows reads changed rows, up to changedPage. A row that changes again meanwhile has a
// position after top, so the next round has it.
func (b *Batch) readRows(ctx context.Context, log receiver.Reader) error {
	c := &b.next
	for left := changedPage; left > 0; {
		rows, err := log.Rows(ctx, receiver.RowQuery{After: c.rows, Before: c.before, Limit: left})
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			c.rows, c.before = max(c.rows, c.top), 0
			return nil
		}
		b.addRows(rows)
		if c.before == 0 {
			c.top = rows[0].Seq
		}
		c.before = rows[len(rows)-1].Seq
		left -= len(rows)
	}
	c.behind = true
	return nil
}

func (b *Batch) addRows(rows []receiver.Row) {
	for i := range rows {
		switch r := status.RowOf(&rows[i]); rows[i].Kind {
		case receiver.Job:
			b.Jobs = append(b.Jobs, r)
		case receiver.Order:
			b.Orders = append(b.Orders, r)
		}
	}
}

// readEntries reads a page of the deliveries after a number. last is the newest one that the
// log counts.
func (b *Batch) readEntries(ctx context.Context, log receiver.Reader, after *int64, last int64, rejected bool) error {
	if *after >= last {
		return nil
	}
	limit := entriesPage
	if rejected {
		limit = rejectedAtOnce
	}
	events, err := log.Events(ctx, receiver.EventQuery{After: *after, Limit: limit, Oldest: true, Rejected: rejected})
	if err != nil {
		return err
	}
	for _, e := range events {
		b.Entries = append(b.Entries, feed.EntryOf(e, rejected))
		*after = e.Seq
	}
	if len(events) == 0 {
		*after = last // the log does not have them any more
	}
	return nil
}

// failed is the batch of a read that failed. The cursor stays where it was, and
// the log is read again although it does not change.
func failed(c cursor, err error) Batch {
	c.failures++
	c.behind = true
	return Batch{next: c, Err: err}
}
