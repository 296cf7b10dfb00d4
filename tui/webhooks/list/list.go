// Package list is the list of the workspace's webhooks: it reads them from UP42,
// keeps what is known about them, and draws them as a table.
package list

import (
	"maps"
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/marks"
	"github.com/up42/up42-webhooks/tui/table"
	"github.com/up42/up42-webhooks/tui/webhooks/keymap"
)

// List is the list of webhooks. Its table has the cursor, the order and the
// filter. It is not safe for concurrent use.
type List struct {
	*table.Model[string, *Row]
	refresher
	cells    cells
	marks    *marks.Marks
	webhooks []client.Webhook
	names    map[string]string // by id, also of webhooks that were deleted; never changed

	columns []table.Column[*Row]
	resized bool // the columns have other widths since the last layout
	width   int
}

// New makes a list. It is empty until Start.
func New(o Options) *List {
	if o.Keys == nil {
		o.Keys = keymap.New()
	}
	l := &List{cells: cells{o: &o, seen: map[string]time.Time{}}, names: map[string]string{}}
	l.refresher = refresher{reader: &reader{o: &o, replace: l.replace}, aged: make(chan struct{}, 1)}
	l.columns = table.Choose(l.cells.columns(), o.Columns)
	l.fit(nil)
	l.Model = table.New(table.Options[string, *Row]{
		Columns: l.columns,
		ID:      func(r *Row) string { return r.webhook.ID },
		Orders:  orders(),
		Text:    searched,
		Marked:  func(r *Row) bool { return l.marks.Has(r.webhook.ID) },
		Theme:   o.Theme,
		Empty:   func(filtered bool) []string { return l.empty(filtered, l.width) },
	})
	l.marks = marks.New(l)
	return l
}

// Marks returns the marked webhooks.
func (l *List) Marks() *marks.Marks { return l.marks }

// MarkAt returns the webhook at an index, to be marked.
func (l *List) MarkAt(i int) (m marks.Row, ok bool) {
	id := l.At(i).webhook.ID
	return marks.Row{ID: id, Key: receiver.Key{ID: id}}, true
}

// SetSize sets the size in cells.
func (l *List) SetSize(w, h int) {
	l.width = w
	if l.resized {
		l.Model.SetSize(w+1, h) // a changed width makes the table lay out its columns
		l.resized = false
	}
	l.Model.SetSize(w, h)
}

func (l *List) fit(rows []*Row) {
	leadsHere := func(r *Row) bool {
		here, _ := l.cells.o.Receiver.PointsHere(r.webhook.URL)
		return here
	}
	l.resized = fit(l.columns, widths(rows, leadsHere)) || l.resized
}

// All returns all webhooks. The caller must not change the slice.
func (l *List) All() []client.Webhook { return l.webhooks }

// Count returns the number of webhooks, and whether it is known.
func (l *List) Count() (n int, known bool) { return len(l.webhooks), l.known }

// Find returns the webhook with an id.
func (l *List) Find(id string) (client.Webhook, bool) {
	at := slices.IndexFunc(l.webhooks, sameID(id))
	if at < 0 {
		return client.Webhook{}, false
	}
	return l.webhooks[at], true
}

// AtCursor returns the webhook under the cursor.
func (l *List) AtCursor() (client.Webhook, bool) {
	r, ok := l.Selected()
	if !ok {
		return client.Webhook{}, false
	}
	return r.webhook, true
}

// NameOf returns the name of a webhook, clean, or "" if it is not known. Webhooks
// that were deleted since the start have names too.
func (l *List) NameOf(id string) string { return l.names[id] }

// Names returns the names of all webhooks by their ids, clean. The map is never changed.
func (l *List) Names() map[string]string { return l.names }

// Saw says that a delivery came through a webhook.
func (l *List) Saw(id string, at time.Time) {
	if id != "" && at.After(l.cells.seen[id]) {
		l.cells.seen[id] = at
	}
}

// LastSeen is the time of a webhook's last delivery, or zero.
func (l *List) LastSeen(id string) time.Time { return l.cells.seen[id] }

// Change puts a webhook into the list as a call left it.
func (l *List) Change(w client.Webhook) tea.Cmd {
	all := slices.Clone(l.webhooks)
	if at := slices.IndexFunc(all, sameID(w.ID)); at >= 0 {
		all[at] = w
	} else {
		all = append(all, w)
	}
	l.replace(all)
	return l.restart()
}

// Drop removes a webhook from the list.
func (l *List) Drop(id string) tea.Cmd {
	l.replace(slices.DeleteFunc(slices.Clone(l.webhooks), sameID(id)))
	return l.restart()
}

func sameID(id string) func(client.Webhook) bool {
	return func(w client.Webhook) bool { return w.ID == id }
}

// replace replaces all webhooks.
func (l *List) replace(all []client.Webhook) {
	ids := make(map[string]bool, len(all))
	rows := make([]*Row, 0, len(all))
	names := maps.Clone(l.names)
	for _, w := range all {
		ids[w.ID] = true
		r := rowOf(w)
		names[w.ID] = r.name
		rows = append(rows, r)
	}
	var gone []string
	for _, w := range l.webhooks {
		if !ids[w.ID] {
			gone = append(gone, w.ID)
		}
	}
	for _, r := range l.marks.Rows() {
		if !ids[r.ID] {
			l.marks.Drop(r.ID)
		}
	}
	l.webhooks, l.names = all, names
	l.fit(rows)
	l.Remove(gone...)
	l.Upsert(rows...)
	if l.cells.o.Changed != nil {
		l.cells.o.Changed(slices.Clone(all))
	}
}
