// Package detail shows all that is known about one row or one delivery: the status
// and the journey, what was sent, and why the verdict is what it is.
package detail

import (
	"context"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/textblock"
	"github.com/up42/up42-webhooks/tui/theme"
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
	// Listing returns what UP42's API says about a row; ok is false if it says
	// nothing. It may be nil.
	Listing func(receiver.Key) (l Listing, ok bool)
	// NameOf returns the name of a webhook by its id, or "" if it is not known. It
	// may be nil.
	NameOf func(id string) string
	// Workspace says that the receiver accepts the secrets of the workspace's
	// webhooks, besides the configured secrets.
	Workspace bool
	// Good reports whether the rejected delivery with a number is good now. It may be nil.
	Good func(number int64) bool
	// Keys are the dashboard's keys. Nil if the page gets no keys.
	Keys *keys.Map
	// CopyID and CopyBody copy to the clipboard what is shown.
	CopyID, CopyBody func(string) tea.Cmd
}

// Page shows one subject at a time and scrolls.
type Page struct {
	o        Options
	viewport viewport

	subject Subject
	asked   int // the number of the last load; older answers are ignored
	loading bool
	again   bool      // load again, as the row changed while it was loading
	loaded  *contents // nil until something is loaded
}

// loadedMsg is the answer of a load.
type loadedMsg struct {
	asked int
	contents
}

// New makes an empty page.
func New(o Options) *Page {
	return &Page{o: o, viewport: viewport{keys: newKeyMap(), stale: true}}
}

// Open shows another subject, from its top. The command loads it.
func (p *Page) Open(s Subject) tea.Cmd {
	p.subject, p.loaded, p.viewport.top, p.again = s, nil, 0, false
	p.layout()
	return p.load()
}

// Refresh loads the subject again if it is this row. The view does not move.
func (p *Page) Refresh(k receiver.Key) tea.Cmd {
	if !p.subject.isRow() || p.subject.Key != k {
		return nil
	}
	if p.loading {
		p.again = true
		return nil
	}
	return p.load()
}

func (p *Page) load() tea.Cmd {
	p.asked++
	p.loading = true
	asked, subject, log, th := p.asked, p.subject, p.o.Log, p.o.Theme
	return p.o.Do(func(ctx context.Context) tea.Msg {
		m := loadedMsg{asked: asked}
		if m.record, m.err = read(ctx, log, subject); m.event != nil {
			m.body = formatBody(m.event.Raw, th)
		}
		return m
	})
}

// Subject returns what is shown.
func (p *Page) Subject() Subject { return p.subject }

// id returns the id of the order or job. The list has only the start of a very long one.
func (p *Page) id() string {
	if p.loaded != nil && p.loaded.event != nil && !p.subject.isRow() {
		return p.loaded.event.ID
	}
	return p.subject.Key.ID
}

// body returns the body that is shown as one line of clean text, or "".
func (p *Page) body() string {
	if p.loaded == nil || p.loaded.event == nil {
		return ""
	}
	return oneLine(p.loaded.event.Raw)
}

// Tick updates the ages and what UP42's API says.
func (p *Page) Tick() { p.layoutHead() }

// SetSize sets the size in cells.
func (p *Page) SetSize(w, h int) {
	v := &p.viewport
	if w == v.w && h == v.h {
		return
	}
	v.w, v.h = max(0, w), max(0, h)
	p.layout()
}

// layout makes all lines, for another width or other contents.
func (p *Page) layout() {
	d := p.description()
	d.tail(p.loaded)
	p.viewport.setTail(d.Block)
	p.layoutHead()
	p.viewport.scrollTo(p.viewport.top)
}

func (p *Page) layoutHead() {
	d := p.description()
	d.head(p.subject, p.loaded, p.listing())
	p.viewport.setHead(d.Block)
}

// names is the width of the column of names before values.
const names = 13

func (p *Page) description() *description {
	return &description{
		Block: textblock.Block{Theme: p.o.Theme, Width: p.viewport.w, Names: names},
		now:   p.o.Now(), nameOf: p.o.NameOf, workspace: p.o.Workspace, good: p.o.Good,
	}
}

// listing returns what UP42's API says about the subject, or nil.
func (p *Page) listing() *Listing {
	if p.o.Listing == nil || !p.subject.isRow() {
		return nil
	}
	if l, ok := p.o.Listing(p.subject.Key); ok {
		return &l
	}
	return nil
}

// Update takes the answers of the page's commands.
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	if m, ok := msg.(loadedMsg); ok {
		return p.show(m)
	}
	return nil
}

func (p *Page) show(m loadedMsg) tea.Cmd {
	if m.asked != p.asked {
		return nil
	}
	p.loading, p.loaded = false, &m.contents
	if e := m.event; p.subject.Unread && e != nil {
		p.subject.Unread, p.subject.Key = false, receiver.Key{Kind: e.Kind, ID: e.ID, Test: !e.LiveMode}
	}
	p.layout()
	if p.again {
		p.again = false
		return p.load()
	}
	return nil
}

// Keys returns the page's keys, for the help.
func (p *Page) Keys() []key.Binding { return append(p.o.Keys.Detailed(), p.viewport.keys.all()...) }

// Press takes a key. It returns false if the key means nothing here.
func (p *Page) Press(msg tea.KeyMsg) (cmd tea.Cmd, ok bool) {
	switch k := p.o.Keys; {
	case key.Matches(msg, k.Copy):
		return p.o.CopyID(p.id()), true
	case key.Matches(msg, k.CopyBody):
		return p.o.CopyBody(p.body()), true
	default:
		return nil, p.viewport.press(msg)
	}
}

// Where says which lines are on the screen, or returns "" if all are.
func (p *Page) Where() string { return p.viewport.where() }

// View returns exactly as many lines, of exactly as many cells, as SetSize set.
func (p *Page) View() string { return p.viewport.view() }
