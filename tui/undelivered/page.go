// Package undelivered is the page that lists undelivered events: those that a
// target did not take until the forwarder gave up.
package undelivered

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/tui/browse"
	"github.com/up42/up42-webhooks/tui/detail"
	"github.com/up42/up42-webhooks/tui/filtered"
	"github.com/up42/up42-webhooks/tui/marks"
	"github.com/up42/up42-webhooks/tui/number"
	"github.com/up42/up42-webhooks/tui/table"
)

// Page is the list. The embedded table has its cursor, order and filter.
type Page struct {
	*filtered.Table[string, *Row]
	*browse.Browser
	o     Options
	marks *marks.Marks

	rows  map[string]*Row // by id, also those that the table keeps for after a pause
	older int             // how many undelivered events are older than rows
	known bool            // rows was read
	err   error

	reading, again bool
	readAt         time.Time // when the last read started
}

// New makes an empty page. It does not read the list.
func New(o Options) *Page {
	p := &Page{o: o, rows: map[string]*Row{}}
	p.Table = filtered.New(table.New(table.Options[string, *Row]{
		Columns: table.Choose(columns(o.Theme, o.Now), o.Columns),
		ID:      rowID,
		Orders:  orders(),
		Theme:   o.Theme,
		Marked:  func(r *Row) bool { return p.marks.Len() > 0 && p.marks.Has(rowID(r)) },
		Empty:   p.empty,
	}), filtered.Options[*Row]{Passes: passes, Keys: filter.UndeliveredKeys(), Now: o.Now})
	p.marks = marks.New(p)
	p.Browser = browse.New(p, browse.Options{Keys: o.Keys, Say: o.Say, Selected: p.selectedID, Copy: o.CopyID})
	return p
}

func (p *Page) empty(isFiltered bool) []string {
	switch {
	case isFiltered && p.older > 0:
		return table.NoMatch("Nothing matches the filter among the newest "+number.Format(int64(len(p.rows)))+"; older ones are not on this page.", p.o.Keys)
	case isFiltered:
		return table.NoMatch(table.NothingMatches, p.o.Keys)
	case !p.known:
		return []string{"reading the undelivered events" + p.o.Theme.Glyphs.Ellipsis}
	default:
		return p.o.Empty()
	}
}

// readMsg is the answer of a read.
type readMsg struct {
	page  *Page
	rows  map[string]*Row
	older int
	err   error
}

// Read reads the list. If it is being read already, it is read once more after that.
func (p *Page) Read() tea.Cmd {
	if p.reading {
		p.again = true
		return nil
	}
	p.reading, p.readAt = true, p.o.Now()
	old := p.rows // the command may use it, as the map never changes
	return p.o.Do(func(ctx context.Context) tea.Msg {
		rows, older, err := read(ctx, &p.o, old)
		if ctx.Err() != nil {
			return nil
		}
		return readMsg{p, rows, older, err}
	})
}

// ReadAfter reads the list if the last read started at least d ago.
func (p *Page) ReadAfter(d time.Duration) tea.Cmd {
	if p.reading || p.o.Now().Sub(p.readAt) < d {
		return nil
	}
	return p.Read()
}

// Update takes the answers of the page's commands.
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	p.Table.Update(msg)
	m, ok := msg.(readMsg)
	if !ok || m.page != p {
		return nil
	}
	p.reading = false
	if p.err = m.err; m.err == nil {
		p.older = m.older
		p.show(m.rows)
	}
	p.Invalidate()
	if p.again {
		p.again = false
		return p.Read()
	}
	return nil
}

// show replaces the rows.
func (p *Page) show(rows map[string]*Row) {
	var changed []*Row
	for id, r := range rows {
		if p.rows[id] != r {
			changed = append(changed, r)
		}
	}
	var gone []string
	for id := range p.rows {
		if rows[id] == nil {
			gone = append(gone, id)
		}
	}
	p.rows, p.known = rows, true
	if len(gone) > 0 {
		p.Remove(gone...)
	}
	p.Upsert(changed...)
}

// Count returns the number of undelivered events, also of those that came during a
// pause, and of those that are too old for the page. known is false until the list was
// read.
func (p *Page) Count() (n int, known bool) { return len(p.rows) + p.older, p.known }

// Older returns how many undelivered events are not on the page, because it has MaxRows
// newer ones.
func (p *Page) Older() int { return p.older }

// Err returns why the list could not be read, or nil.
func (p *Page) Err() error { return p.err }

// Marks returns the marked events.
func (p *Page) Marks() *marks.Marks { return p.marks }

// MarkAt returns the event at an index, to be marked.
func (p *Page) MarkAt(i int) (m marks.Row, ok bool) {
	r := p.At(i)
	return marks.Row{ID: rowID(r), Key: r.event.key, Seq: r.Seq, Target: r.Target}, true
}

// Subject returns the event under the cursor. ok is false if the list is empty.
func (p *Page) Subject() (s detail.Subject, ok bool) {
	r, ok := p.Selected()
	if !ok {
		return s, false
	}
	return detail.Subject{Key: r.event.key, Seq: r.Seq, Undelivered: &r.failure}, true
}

func (p *Page) selectedID() (id string, ok bool) {
	s, ok := p.Subject()
	return s.Key.ID, ok
}
