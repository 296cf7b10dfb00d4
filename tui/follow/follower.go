// Package follow reads the log for the screen. One command waits until the log
// changes and reads what is new, at most once a frame. Its batch is the only way by
// which events and rows come onto the pages, but for older ones, which are read in
// the background.
package follow

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/retry"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/feed"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/status"
)

// Options are what a Follower needs.
type Options struct {
	Log receiver.Reader
	Run command.Runner
	Say note.Say
	// Jobs, Orders and Feed get what is read.
	Jobs, Orders *status.Page
	Feed         *feed.Page
	// Pace returns the least time between two batches. Nil: that of a frame.
	Pace func() time.Duration
	// Turn waits until a batch may be read, or until ctx ends: then it returns nil. Nil: at once.
	Turn func(ctx context.Context) (leave func())
	// Came is called with each batch, before the pages get it.
	Came func(*Batch) tea.Cmd
}

// Follower follows the log. Its methods may be called only from Update and View.
type Follower struct {
	o            Options
	cursor       cursor
	ready        bool
	counts       receiver.Counts
	took         time.Duration // by the last read
	err          error
	jobs, orders older
}

// New makes a Follower. It reads nothing before Start.
func New(o Options) *Follower {
	return &Follower{
		o:      o,
		jobs:   older{log: o.Log, run: o.Run, kind: receiver.Job, page: o.Jobs},
		orders: older{log: o.Log, run: o.Run, kind: receiver.Order, page: o.Orders},
	}
}

// Ready reports whether the first screen is read.
func (f *Follower) Ready() bool { return f.ready }

// Counts returns the log's counts.
func (f *Follower) Counts() receiver.Counts { return f.counts }

// Shown returns the counts as the screen shows them: what was admitted is not counted as rejected, as
// long as the log has it.
func (f *Follower) Shown() receiver.Counts {
	c := f.counts
	c.Rejected = max(0, c.Rejected-f.cursor.own)
	return c
}

// Err returns why the log can't be read, or nil.
func (f *Follower) Err() error { return f.err }

// Start reads what the first screen needs, and follows the log from there.
func (f *Follower) Start() tea.Cmd {
	failures := f.cursor.failures
	read := func(ctx context.Context) (b Batch) {
		b.First = true
		if !retry.Sleep(ctx, retryAfter(failures)) {
			return b
		}
		if b.Err = b.readFirst(ctx, f.o.Log); b.Err != nil {
			b.next.failures = failures + 1
		}
		return b
	}
	return command.Ask(f.o.Run, read, func(b Batch) tea.Cmd { return f.Take(&b) })
}

// follow waits for a change and reads it.
func (f *Follower) follow() tea.Cmd {
	cur, pace := f.cursor, paceAfter(f.took)
	if f.o.Pace != nil {
		pace = max(pace, f.o.Pace())
	}
	read := func(ctx context.Context) Batch {
		frameOver := time.Now().Add(pace)
		if !retry.Sleep(ctx, retryAfter(cur.failures)) {
			return Batch{}
		}
		if !cur.behind {
			if _, err := f.o.Log.Wait(ctx, cur.version); err != nil {
				return failed(cur, err)
			}
		}
		if !retry.Sleep(ctx, time.Until(frameOver)) {
			return Batch{}
		}
		leave := f.turn(ctx)
		if leave == nil {
			return Batch{}
		}
		defer leave()
		b, began := Batch{next: cur}, time.Now()
		if err := b.readChanges(ctx, f.o.Log); err != nil {
			return failed(cur, err)
		}
		b.took = time.Since(began)
		return b
	}
	return command.Ask(f.o.Run, read, func(b Batch) tea.Cmd { return f.Take(&b) })
}

func (f *Follower) turn(ctx context.Context) (leave func()) {
	if f.o.Turn == nil {
		return func() {}
	}
	return f.o.Turn(ctx)
}

// Take puts a batch onto the pages, and asks for the next one.
func (f *Follower) Take(b *Batch) tea.Cmd {
	f.took = b.took
	if f.err = b.Err; b.Err != nil {
		f.cursor = b.next
		if !f.ready {
			return f.Start()
		}
		return f.follow()
	}
	came := f.o.Came(b)
	f.cursor, f.counts = b.next, b.Counts
	f.o.Jobs.SetStored(b.Counts.Rows.Of(receiver.Job))
	f.o.Orders.SetStored(b.Counts.Rows.Of(receiver.Order))
	f.o.Jobs.Upsert(b.Jobs...)
	f.o.Orders.Upsert(b.Orders...)
	listed := f.o.Feed.Take(b.news())
	f.ready = f.ready || b.First
	cmds := []tea.Cmd{f.follow(), came, listed}
	if b.First {
		cmds = append(cmds, f.jobs.start(b.Jobs), f.orders.start(b.Orders))
	}
	return tea.Batch(cmds...)
}

// Resumed is to be called after a pause of the pages: what was read meanwhile is shown.
func (f *Follower) Resumed() tea.Cmd { return tea.Batch(f.jobs.resume(), f.orders.resume()) }
