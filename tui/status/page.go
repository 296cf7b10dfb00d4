// Package status is the page that shows where each order, or each job, stands.
package status

import (
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

// Limit is how many rows a page holds; the store holds all.
const Limit = 100_000

// Options are what a Page needs.
type Options struct {
	// Kind is the kind of the rows.
	Kind receiver.Kind
	// Named: the rows of orders have names, which only UP42's API tells.
	Named bool
	Theme *theme.Theme
	Now   func() time.Time
	// Empty says in a few lines what to do while there are no rows.
	Empty func() []string
	// Keys are the dashboard's keys. Nil if the page gets no keys.
	Keys *keys.Map
	// Say shows a note. It may be nil.
	Say note.Say
	// CopyID copies an id to the clipboard.
	CopyID func(id string) tea.Cmd
}

// Page is a status table. Its cursor, order and filter are the table's.
type Page struct {
	*filtered.Table[string, *Row]
	*browse.Browser
	kind receiver.Kind

	listed map[string]*entry   // what UP42's API says, by id
	alone  map[string]struct{} // ids that only the API has told of
	held   []func()            // what it told while the page is paused
}

// New makes an empty page.
func New(o Options) *Page {
	v := view{options: o, glyphs: &o.Theme.Glyphs}
	p := &Page{kind: o.Kind, listed: map[string]*entry{}, alone: map[string]struct{}{}}
	p.Table = filtered.New(table.New(table.Options[string, *Row]{
		Columns: v.columns(),
		ID:      func(r *Row) string { return r.ID },
		Orders:  orders(v.idTitle()),
		Theme:   o.Theme,
		Empty: func(filtered bool) []string {
			if filtered {
				return []string{"Nothing matches the filter.", "", "esc clears it; / changes it."}
			}
			return o.Empty()
		},
		Limit: Limit,
	}), filtered.Options[*Row]{Passes: p.passes, Keys: filter.RowKeys(), Now: o.Now})
	p.Browser = browse.New(p, browse.Options{Keys: o.Keys, Say: o.Say, Selected: p.selectedID, Copy: o.CopyID})
	return p
}

// Update takes the answers of the table's commands.
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	p.Table.Update(msg)
	return nil
}

// OrderName is what the rows are sorted by.
func (p *Page) OrderName() string { return p.Order().Name }

// Subject is the row under the cursor; ok is false where there is none.
func (p *Page) Subject() (s detail.Subject, ok bool) {
	r, ok := p.Selected()
	if !ok {
		return s, false
	}
	return detail.Subject{Key: receiver.Key{Kind: p.kind, ID: r.ID}}, true
}

func (p *Page) selectedID() (id string, ok bool) {
	s, ok := p.Subject()
	return s.Key.ID, ok
}
