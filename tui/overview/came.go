package overview

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/feed"
	"github.com/up42/up42-webhooks/tui/overview/arrivals"
)

// News is what a batch brings.
type News struct {
	// First is true for what the first screen needs.
	First bool
	// Before and Now are the log's counts.
	Before, Now receiver.Counts
	// Entries are deliveries. They may come with a later batch than the counts, or never, if too
	// many came at once.
	Entries []*feed.Entry
}

// retryAfter is the wait after a read that failed.
const retryAfter = 5 * time.Second

// came knows what came: first by the log, then by what each batch brings. The work of a batch
// depends on the batch only.
type came struct {
	o *Options
	arrivals.Deliveries
	// asked says that the log is being read, or was, and counted that it was.
	asked, counted bool
	// err is why the log can't be read, nil if it can.
	err error
	// rejected is when the last rejected delivery came.
	rejected time.Time
	// begun are the counts up to which the log is read.
	begun receiver.Counts
	// seen is the last event of the log when it was read: what was admitted until then was not read
	// as rejected. admitted are events that were admitted since begun, until the log was read.
	seen     int64
	admitted []*feed.Entry
}

// wasRead is the answer of a read.
type wasRead struct {
	*arrivals.Deliveries
	seen int64
	err  error
}

// take takes note of what came.
func (c *came) take(n *News) {
	c.Hour.Advance(c.o.Now())
	if n.First {
		c.begun = n.Now
	} else {
		c.add(n)
	}
}

// readFurther reads what came before the first batch, once.
func (c *came) readFurther() tea.Cmd {
	if c.asked {
		return nil
	}
	c.asked = true
	return c.o.Do(c.read)
}

func (c *came) read(ctx context.Context) tea.Msg {
	now, err := c.o.Log.Counts(ctx)
	if err != nil {
		return wasRead{err: err}
	}
	d, err := arrivals.Read(ctx, c.o.Log, c.begun, c.o.Now())
	return wasRead{d, now.LastSeq, err}
}

func (c *came) update(msg tea.Msg) tea.Cmd {
	switch m, ok := msg.(wasRead); {
	case !ok:
		return nil
	case m.err != nil:
		c.err = m.err
		return command.Later(c.o.Do, retryAfter, c.read)
	default:
		c.Hour.Advance(c.o.Now())
		c.Merge(m.Deliveries)
		c.counted, c.seen, c.err = true, m.seen, nil
		c.admit()
		return nil
	}
}

// add counts what a batch brings. The log's counts say how much came, and the entries when.
// What the counts say and no entry comes with came with the last delivery.
func (c *came) add(n *News) {
	left := map[receiver.Verdict]int64{
		receiver.Verified: n.Now.Verified - n.Before.Verified, receiver.Trusted: n.Now.Trusted - n.Before.Trusted,
		receiver.Partial: n.Now.Partial - n.Before.Partial, receiver.Unsigned: n.Now.Unsigned - n.Before.Unsigned,
		receiver.Rejected: n.Now.Rejected - n.Before.Rejected,
	}
	for _, e := range n.Entries {
		if left[e.Verdict] <= 0 {
			continue // counted with an earlier batch
		}
		left[e.Verdict]--
		switch {
		case !e.Admitted():
			c.one(e.At(), e.Verdict, 1)
		case e.Rejection() > 0:
			c.admitted = append(c.admitted, e)
		}
	}
	c.admit()
	for _, v := range receiver.Verdicts() {
		if left[v] > 0 {
			c.one(n.Now.LastArrival, v, left[v])
		}
	}
}

// admit counts what was admitted, once it is known whether it was counted as rejected.
func (c *came) admit() {
	if !c.counted {
		return
	}
	for _, e := range c.admitted {
		if e.Key() > c.seen {
			c.Hour.Admit(e.At(), e.Verdict)
		} else {
			c.Hour.Add(e.At(), e.Verdict, 1)
		}
	}
	c.admitted = nil
}

func (c *came) one(at time.Time, v receiver.Verdict, n int64) {
	c.Hour.Add(at, v, n)
	if v == receiver.Rejected {
		c.rejected = at
	} else {
		c.Waits.Add(at)
	}
}
