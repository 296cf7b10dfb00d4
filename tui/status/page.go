// Package status is the page that shows the status of each order, or of each job.
package status

import (
	"context"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/tui/browse"
	"github.com/up42/up42-webhooks/tui/detail"
	"github.com/up42/up42-webhooks/tui/filtered"
	"github.com/up42/up42-webhooks/tui/glow"
	"github.com/up42/up42-webhooks/tui/history"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/marks"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/table"
	"github.com/up42/up42-webhooks/tui/theme"
)

// Limit is the largest number of rows that the table keeps. Older ones are read from the store
// when they are needed.
const Limit = 50_000

// Options are what a Page needs.
type Options struct {
	// Kind is the kind of the rows.
	Kind receiver.Kind
	// Named says that UP42's API is asked for the names of orders. Without that they have
	// names if their events have them.
	Named bool
	Theme *theme.Theme
	// Columns are the names of the columns to show, in their order. Nil: all. See [Columns].
	Columns []string
	// Now is the clock.
	Now func() time.Time
	// Empty returns a few lines that say what to do while there are no rows.
	Empty func() []string
	// Keys are the dashboard's keys. Nil if the page gets no keys.
	Keys *keys.Map
	// Say shows a note. It may be nil.
	Say note.Say
	// CopyID copies an id to the clipboard.
	CopyID func(id string) tea.Cmd
	// Log has the rows that the table does not keep, and Do makes a command of a function.
	Log receiver.Reader
	Do  func(func(context.Context) tea.Msg) tea.Cmd
	// Limit is the largest number of rows that the table keeps. 0: [Limit].
	Limit int
	// Still: rows that have changed do not glow.
	Still bool
}

// Page is a table of rows. The embedded table has its cursor, order and filter.
type Page struct {
	*filtered.Table[string, *Row]
	*browse.Browser
	view     *view
	limit    int
	older    older
	parsed   *filter.Filter
	stored   int64 // how many rows the store has
	listings listings
	held     []func()            // calls of List during a pause
	waiting  map[string]struct{} // the ids of rows that wait for the user
	tally    *Tally
	marks    *marks.Marks
}

// New makes an empty page.
func New(o Options) *Page {
	v := &view{theme: o.Theme, now: o.Now, kind: o.Kind, namedOrders: o.Kind == receiver.Order && (o.Named || slices.Contains(o.Columns, strings.ToLower(nameTitle))), chosen: o.Columns}
	if o.Limit == 0 {
		o.Limit = Limit
	}
	p := &Page{view: v, listings: newListings(o.Kind), waiting: map[string]struct{}{}, limit: o.Limit}
	p.older = older{page: p, o: &o, read: history.NewCache[*Row](keptOlder)}
	p.tally = newTally(o.Now)
	v.selected = func() (*Row, bool) { return p.Selected() }
	if !o.Still && o.Theme.Glows() {
		v.glow = glow.New[string](o.Do, o.Now)
	}
	p.Table = filtered.New(table.New(table.Options[string, *Row]{
		Columns: v.columns(),
		ID:      (*Row).TableID,
		Orders:  orders(v.idTitle()),
		Theme:   o.Theme,
		Marked:  func(r *Row) bool { return p.marks.Has(r.id) },
		Empty: func(isFiltered bool) []string {
			if isFiltered {
				return p.noMatch(&o)
			}
			return o.Empty()
		},
		Limit: o.Limit, Trimmed: p.older.trimmed, Changed: p.tally.change,
	}), filtered.Options[*Row]{Passes: passes(o.Kind), Keys: filter.RowKeys(), Now: o.Now})
	p.marks = marks.New(p)
	p.SetTail(&p.older)
	p.Browser = browse.New(p, browse.Options{Keys: o.Keys, Say: o.Say, Selected: p.selectedID, Copy: o.CopyID})
	return p
}

// Upsert adds rows from the log, or replaces those with the same ids.
func (p *Page) Upsert(rows ...*Row) {
	ls := &p.listings
	if len(ls.entries) == 0 {
		p.put(rows)
		return
	}
	merged := make([]*Row, len(rows))
	for i, r := range rows {
		if e := ls.entries[r.id]; e != nil {
			e.row = r
			merged[i] = ls.merge(e)
		} else {
			merged[i] = p.keepName(r)
		}
	}
	p.put(merged)
}

// Glow lets those of some rows glow that the table does not have yet, or with another status. It
// is to be called before Upsert.
func (p *Page) Glow(rows []*Row) tea.Cmd {
	if p.view.glow == nil || p.Paused() {
		return nil
	}
	var changed []string
	for _, r := range rows {
		if was, ok := p.Get(r.id); !ok || was.shown() != r.shown() || was.class != r.class {
			changed = append(changed, r.id)
		}
	}
	return p.view.glow.Add(changed...)
}

