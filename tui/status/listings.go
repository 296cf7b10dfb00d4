package status

import (
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/detail"
)

// maxListed limits the entries of old lists that a long run remembers.
const maxListed = 1000

// Newest is the newest event of the log at the time of a list. Rows that UP42
// lists as changed since then are sorted above it.
type Newest struct {
	Seq int64
	// At is when the event arrived, in microseconds of Unix time. 0: there is no
	// event.
	At int64
}

// listings are the entries of the rows that UP42 lists.
type listings struct {
	kind       receiver.Kind
	entries    map[string]*entry   // by id
	onlyListed map[string]struct{} // the ids of rows that no delivery is about
}

func newListings(k receiver.Kind) listings {
	return listings{kind: k, entries: map[string]*entry{}, onlyListed: map[string]struct{}{}}
}

// set makes or updates the entry of a listing. known is the row that the table has,
// or nil.
func (ls *listings) set(l detail.Listing, known *Row, newest Newest) *entry {
	e := ls.entries[l.ID]
	if e == nil {
		e = &entry{row: known} // it was not listed before, so it is from deliveries
		ls.entries[l.ID] = e
	}
	if changed := !l.Updated.Equal(e.listing.Updated); changed && micros(l.Since()) > newest.At {
		e.position = newest.Seq
	}
	e.listing = l
	return e
}

// merge makes the row of an entry.
func (ls *listings) merge(e *entry) *Row {
	if e.row == nil {
		ls.onlyListed[e.listing.ID] = struct{}{}
	} else {
		delete(ls.onlyListed, e.listing.ID)
	}
	return e.merge(ls.kind)
}

// trim removes entries if there are too many. It keeps those of the newest list, and
// those whose status is from the API. The rows do not change.
func (ls *listings) trim(newest []detail.Listing) {
	if len(ls.entries) <= maxListed {
		return
	}
	keep := make(map[string]bool, len(newest))
	for i := range newest {
		keep[newest[i].ID] = true
	}
	for id, e := range ls.entries {
		if e.row != nil && !keep[id] && !e.overrules(ls.kind) && len(ls.entries) > maxListed {
			delete(ls.entries, id)
		}
	}
}
