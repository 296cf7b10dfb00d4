// Package feed is the page that lists all deliveries in the order in which they
// came, also the rejected ones.
package feed

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/retry"
	"github.com/up42/up42-webhooks/tui/browse"
	"github.com/up42/up42-webhooks/tui/cells"
	"github.com/up42/up42-webhooks/tui/detail"
	"github.com/up42/up42-webhooks/tui/filtered"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/table"
	"github.com/up42/up42-webhooks/tui/theme"
)

const (
	// Limit is the largest number of deliveries on the page, of which the rejected
	// ones are at most as many as the store keeps. The store has all events.
	Limit = 50_000
	// olderPage is the number of older events that are read at a time, and of
	// rejected deliveries.
	olderPage = 2500
	// retryAfter is the wait after a read that failed.
	retryAfter = time.Second
)

// Options are what a Page needs.
type Options struct {
	Log   receiver.Reader
	Theme *theme.Theme
	// Now is the clock. Times are shown in its time zone.
	Now func() time.Time
	// Do makes a command of a function. It owns the command's goroutine and
	// context.
	Do func(func(context.Context) tea.Msg) tea.Cmd
	// Empty returns a few lines that say what to do while no delivery has come.
	Empty func() []string
	// NameOf returns the name of a webhook by its id, or "" if it is not known. If
	// it is nil, the page has no column for webhooks.
	NameOf func(id string) string
	// Good reports whether the rejected delivery with a number is good now. It may be nil.
	Good func(number int64) bool
	// Keys are the dashboard's keys. Nil if the page gets no keys.
	Keys *keys.Map
	// Say shows a note. It may be nil.
	Say note.Say
	// CopyID copies an id to the clipboard.
	CopyID func(id string) tea.Cmd
}

// Page is the feed. The embedded table has its cursor, order and filter.
type Page struct {
	*filtered.Table[int64, *Entry]
	*browse.Browser
	o Options
	h int

	next     Position
	complete time.Time // no delivery is missing from then on
	held     []*Entry  // older entries, which are shown when those between are read
	loading  bool
	started  int // the number of calls of Start; older answers are ignored
	waiting  int64
	err      error

	names webhookNames
	keys  spans
}

// New makes an empty page.
func New(o Options) *Page {
	v := view{theme: o.Theme, now: o.Now, webhooks: o.NameOf != nil, good: o.Good}
	p := &Page{o: o, names: webhookNames{lookup: o.NameOf, shown: map[string]string{}}}
	p.Table = filtered.New(table.New(table.Options[int64, *Entry]{
		Columns: v.columns(),
		ID:      (*Entry).Key,
		Orders:  orders(),
		Theme:   o.Theme,
		Empty:   p.empty,
		Limit:   Limit,
	}), filtered.Options[*Entry]{Passes: passes, Now: o.Now})
	p.Browser = browse.New(p, browse.Options{Keys: o.Keys, Say: o.Say, Selected: p.selectedID, Copy: p.copyID})
	return p
}

func (p *Page) empty(isFiltered bool) []string {
	switch {
	case !isFiltered:
		return p.o.Empty()
	case p.More():
		return table.NoMatch("Nothing matches the filter so far; looking further back" + p.o.Theme.Glyphs.Ellipsis)
	default:
		return table.NoMatch(table.NothingMatches)
	}
}

// Start replaces all entries.
func (p *Page) Start(c *Chunk) {
	p.Reset()
	p.held, p.loading, p.err = nil, false, nil
	p.keys = spans{}
	p.started++
	p.addOlder(c)
}

// Add adds new entries.
func (p *Page) Add(entries []*Entry) {
	named := make([]*Entry, len(entries))
	for i, e := range entries {
		named[i] = e.withWebhookName(p.names.of(e.Webhook()))
		p.keys.add(e)
	}
	p.Upsert(named...)
	if gone := p.keys.trimRejected(p.Get, receiver.RejectedKept); len(gone) > 0 {
		p.Remove(gone...)
	}
	for _, e := range entries {
		if from := e.about.Value().from; from != 0 {
			p.Drop([]int64{from})
		}
	}
}

// Drop removes rejected deliveries that are no longer in the store: they were admitted.
func (p *Page) Drop(numbers []int64) {
	for _, n := range numbers {
		p.Remove(-n)
	}
}

// addOlder adds older entries. It keeps those from before the time at which other
// deliveries may be missing.
func (p *Page) addOlder(c *Chunk) {
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
	p.Add(show)
}

// Rename updates the names of webhooks in all entries. The names are a part of the
// entries, so that filters can search them.
func (p *Page) Rename() {
	if !p.names.update() {
		return
	}
	_, total := p.Len()
	var changed []*Entry
	for _, e := range p.keys.entries(p.Get, total) {
		if n := e.withWebhookName(p.names.shown[e.Webhook()]); n != e {
			changed = append(changed, n)
		}
	}
	p.Upsert(changed...)
}

// More reports whether the store may have older deliveries, and the page has room
// for them.
func (p *Page) More() bool {
	_, total := p.Len()
	return p.next.More() && total+olderPage <= Limit
}

// Whole returns how many deliveries the page has. all says that the store has no others.
func (p *Page) Whole() (n int, all bool) {
	_, n = p.Len()
	return n, !p.next.More() && !p.Paused() && n < Limit
}

// olderMsg is the answer of ReadOlder.
type olderMsg struct {
	started int
	chunk   *Chunk
	err     error
}

// ReadOlder reads older deliveries if the cursor is near the end of the entries.
// With a filter, it is near the end if few entries match.
func (p *Page) ReadOlder() tea.Cmd {
	if p.loading || p.Paused() || !p.More() || !p.NearEnd(2*p.h) {
		return nil
	}
	p.loading = true
	started, from, log, wait := p.started, p.next, p.o.Log, time.Duration(0)
	if p.err != nil {
		wait = retryAfter
	}
	return p.o.Do(func(ctx context.Context) tea.Msg {
		if !retry.Sleep(ctx, wait) {
			return nil
		}
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
		return nil // it is read again after the pause
	}
	p.addOlder(m.chunk)
	return p.ReadOlder()
}

// Err returns why older deliveries could not be read, or nil.
func (p *Page) Err() error { return p.err }

// SetSize sets the size in cells.
func (p *Page) SetSize(w, h int) {
	p.h = h
	p.Table.SetSize(w, h)
}

// SetWaiting sets the number of deliveries that came since the page was paused. They
// wait in the log, not here.
func (p *Page) SetWaiting(n int64) { p.waiting = n }

// NewRows returns the number that SetWaiting set.
func (p *Page) NewRows() int { return int(p.waiting) }

// SetPaused freezes the entries, or applies the changes that came meanwhile.
func (p *Page) SetPaused(paused bool) {
	p.waiting = 0
	p.Table.SetPaused(paused)
}

// Subject returns the delivery under the cursor. ok is false if the list is empty.
func (p *Page) Subject() (s detail.Subject, ok bool) {
	e, ok := p.Selected()
	if !ok {
		return s, false
	}
	return detail.Subject{Key: receiver.Key{Kind: e.Kind, ID: e.ID(), Test: !e.live}, Seq: e.Seq, Rejected: e.Rejected()}, true
}

func (p *Page) selectedID() (id string, ok bool) {
	s, ok := p.Subject()
	return s.Key.ID, ok
}

func (p *Page) copyID(id string) tea.Cmd {
	if !cells.WholeID(id) {
		p.o.Say.Hint("the id is very long: enter shows the delivery, and y copies the whole id there")
		return nil
	}
	return p.o.CopyID(id)
}