// put puts rows into the table.
func (p *Page) put(rows []*Row) {
	for _, r := range rows {
		if r.Waits() {
			p.addWaiting(r.id)
		} else {
			delete(p.waiting, r.id)
		}
		if !p.view.namedOrders && p.view.kind == receiver.Order && r.name.Value() != "" {
			p.view.namedOrders = true
			p.SetColumns(p.view.columns())
		}
	}
	p.Table.Upsert(rows...)
	p.older.separate()
}

// addWaiting remembers a row that waits for the user. From time to time it forgets those that
// the table has removed at its limit.
func (p *Page) addWaiting(id string) {
	if len(p.waiting) >= 2*p.limit && !p.Paused() {
		for id := range p.waiting {
			if _, ok := p.Get(id); !ok {
				delete(p.waiting, id)
			}
		}
	}
	if len(p.waiting) < 2*p.limit {
		p.waiting[id] = struct{}{}
	}
}

// keepName returns the row with the name from UP42, if the table still shows it.
func (p *Page) keepName(r *Row) *Row {
	was, ok := p.Get(r.id)
	if !ok || was.name == r.name || r.name.Value() != "" {
		return r
	}
	c := *r
	c.name = was.name
	return &c
}

// List takes a list from UP42, and the rows that the log has of it. A row that no
// delivery is about is made from the list. During a pause List does this later.
func (p *Page) List(all []detail.Listing, rows []*Row, newest Newest) {
	if p.Paused() {
		p.held = append(p.held, func() { p.List(all, rows, newest) })
		return
	}
	stored := make(map[string]*Row, len(rows))
	for _, r := range rows {
		stored[r.id] = r
	}
	merged := make([]*Row, 0, len(all))
	for _, l := range all {
		if l.ID == "" {
			continue
		}
		known, _ := p.Get(l.ID)
		e := p.listings.set(l, known, newest)
		if r := stored[l.ID]; r != nil && (e.row == nil || e.row.Seq < r.Seq) {
			e.row = r
		}
		merged = append(merged, p.listings.merge(e))
	}
	p.put(merged)
	p.listings.trim(all)
}

// SetPaused freezes the rows, or applies the changes that came meanwhile.
func (p *Page) SetPaused(paused bool) {
	p.Table.SetPaused(paused)
	if paused {
		return
	}
	p.older.separate()
	p.TailChanged()
	held := p.held
	p.held = nil
	for _, list := range held {
		list()
	}
}

// OnlyListed returns the number of rows that no delivery is about.
func (p *Page) OnlyListed() int { return p.count(p.listings.onlyListed) }

// Tally counts the rows that the table has.
func (p *Page) Tally() *Tally { return p.tally }

// Waiting returns the number of rows that wait for an answer of the user.
func (p *Page) Waiting() int { return p.count(p.waiting) }

// count counts the ids of rows that the table has.
func (p *Page) count(ids map[string]struct{}) int {
	if _, kept := p.Table.Len(); kept < p.limit {
		return len(ids)
	}
	n := 0 // the table has removed some at its limit
	for id := range ids {
		if _, ok := p.Get(id); ok {
			n++
		}
	}
	return n
}

// Row returns the row of a key. ok is false if the table does not have it.
func (p *Page) Row(k receiver.Key) (r *Row, ok bool) { return p.Get(ID(k)) }

// Listing returns what UP42 said last about a live row. ok is false if it said nothing.
func (p *Page) Listing(id string) (l detail.Listing, ok bool) {
	e := p.listings.entries[id]
	if e == nil {
		return l, false
	}
	return e.listing, true
}

// Marks returns the marked rows.
func (p *Page) Marks() *marks.Marks { return p.marks }

// MarkAt returns the row at an index, to be marked. ok is false if it is not read yet.
func (p *Page) MarkAt(i int) (m marks.Row, ok bool) {
	r := p.At(i)
	return marks.Row{ID: r.id, Key: receiver.Key{Kind: p.listings.kind, ID: r.ID(), Test: !r.live}}, !r.unread()
}

// Subject returns the row under the cursor. ok is false if the list is empty.
func (p *Page) Subject() (s detail.Subject, ok bool) {
	r, ok := p.Selected()
	if !ok {
		return s, false
	}
	return detail.Subject{Key: receiver.Key{Kind: p.listings.kind, ID: r.ID(), Test: !r.live}, Unread: r.unread()}, true
}

func (p *Page) selectedID() (id string, ok bool) {
	s, ok := p.Subject()
	return s.Key.ID, ok
}
