// Package undelivered is the page that lists what could not be handed on: the
// events that a target was offered until that was given up.
package undelivered

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/tui/browse"
	"github.com/up42/up42-webhooks/tui/detail"
	"github.com/up42/up42-webhooks/tui/filtered"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/table"
	"github.com/up42/up42-webhooks/tui/theme"
)

// Options are what a Page needs.
type Options struct {
	Log   receiver.Reader
	Theme *theme.Theme
	Now   func() time.Time
	// Do makes a command of a function; it owns the command's goroutine and
	// context.
	Do func(func(context.Context) tea.Msg) tea.Cmd
	// Failures is what was given up, oldest event first.
	Failures func(ctx context.Context) ([]receiver.Failure, error)
	// Empty says in a few lines how the targets stand while nothing is
	// undelivered.
	Empty func() []string
	// Keys are the dashboard's keys. Nil if the page gets no keys.
	Keys *keys.Map
	// Say shows a note. It may be nil.
	Say note.Say
	// CopyID copies an id to the clipboard.
	CopyID func(id string) tea.Cmd
}

// Page is the list. Its cursor, order and filter are the table's.
type Page struct {
	*filtered.Table[string, *Row]
	*browse.Browser
	o Options

	rows  map[string]*Row // all that were read, also those kept aside in a pause
	known bool
	err   error

	reading, again bool
	readAt         time.Time // when it was read, or began to be
}

// New makes an empty page. It reads nothing by itself.
func New(o Options) *Page {
	v := view{theme: o.Theme, now: o.Now}
	p := &Page{o: o, rows: map[string]*Row{}}
	p.Table = filtered.New(table.New(table.Options[string, *Row]{
		Columns: v.columns(),
		ID:      rowID,
		Orders:  orders(),
		Theme:   o.Theme,
		Empty:   p.empty,
	}), filtered.Options[*Row]{Passes: passes, Keys: filter.UndeliveredKeys(), Now: o.Now})
	p.Browser = browse.New(p, browse.Options{Keys: o.Keys, Say: o.Say, Selected: p.selectedID, Copy: o.CopyID})
	return p
}

func (p *Page) empty(filtered bool) []string {
	switch {
	case filtered:
		return []string{"Nothing matches the filter.", "", "esc clears it; / changes it."}
	case !p.known:
		return []string{"reading what could not be handed on" + p.o.Theme.Glyphs.Ellipsis}
	default:
		return p.o.Empty()
	}
}

// readMsg is what a read found.
type readMsg struct {
	page *Page
	rows map[string]*Row
	err  error
}

// Read reads the list. Where that is under way, it is read once more after.
func (p *Page) Read() tea.Cmd {
	if p.reading {
		p.again = true
		return nil
	}
	p.reading, p.readAt = true, p.o.Now()
	was := p.rows // a map that is not changed any more, once it is read
	return p.o.Do(func(ctx context.Context) tea.Msg {
		rows, err := p.read(ctx, was)
		if ctx.Err() != nil {
			return nil
		}
		return readMsg{p, rows, err}
	})
}

// ReadAfter reads the list if that was done so long ago.
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
		p.take(m.rows)
	}
	p.Invalidate()
	if p.again {
		p.again = false
		return p.Read()
	}
	return nil
}

// take puts what was read in the place of what was there.
func (p *Page) take(rows map[string]*Row) {
	var changed []*Row
	for k, r := range rows {
		if p.rows[k] != r {
			changed = append(changed, r)
		}
	}
	var gone []string
	for k := range p.rows {
		if rows[k] == nil {
			gone = append(gone, k)
		}
	}
	p.rows, p.known = rows, true
	if len(gone) > 0 {
		p.Remove(gone...)
	}
	p.Upsert(changed...)
}

// Count is how many events are undelivered, where that is known. It is not
// frozen by a pause.
func (p *Page) Count() (n int, known bool) { return len(p.rows), p.known }

// Err is why the list could not be read, nil if it could.
func (p *Page) Err() error { return p.err }

// OrderName is what the rows are sorted by.
func (p *Page) OrderName() string { return p.Order().Name }

// Subject is the event under the cursor; ok is false where there is none.
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
