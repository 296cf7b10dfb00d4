package tui

import (
	"fmt"
	"strings"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/frame"
	"github.com/up42/up42-webhooks/tui/number"
)

// counter counts what is on pages, and what the store has for them.
type counter struct {
	pages  *pages
	counts receiver.Counts
	// ready is false while the store is read for the first time.
	ready bool
}

// tabs returns the first n pages as tabs, with their counts.
func (c *counter) tabs(n pageID) frame.Tabs {
	tabs := frame.Tabs{All: make([]frame.Tab, n), Current: int(c.pages.current)}
	for p := range n {
		count, known := c.has(p)
		tabs.All[p] = frame.Tab{Name: p.String(), Brief: p.brief(), Count: count, Known: known, Waiting: c.waiting(p)}
	}
	return tabs
}

// has counts what there is for a page: in the store, and at UP42.
func (c *counter) has(p pageID) (n int64, known bool) {
	switch p {
	case onOverview:
		return 0, false
	case onWebhooks:
		n, known := c.pages.webhooks.Count()
		return int64(n), known
	case onUndelivered:
		n, known := c.pages.undelivered.Count()
		return int64(n), known
	default:
		return c.stored(p) + c.onlyAtUP42(p), c.ready
	}
}

// stored counts what the store has for a page.
func (c *counter) stored(p pageID) int64 {
	if k, ok := p.kind(); ok {
		return c.counts.Rows.Of(k)
	}
	return c.counts.Events() + int64(c.pages.events.Rejected())
}

// onlyAtUP42 counts the rows of a page that the store does not have.
func (c *counter) onlyAtUP42(p pageID) int64 {
	k, _ := p.kind()
	if rows, _, ok := c.pages.rows(k); ok {
		return int64(rows.OnlyListed())
	}
	return 0
}

// waiting is how many rows of a page wait for an answer of the user.
func (c *counter) waiting(p pageID) int {
	k, _ := p.kind()
	if rows, _, ok := c.pages.rows(k); ok {
		return rows.Waiting()
	}
	return 0
}

// unreadRows says of how many rows the numbers of the overview are, or returns "" if they are of
// all.
func (c *counter) unreadRows() string {
	if !c.ready || c.pages.paused() {
		return ""
	}
	for _, p := range []pageID{onOrders, onJobs} {
		k, _ := p.kind()
		rows, _, _ := c.pages.rows(k)
		if n := rows.Kept() - rows.OnlyListed(); int64(n) < c.stored(p) {
			return fmt.Sprintf("%s: %s of %s counted", strings.ToLower(p.String()), number.Format(int64(n)), number.Format(c.stored(p)))
		}
	}
	return ""
}

// unread says how much of what the store has for the current page is read, or
// returns "" if all is.
func (c *counter) unread() string {
	p := c.pages.current
	if older := c.pages.undelivered.Older(); p == onUndelivered && older > 0 {
		return number.Format(int64(older)) + " more: older ones are not listed"
	}
	k, isRows := p.kind()
	if !isRows || !c.ready || c.pages.paused() {
		return ""
	}
	rows, _, _ := c.pages.rows(k)
	if rows.HasOlder() {
		return rows.Unsorted()
	}
	_, all := rows.Len()
	read, stored := int64(all)-c.onlyAtUP42(p), c.stored(p)
	if stored <= read {
		return ""
	}
	return fmt.Sprintf("%s of %s read", number.Format(read), number.Format(stored))
}

// deliveries is how many ever came, also those that retention deleted.
func deliveries(c receiver.Counts) int64 { return c.Events() + c.Deleted + c.Rejected + c.Duplicates }
