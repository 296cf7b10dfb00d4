// Package detail shows all that is known about one row or one delivery: the status
// and the journey, what was sent, and why the verdict is what it is.
package detail

import (
	"context"
	"slices"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/jsontree"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/outside"
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
	// Program is the name by which users call this program. Empty: up42hooks.
	Program string
	// Good reports whether the rejected delivery with a number is good now. It may be nil.
	Good func(number int64) bool
	// Link returns the page of an order at UP42, or "". e is a delivery about it, or nil. It is called
	// from a command, and may be nil.
	Link func(k receiver.Key, e *receiver.Event) string
	// Say says in a note what a key did, or why it did nothing. It may be nil.
	Say note.Say
	// Keys are the dashboard's keys. Nil if the page gets no keys.
	Keys *keys.Map
	// CopyID and CopyBody copy to the clipboard what is shown.
	CopyID, CopyBody func(string) tea.Cmd
}

// Page shows one subject at a time and scrolls.
type Page struct {
	o        Options
	viewport viewport

	subject  Subject // what is to be shown
	asked    int     // the number of the last load; older answers are ignored
	loading  bool
	again    bool      // load again, as the row or the subject changed while it was loading
	loaded   *contents // what is shown; nil until something is loaded
	wrapping bool      // a large body is being broken into lines
	followed bool      // the subject may change again soon
	giveUp   func()    // gives up the comparison that is under way
	changed  time.Time // when the subject became another than that of loaded
	last     string    // what was sought last
}

// loadedMsg is the answer of a load.
type loadedMsg struct {
	asked int
	contents
}

// New makes an empty page.
func New(o Options) *Page {
	if o.Keys == nil {
		o.Keys = keys.New()
	}
	return &Page{o: o, giveUp: func() {}, viewport: viewport{
		keys: newKeyMap(o.Keys), theme: o.Theme, stale: true, left: column{theme: o.Theme}, right: column{theme: o.Theme},
	}}
}

// Open shows another subject, from its top. The command loads it.
func (p *Page) Open(s Subject) tea.Cmd {
	p.subject, p.loaded, p.again, p.followed = s, nil, false, false
	p.giveUp()
	p.toTop()
	p.layout()
	return p.load()
}

// Follow shows another subject, unless it is shown already. Until it is loaded, what was shown
// before stays. If Follow is called often, not each subject is loaded, but always the last one.
func (p *Page) Follow(s Subject) tea.Cmd {
	if p.subject.same(&s) {
		return nil
	}
	if p.Complete() {
		p.changed = p.o.Now()
	}
	p.subject, p.followed = s, true
	if p.loading {
		p.again = true
		return nil
	}
	return p.load()
}

// Clear shows nothing.
func (p *Page) Clear() {
	if p.subject != (Subject{}) || p.loaded != nil {
		p.subject, p.loaded, p.again, p.loading = Subject{}, nil, false, false
		p.asked++
		p.giveUp()
		p.layout()
	}
}

// Complete reports whether what is shown is about the subject.
func (p *Page) Complete() bool { return p.loaded != nil && p.loaded.subject.same(&p.subject) }

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
	asked, subject, log, width, link := p.asked, p.subject, p.o.Log, p.viewport.withBody().w, p.o.Link
	return p.o.Do(func(ctx context.Context) tea.Msg {
		m := loadedMsg{asked: asked}
		m.subject = subject
		if m.record, m.err = read(ctx, log, subject); m.event != nil {
			m.body = newBody(m.event.Raw, width)
		}
		if link != nil {
			m.link = link(m.about(), m.event)
		}
		return m
	})
}

// wrappedMsg is the answer of Wrap.
type wrappedMsg struct {
	contents *contents
	heights  *jsontree.Heights
}

// Wrap breaks a large body for the width that the page has now. Until then its lines are cut. The
// command must be run; it is nil if there is nothing to do.
func (p *Page) Wrap() tea.Cmd {
	c, width := p.loaded, p.viewport.withBody().w
	if p.wrapping || c == nil || c.body == nil || c.body.Width() == width {
		return nil
	}
	p.wrapping = true
	body := c.body.Tree
	return p.o.Do(func(context.Context) tea.Msg { return wrappedMsg{c, body.Measure(width)} })
}

