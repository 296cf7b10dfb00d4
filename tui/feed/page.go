// Package feed is the page that lists every delivery as it came, the rejected
// ones among them.
package feed

import (
	"cmp"
	"context"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/browse"
	"github.com/up42/up42-webhooks/tui/detail"
	"github.com/up42/up42-webhooks/tui/filtered"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/table"
	"github.com/up42/up42-webhooks/tui/theme"
)

const (
	// Limit is how many deliveries the page holds; the store holds all.
	Limit = 50_000
	// olderPage is how many older ones are read at a time.
	olderPage = 2500
)

// Options are what a Page needs.
type Options struct {
	Log   receiver.Reader
	Theme *theme.Theme
	// Now is the clock; times are shown in its zone.
	Now func() time.Time
	// Do makes a command of a function; it owns the command's goroutine and
	// context.
	Do func(func(context.Context) tea.Msg) tea.Cmd
	// Empty says in a few lines what to do while nothing came.
	Empty func() []string
	// NameOf is the name of the webhook of an id, "" where it is not known; nil:
	// none is, and there is no column for them.
	NameOf func(id string) string
	// Keys are the dashboard's keys. Nil if the page gets no keys.
	Keys *keys.Map
	// Say shows a note. It may be nil.
	Say note.Say
	// CopyID copies an id to the clipboard.
	CopyID func(id string) tea.Cmd
}

// Page is the feed. Its cursor, order and filter are the table's.
type Page struct {
	*filtered.Table[int64, *Entry]
	*browse.Browser
	o Options
	h int

	next     Place
	complete time.Time // nothing that came from then on is missing
	held     []*Entry  // from before then: shown once what is between is there
	loading  bool
	started  int // counts starts, so that an overtaken answer is told
	waiting  int64
	err      error

	names            map[string]string // of webhooks, as the entries say them
	events, rejected span              // between which the entries' keys lie
}

// New makes an empty page.
func New(o Options) *Page {
	v := view{theme: o.Theme, now: o.Now, named: o.NameOf != nil}
	p := &Page{o: o, names: map[string]string{}}
	p.Table = filtered.New(table.New(table.Options[int64, *Entry]{
		Columns: v.columns(),
		ID:      (*Entry).Key,
		Orders:  orders(),
		Theme:   o.Theme,
		Empty:   p.empty,
		Limit:   Limit,
	}), filtered.Options[*Entry]{Passes: passes, Now: o.Now})
	p.Browser = browse.New(p, browse.Options{Keys: o.Keys, Say: o.Say, Selected: p.selectedID, Copy: o.CopyID})
	return p
}

func (p *Page) empty(filtered bool) []string {
	switch {
	case !filtered:
		return p.o.Empty()
	case p.More():
		return []string{"Nothing matches the filter so far; looking further back" + p.o.Theme.Glyphs.Ellipsis, "", "esc clears it; / changes it."}
	default:
		return []string{"Nothing matches the filter.", "", "esc clears it; / changes it."}
	}
}

// Start replaces all that the page holds.
func (p *Page) Start(c *Chunk) {
	p.Reset()
	p.held, p.loading, p.err = nil, false, nil
	p.events, p.rejected = span{}, span{}
	p.started++
	p.extend(c)
}

// Add adds what came since.
func (p *Page) Add(entries []*Entry) { p.Upsert(p.name(entries)...) }

// extend adds what came before.
func (p *Page) extend(c *Chunk) {
	p.next, p.complete = c.Next, c.complete
	all := append(p.held, c.Entries...)
	show := all[:0:0]
	p.held = nil
	for _, e := range all {
		if e.At().Before(p.complete) {
			p.held = append(p.held, e)
		} else {
			show = append(show, e)
		}
	}
	p.Upsert(p.name(show)...)
}

// More says whether the store has older deliveries, and the page room for them.
func (p *Page) More() bool {
	_, total := p.Len()
	return p.next.More() && total+olderPage <= Limit
}

// olderMsg is what a look further back found.
type olderMsg struct {
	started int
	chunk   *Chunk
	err     error
}

// Want reads older deliveries if the cursor is near the end of those that are
// there, or a filter leaves too few.
func (p *Page) Want() tea.Cmd {
	if p.loading || p.Paused() || !p.More() || !p.NearEnd(2*p.h) {
		return nil
	}
	p.loading = true
	started, from, log := p.started, p.next, p.o.Log
	return p.o.Do(func(ctx context.Context) tea.Msg {
		c, err := Read(ctx, log, from, olderPage)
		return olderMsg{started, c, err}
	})
}

// Update takes the answers of the page's commands.
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	p.Table.Update(msg)
	m, ok := msg.(olderMsg)
	if !ok || m.started != p.started {
		return nil
	}
	p.loading = false
	if p.err = m.err; m.err != nil {
		return nil
	}
	if p.Paused() {
		return nil // it is read again when the view moves
	}
	p.extend(m.chunk)
	return p.Want()
}

// Err is why older deliveries could not be read, nil if they could.
func (p *Page) Err() error { return p.err }

// SetSize sets how much room there is.
func (p *Page) SetSize(w, h int) {
	p.h = h
	p.Table.SetSize(w, h)
}

// SetWaiting tells how many deliveries came since the page was paused: they
// wait in the log, not here.
func (p *Page) SetWaiting(n int64) { p.waiting = n }

// New is how many deliveries came since the page was paused.
func (p *Page) New() int { return int(p.waiting) }

// SetPaused freezes the view, or lets go of what was kept aside.
func (p *Page) SetPaused(paused bool) {
	p.waiting = 0
	p.Table.SetPaused(paused)
}

// OrderName is what the entries are sorted by.
func (p *Page) OrderName() string { return p.Order().Name }

// Subject is the delivery under the cursor; ok is false where there is none.
func (p *Page) Subject() (s detail.Subject, ok bool) {
	e, ok := p.Selected()
	if !ok {
		return s, false
	}
	return detail.Subject{Key: receiver.Key{Kind: e.Kind, ID: e.ID()}, Seq: e.Seq, Rejected: e.Rejected()}, true
}

func orders() []table.Order[*Entry] {
	return []table.Order[*Entry]{
		{Name: "newest", Column: timeTitle, Compare: newest},
		{Name: "verdict, worst first", Column: verdictTitle, Compare: byVerdict},
		{Name: "event and id", Column: eventTitle, Compare: byEvent},
	}
}

func newest(a, b *Entry) int {
	if c := cmp.Compare(b.at, a.at); c != 0 {
		return c
	}
	return cmp.Compare(b.Seq, a.Seq)
}

func byVerdict(a, b *Entry) int {
	if c := cmp.Compare(a.Verdict.Trust(), b.Verdict.Trust()); c != 0 {
		return c
	}
	return newest(a, b)
}

func byEvent(a, b *Entry) int {
	if c := strings.Compare(a.name.Value(), b.name.Value()); c != 0 {
		return c
	}
	if c := strings.Compare(a.ID(), b.ID()); c != 0 {
		return c
	}
	return newest(a, b)
}

func (p *Page) selectedID() (id string, ok bool) {
	s, ok := p.Subject()
	return s.Key.ID, ok
}
