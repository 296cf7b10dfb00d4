// Package detail shows all that is known of one row or one delivery: where it
// stands and how it came there, what was sent, and how the verdict on it came
// about.
package detail

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
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
	// Listing is what UP42's API says of a row, ok whether it says anything;
	// nil: nothing is known from there.
	Listing func(receiver.Key) (l Listing, ok bool)
	// NameOf is the name of the webhook of an id, "" where it is not known; nil:
	// none is.
	NameOf func(id string) string
	// Workspace: the receiver accepts the secrets of the workspace's webhooks
	// besides those that are configured.
	Workspace bool
}

// Page shows one subject at a time and scrolls.
type Page struct {
	o    Options
	keys keyMap
	w, h int

	subject Subject
	asked   int // counts loads, so that an overtaken answer is told
	loading bool
	again   bool // the row changed while it was being loaded
	loaded  *loadedMsg

	head, tail   []line // head depends on the time
	headSections []int
	tailSections []int
	top          int

	kept  string
	stale bool
}

// loadedMsg is what a load found.
type loadedMsg struct {
	asked int
	record
	body []line
	cut  bool
	err  error
}

// New makes an empty page.
func New(o Options) *Page { return &Page{o: o, keys: newKeyMap(), stale: true} }

// Open shows another subject, from its top, once the command has loaded it.
func (p *Page) Open(s Subject) tea.Cmd {
	p.subject, p.loaded, p.top, p.again = s, nil, 0, false
	p.layout()
	return p.load()
}

// Refresh loads the subject again, if it is this row; the view stays where it is.
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
			m.body, m.cut = formatBody(m.event.Raw, th)
		}
		return m
	})
}

// Subject is what is shown.
func (p *Page) Subject() Subject { return p.subject }

// Body is the body that is shown, in one line of clean text; "": none is.
func (p *Page) Body() string {
	if p.loaded == nil || p.loaded.event == nil {
		return ""
	}
	return oneLine(p.loaded.event.Raw)
}

// Tick brings up to date the ages and what UP42's API says.
func (p *Page) Tick() { p.layoutHead() }

// SetSize sets how much room there is.
func (p *Page) SetSize(w, h int) {
	if w == p.w && h == p.h {
		return
	}
	p.w, p.h = max(0, w), max(0, h)
	p.layout()
}

// Update takes keys and the answers of the page's commands.
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case loadedMsg:
		return p.take(msg)
	case tea.KeyMsg:
		p.press(msg)
	}
	return nil
}

func (p *Page) take(m loadedMsg) tea.Cmd {
	if m.asked != p.asked {
		return nil
	}
	p.loading, p.loaded = false, &m
	p.layout()
	if p.again {
		p.again = false
		return p.load()
	}
	return nil
}

// Keys are the page's keys.
func (p *Page) Keys() []key.Binding {
	k := &p.keys
	return []key.Binding{k.up, k.down, k.pageUp, k.pageDown, k.halfUp, k.halfDown, k.home, k.end, k.section, k.back}
}

// Handles says whether a key is one of the page's.
func (p *Page) Handles(msg tea.KeyMsg) bool { return key.Matches(msg, p.Keys()...) }

func (p *Page) press(msg tea.KeyMsg) {
	k, page := &p.keys, max(1, p.h-1)
	switch {
	case key.Matches(msg, k.up):
		p.scrollTo(p.top - 1)
	case key.Matches(msg, k.down):
		p.scrollTo(p.top + 1)
	case key.Matches(msg, k.pageUp):
		p.scrollTo(p.top - page)
	case key.Matches(msg, k.pageDown):
		p.scrollTo(p.top + page)
	case key.Matches(msg, k.halfUp):
		p.scrollTo(p.top - page/2)
	case key.Matches(msg, k.halfDown):
		p.scrollTo(p.top + page/2)
	case key.Matches(msg, k.home):
		p.scrollTo(0)
	case key.Matches(msg, k.end):
		p.scrollTo(p.size())
	case key.Matches(msg, k.section):
		p.nextSection()
	case key.Matches(msg, k.back):
		p.previousSection()
	}
}

func (p *Page) size() int { return len(p.head) + len(p.tail) }

func (p *Page) scrollTo(top int) {
	p.top = max(0, min(top, p.size()-p.h))
	p.stale = true
}

func (p *Page) sections() []int {
	out := append([]int(nil), p.headSections...)
	for _, s := range p.tailSections {
		out = append(out, len(p.head)+s)
	}
	return out
}

// nextSection goes to the next section, and from the end back to the top.
func (p *Page) nextSection() {
	before := p.top
	for _, s := range p.sections() {
		if s > p.top {
			p.scrollTo(s)
			break
		}
	}
	if p.top == before {
		p.scrollTo(0)
	}
}

func (p *Page) previousSection() {
	to := p.size()
	for _, s := range p.sections() {
		if s < p.top {
			to = s
		}
	}
	p.scrollTo(to)
}

// Where says what part is seen, for the frame.
func (p *Page) Where() string {
	if p.size() <= p.h {
		return ""
	}
	return fmt.Sprintf("lines %d-%d of %d", p.top+1, min(p.top+p.h, p.size()), p.size())
}

// View draws exactly as many lines, of as many cells, as there is room for. It
// is kept until something changes.
func (p *Page) View() string {
	if p.stale {
		p.kept, p.stale = p.draw(), false
	}
	return p.kept
}

func (p *Page) draw() string {
	var b strings.Builder
	for i := range p.h {
		if i > 0 {
			b.WriteByte('\n')
		}
		var l line
		switch at := p.top + i; {
		case at < len(p.head):
			l = p.head[at]
		case at < p.size():
			l = p.tail[at-len(p.head)]
		}
		left := p.w
		for _, s := range l {
			t := s.text
			if w := text.Width(t); w > left {
				t = text.Fit(t, left)
			}
			b.WriteString(s.style.Apply(t))
			if left -= text.Width(t); left <= 0 {
				break
			}
		}
		b.WriteString(text.Spaces(left))
	}
	return b.String()
}