// Subject returns what is shown.
func (p *Page) Subject() Subject { return p.subject }

// id returns the id of the order or job. The list has only the start of a very long one.
func (p *Page) id() string {
	if p.Complete() && p.loaded.event != nil && !p.subject.isRow() {
		return p.loaded.event.ID
	}
	return p.subject.Key.ID
}

// bodyText returns the body that is shown as one line of clean text, or "".
func (p *Page) bodyText() string {
	if !p.Complete() || p.loaded.event == nil {
		return ""
	}
	return oneLine(p.loaded.event.Raw)
}

// toTop moves to the first line, for another subject.
func (p *Page) toTop() { p.viewport.top, p.viewport.cursor = 0, place{} }

// patience is how long the details of another subject stay while the next ones are loaded.
const patience = 300 * time.Millisecond

// outdated reports whether what is shown is about another subject for too long.
func (p *Page) outdated() bool { return !p.Complete() && p.o.Now().Sub(p.changed) > patience }

// Tick updates the ages and what UP42's API says.
func (p *Page) Tick() {
	if p.loaded != nil && p.outdated() {
		p.loaded = nil
		p.toTop()
		p.layout()
		return
	}
	p.layoutHead()
}

// SetSize sets the size in cells.
func (p *Page) SetSize(w, h int) {
	v := &p.viewport
	w, h = max(0, w), max(0, h)
	if h != v.h {
		v.h = h
		v.scrollTo(v.top)
		if v.focused {
			v.goTo(v.cursor)
		}
	}
	if w != v.w {
		v.setWidth(w)
		p.layout()
	}
}

// layout makes all lines, for another width or other contents.
func (p *Page) layout() {
	v := &p.viewport
	at := v.anchor()
	v.clear()
	above := p.description(v.left.w)
	if v.two() {
		above.proved(p.loaded)
		sent, received := p.description(v.right.w), p.description(v.right.w)
		sent.sent(p.loaded)
		received.received(p.loaded)
		v.right.parts[head], v.right.parts[end] = partOf(sent.Block), partOf(received.Block)
	} else {
		above.tail(p.loaded)
		below := p.description(v.left.w)
		below.end(p.loaded)
		v.left.parts[end] = partOf(below.Block)
	}
	v.left.parts[tail] = partOf(above.Block)
	if c := p.loaded; c != nil && c.body != nil {
		if w := v.withBody().w; len(c.event.Raw) <= atOnce && c.body.Width() != w {
			c.body.Resize(c.body.Measure(w))
		}
		v.withBody().body = c.body
	}
	p.makeHead()
	v.restore(at)
}

// layoutHead makes the lines that contain ages.
func (p *Page) layoutHead() {
	at := p.viewport.anchor()
	p.makeHead()
	p.viewport.restore(at)
}

func (p *Page) makeHead() {
	d, v := p.description(p.viewport.left.w), &p.viewport
	switch {
	case p.loaded != nil:
		d.head(p.loaded.subject, p.loaded, p.listing(&p.loaded.subject))
	case p.subject != (Subject{}):
		d.head(p.subject, nil, nil)
	}
	v.left.parts[head] = partOf(d.Block)
}

// names is the width of the column of names before values, narrowNames the one where an id would
// not fit beside it otherwise.
const names, narrowNames, narrow = 13, 11, 60

func (p *Page) description(width int) *description {
	name := names
	if width < narrow {
		name = narrowNames
	}
	link := ""
	if p.loaded != nil {
		link = p.loaded.link
	}
	return &description{
		link:  link,
		Block: textblock.Block{Theme: p.o.Theme, Width: width, Names: name},
		now:   p.o.Now(), nameOf: p.o.NameOf, workspace: p.o.Workspace, program: p.o.Program, good: p.o.Good, keys: p.o.Keys,
	}
}

// listing returns what UP42's API says about a subject, or nil.
func (p *Page) listing(s *Subject) *Listing {
	if p.o.Listing == nil || !s.isRow() {
		return nil
	}
	if l, ok := p.o.Listing(s.Key); ok {
		return &l
	}
	return nil
}

