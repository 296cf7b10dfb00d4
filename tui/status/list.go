package status

import (
	"time"

	"github.com/up42/up42-webhooks/tui/detail"
)

// List takes what UP42 lists, and the rows that the log has of it. A row of
// which no delivery has come is shown from the list. While paused the page
// keeps it for later.
func (p *Page) List(all []detail.Listing, rows []*Row, newest Newest) {
	if p.Paused() {
		p.held = append(p.held, func() { p.List(all, rows, newest) })
		return
	}
	stored := make(map[string]*Row, len(rows))
	for _, r := range rows {
		stored[r.ID] = r
	}
	merged := make([]*Row, 0, len(all))
	for i := range all {
		if all[i].ID == "" {
			continue
		}
		e := p.enter(all[i], newest)
		if r := stored[e.listing.ID]; r != nil && (e.row == nil || e.row.Seq < r.Seq) {
			e.row = r
		}
		merged = append(merged, p.merge(e))
	}
	p.Table.Upsert(merged...)
	p.forget(all)
}

// merge makes the row of an entry, and notes whether a delivery has come of it.
func (p *Page) merge(e *entry) *Row {
	if e.row == nil {
		p.alone[e.listing.ID] = struct{}{}
	} else {
		delete(p.alone, e.listing.ID)
	}
	return e.merge(p.kind)
}

// maxListed bounds what is remembered of UP42's lists in a long run, but for
// the newest one and for rows that have nothing else.
const maxListed = 1000

// forget lets go of the entries beyond that. Their rows stay as they are.
func (p *Page) forget(newest []detail.Listing) {
	if len(p.listed) <= maxListed {
		return
	}
	keep := make(map[string]bool, len(newest))
	for i := range newest {
		keep[newest[i].ID] = true
	}
	for id, e := range p.listed {
		if e.row != nil && !keep[id] && !e.rules() && len(p.listed) > maxListed {
			delete(p.listed, id)
		}
	}
}

// enter makes or renews the entry of a listing.
func (p *Page) enter(l detail.Listing, newest Newest) *entry {
	e := p.listed[l.ID]
	if e == nil {
		e = &entry{}
		if known, ok := p.Get(l.ID); ok {
			e.row = known // not listed before, so that it is as deliveries made it
		}
		p.listed[l.ID] = e
	}
	if changed := !l.Updated.Equal(e.listing.Updated); changed && micro(l.Since()) > newest.At {
		e.place = newest.Seq
	}
	e.listing = l
	return e
}

// Upsert adds rows from the log, or replaces those that have their ids.
func (p *Page) Upsert(rows ...*Row) {
	if len(p.listed) == 0 {
		p.Table.Upsert(rows...)
		return
	}
	merged := make([]*Row, len(rows))
	for i, r := range rows {
		if e := p.listed[r.ID]; e != nil {
			e.row = r
			merged[i] = p.merge(e)
		} else {
			merged[i] = p.renamed(r)
		}
	}
	p.Table.Upsert(merged...)
}

// renamed is a row with the name that UP42 gave it before that was forgotten.
func (p *Page) renamed(r *Row) *Row {
	was, ok := p.Get(r.ID)
	if !ok || was.name == r.name || r.name.Value() != "" {
		return r
	}
	c := *r
	c.name = was.name
	return &c
}

// SetPaused freezes the view, or lets go of what was kept aside.
func (p *Page) SetPaused(paused bool) {
	p.Table.SetPaused(paused)
	if paused {
		return
	}
	held := p.held
	p.held = nil
	for _, list := range held {
		list()
	}
}

// Alone is how many rows are there of which no delivery has come.
func (p *Page) Alone() int {
	if _, total := p.Len(); total < Limit {
		return len(p.alone)
	}
	n := 0 // the table has dropped some at its limit
	for id := range p.alone {
		if _, ok := p.Get(id); ok {
			n++
		}
	}
	return n
}

// Listing is what UP42 said of a row last; ok is false where it said nothing.
func (p *Page) Listing(id string) (l detail.Listing, ok bool) {
	e := p.listed[id]
	if e == nil {
		return l, false
	}
	return e.listing, true
}

func timeOf(micros int64) time.Time {
	if micros == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micros)
}
