package feed

import (
	"github.com/up42/up42-webhooks/tui/history"
)

// deliveries are those that a log has.
type deliveries struct {
	stored       history.Stored
	rejections   history.Rejections
	admitted     history.Admitted
	lastRejected int64
}

// all returns the list of them.
func (d *deliveries) all() history.List {
	return history.List{Events: &d.stored, Between: history.Merge(d.rejections.All(), d.admitted.All())}
}

// admit puts admitted events into their places in time.
func (d *deliveries) admit(some []history.Inserted) {
	if len(some) == 0 {
		return
	}
	d.admitted.Add(some...)
	history.Runs(some, d.stored.Remove)
}

// contents are what the page lists, and what was read of it.
type contents struct {
	list history.List
	read history.Cache[*Entry]
}

// Len implements table.Source.
func (c *contents) Len() int { return c.list.Len() }

// Key implements table.Source.
func (c *contents) Key(i int) int64 { return c.list.Key(i) }

// Index implements table.Source.
func (c *contents) Index(key int64) (int, bool) { return c.list.Index(key) }

// Row implements table.Source.
func (c *contents) Row(key int64) *Entry {
	if e, ok := c.read.Get(key); ok {
		return e
	}
	return absent(key, notRead)
}

// unread returns the keys of deliveries that should be read: those on the screen first, and
// then as many after and before them. needed are the keys of all these.
func (c *contents) unread(from, to int) (unread, needed []int64) {
	n := to - from
	add := func(from, to int) {
		for i := max(0, from); i < min(to, c.list.Len()); i++ {
			key := c.list.Key(i)
			needed = append(needed, key)
			if _, ok := c.read.Get(key); !ok {
				unread = append(unread, key)
			}
		}
	}
	add(from, to)
	add(to, to+n)
	add(from-n, from)
	return unread, needed
}