// Update takes the answers of the page's commands.
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	switch m := msg.(type) {
	case loadedMsg:
		return p.show(m)
	case wrappedMsg:
		if p.wrapping = false; m.contents == p.loaded {
			p.loaded.body.Resize(m.heights)
			p.layout()
		}
	case comparedMsg:
		if m.contents == p.loaded {
			p.loaded.changes = m.changes
			p.layout()
		}
	}
	return nil
}

func (p *Page) show(m loadedMsg) tea.Cmd {
	if m.asked != p.asked {
		return nil
	}
	p.loading = false
	switch wanted := m.subject.same(&p.subject); {
	case wanted:
		p.take(&m.contents)
	case p.outdated(): // the subject changes faster than it is loaded
		p.loaded = &m.contents
		p.layout()
	}
	if p.again {
		p.again = false
		return p.load()
	}
	if p.followed {
		return p.compare(settle)
	}
	return p.compare(0)
}

// take shows what was loaded about the subject.
func (p *Page) take(c *contents) {
	if e := c.event; p.subject.Unread && e != nil {
		p.subject.Unread, p.subject.Key = false, receiver.Key{Kind: e.Kind, ID: e.ID, Test: !e.LiveMode}
	}
	if p.loaded != nil && !p.loaded.subject.same(&p.subject) {
		p.toTop()
	}
	if p.loaded != nil && p.loaded.subject.same(&p.subject) {
		c.changes = p.loaded.changes // those of a newer event take their place
	}
	c.subject, p.loaded = p.subject, c
	p.layout()
}

// Keys returns the page's keys, for the help.
func (p *Page) Keys() []key.Binding {
	return slices.Concat(p.o.Keys.Detailed(), p.viewport.keys.all(), p.o.Keys.Folds())
}

// Press takes a key. It returns false if the key means nothing here.
func (p *Page) Press(msg tea.KeyMsg) (cmd tea.Cmd, ok bool) {
	switch k := p.o.Keys; {
	case key.Matches(msg, k.Copy):
		return p.o.CopyID(p.id()), true
	case key.Matches(msg, k.CopyBody):
		return p.o.CopyBody(p.bodyText()), true
	case key.Matches(msg, k.NextMatch):
		p.pressMatch(1)
	case key.Matches(msg, k.PreviousMatch):
		p.pressMatch(-1)
	case key.Matches(msg, k.Back) && p.viewport.sought != "":
		p.seek("")
	default:
		return nil, p.pressBody(msg) || p.viewport.press(msg)
	}
	return nil, true
}

// Shown is what the details show, for what takes it out of the screen.
func (p *Page) Shown() outside.Shown {
	s := outside.Shown{Key: p.subject.Key}
	if !p.Complete() {
		return s
	}
	s.Event, s.Body = p.loaded.event, p.bodyText()
	if s.Key.ID = p.id(); s.Event != nil && s.Key.Kind == "" {
		s.Key.Kind = s.Event.Kind
	}
	if line, ok := p.bodyLine(); ok {
		s.Path, s.Value = p.body().Where(line), p.body().Value(line)
		if p.body().IsContainer(line) {
			s.Value = oneLine([]byte(s.Value))
		}
		return s
	}
	if f, ok := p.viewport.columnOf(p.viewport.cursor).field(p.viewport.cursor.row); ok && p.viewport.focused {
		s.Path, s.Value = f.Name, f.Value
	}
	return s
}

// Focus says whether keys go to the details: then there is a cursor.
func (p *Page) Focus(focused bool) {
	if v := &p.viewport; v.focused != focused {
		v.focused, v.stale = focused, true
	}
}

// body is the body that is shown, or nil.
func (p *Page) body() *jsontree.View {
	if p.loaded == nil {
		return nil
	}
	return p.loaded.body
}

// Scroll shows lines that are further down, or further up if lines is negative.
func (p *Page) Scroll(lines int) { p.viewport.scrollTo(p.viewport.top + lines) }

// Where says which lines are on the screen, or returns "" if all are.
func (p *Page) Where() string { return p.viewport.where() }

// View returns exactly as many lines, of exactly as many cells, as SetSize set.
func (p *Page) View() string { return p.viewport.view() }
