// Package webhooks is the page on which the user sees and manages the webhooks of
// the workspace. It composes the list, the panels that lie over it (details, form,
// review, test, removal), and the actions on webhooks, and routes keys to them.
package webhooks

import (
	"context"
	"crypto/rand"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/browse"
	"github.com/up42/up42-webhooks/tui/clipboard"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/marks"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/textblock"
	"github.com/up42/up42-webhooks/tui/webhooks/actions"
	"github.com/up42/up42-webhooks/tui/webhooks/keymap"
	"github.com/up42/up42-webhooks/tui/webhooks/list"
	"github.com/up42/up42-webhooks/tui/webhooks/panel"
)

// Page is the page of webhooks. Cursor, order and filter are those of the list.
// It is not safe for concurrent use.
type Page struct {
	*list.List
	o         Options
	say       note.Say
	keys      *keymap.Map
	refusals  keys.Refusals
	browser   *browse.Browser
	actions   *actions.Actions
	panels    panel.Opener
	stack     panel.Stack
	clipboard *clipboard.Clipboard
	jobs      marks.Jobs
	revealed  revealed
	w, h      int
}

// New makes a page. It asks UP42 for nothing before Start.
func New(o Options) *Page {
	if o.Program == "" {
		o.Program = "up42hooks"
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	p := &Page{o: o, keys: keymap.New()}
	o.OwnKeys.Apply(keys.Actions(keys.WebhooksPrefix, p.keys))
	p.refusals = o.Limits.Apply(keys.Actions(keys.WebhooksPrefix, p.keys))
	p.say = func(kind note.Kind, words string) {
		if o.Say != nil {
			o.Say(kind, text.Clean(words, 0))
		}
	}
	p.List = list.New(list.Options{
		API: o.API, Run: p.run, Say: p.say, Receiver: o.PointsHere, Theme: o.Theme, Keys: p.keys, ListKeys: o.Keys, Columns: o.Columns, Now: o.Now, Program: o.Program, Changed: o.Listed,
		AfterRead: func() { p.actions.ListRead() },
		Idle:      func() bool { return p.actions.None() && !p.Captures() },
		Running:   p.running,
		Tested:    p.tested,
	})
	p.browser = browse.New(p, browse.Options{Keys: o.Keys, Say: p.say})
	p.jobs = marks.Jobs{Run: p.run, Say: p.say}
	p.clipboard = clipboard.New(o.Copy, p.run, p.say)
	p.actions = actions.New(actions.Options{
		API: o.API, Log: o.Log, List: p.List, Run: p.run, Say: p.say, Receiver: o.PointsHere, Now: o.Now,
		Keys: p.keys, Gone: p.stack.CloseAbout, Pinned: o.Pinned, Pin: o.Pin, Work: o.Work, Session: o.Session,
	})
	p.panels = panel.Opener{
		Stack: &p.stack, Actions: p.actions, List: p.List, Say: p.say, Receiver: o.PointsHere, Keys: p.keys, Theme: o.Theme,
		Now: o.Now, Random: o.Random, PublicURL: o.PublicURL, PageLines: p.pageLines,
	}
	return p
}

// run makes a command of the page. Whoever gets the answer, the page is drawn
// again.
func (p *Page) run(f func(context.Context) tea.Msg) tea.Cmd {
	return p.o.Do(func(ctx context.Context) tea.Msg {
		answer, ok := f(ctx).(command.Answer)
		if !ok {
			return nil
		}
		return command.To(func() tea.Cmd {
			p.Invalidate()
			return answer.Take()
		})
	})
}

// running says what is under way with a webhook.
func (p *Page) running(id string) string {
	if c := p.actions.Of(id); c != nil {
		return c.Does
	}
	return ""
}

// tested is the last test of a webhook, as the list shows it.
func (p *Page) tested(id string) (list.Test, bool) {
	o, ok := p.actions.Outcome(id)
	return list.Test{Passed: o.Passed, All: o.All, Sent: o.Sent(), Proven: o.Proven, At: o.At}, ok
}

// Session is what is known since the start, for another page that takes the place of this one.
func (p *Page) Session() actions.Session { return p.actions.Session() }

// UnderWay says what is being done at UP42, clean, or returns "".
func (p *Page) UnderWay() string {
	if c := p.actions.Newest(); c != nil {
		return c.Does + " " + c.Name
	}
	return p.jobs.UnderWay()
}

// pageLines is how many lines a key for a page scrolls.
func (p *Page) pageLines() int { return max(1, p.h-2) }

// Captures reports whether all keys belong to the page: the user types something.
func (p *Page) Captures() bool { return p.stack.Captures() }

// Over reports whether a panel is shown over the list.
func (p *Page) Over() bool { return p.stack.Top() != nil }

// SetSize sets the size in cells.
func (p *Page) SetSize(w, h int) {
	p.w, p.h = max(0, w), max(0, h)
	p.Invalidate()
}

// Invalidate makes the next View draw everything again.
func (p *Page) Invalidate() {
	p.stack.Invalidate()
	p.List.Invalidate()
}

// RowAt returns the index of the row on a line of the page. ok is false beside the rows, or if
// a panel is over the list.
func (p *Page) RowAt(line int) (i int, ok bool) {
	i, ok = p.List.RowAt(line)
	return i, ok && !p.Over()
}

// TitleAt returns the title of the column at a cell. ok is false beside the titles, or if a panel
// is over the list.
func (p *Page) TitleAt(x int) (title string, ok bool) {
	title, ok = p.List.TitleAt(x)
	return title, ok && !p.Over()
}

// Scroll scrolls the panel on top, or the list. A form stays where the user types.
func (p *Page) Scroll(lines int) {
	switch {
	case !p.Over():
		p.List.Scroll(lines)
	case !p.Captures():
		p.stack.ScrollBy(lines)
	}
}

// Tick must be called every second.
func (p *Page) Tick() {
	p.List.Tick()
	p.revealed.tick(p.o.Now())
	p.Invalidate()
}

// Saw says that a delivery came through a webhook.
func (p *Page) Saw(id string, at time.Time) {
	p.List.Saw(id, at)
	p.Invalidate()
}

// Update handles the answers to the page's commands. It ignores other messages.
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	p.List.Update(msg)
	if a, ok := msg.(command.Answer); ok {
		return a.Take()
	}
	return nil
}

// View draws the page. It has exactly as many lines and cells as there is room
// for.
func (p *Page) View() string {
	if p.w == 0 || p.h == 0 {
		return ""
	}
	p.Looked()
	below := p.below()
	height := max(0, p.h-len(below))
	p.List.SetSize(p.w, height)
	body := ""
	if p.stack.Top() == nil {
		body = p.List.View()
	} else {
		body = p.stack.View(p.o.Theme, p.w, height)
	}
	if len(below) == 0 {
		return body
	}
	return body + "\n" + strings.Join(below, "\n")
}

// below are the lines below everything else: a secret as long as it is shown, and
// the state of the list.
func (p *Page) below() []string {
	b := &textblock.Block{Theme: p.o.Theme, Width: p.w, Height: p.h}
	th, alone := b.Theme, p.stack.Top() == nil
	p.revealed.draw(b, p.o.Now())
	if alone && p.actions.Pins.Fresh() {
		b.Hanging(th.Notice, " "+th.Glyphs.Verified+" ", p.actions.Pins.Note()+". "+actions.HowToUnpin)
	}
	if _, known := p.Count(); known && !p.Captures() {
		if c := p.actions.Recreating(); c != nil {
			b.Add(textblock.Span{Style: th.Progress, Text: " " + th.Glyphs.Progress + " " + c.Does + " " + c.Name + th.Glyphs.Ellipsis + " " + keys.First(p.keys.Back) + " gives up"})
		} else {
			p.DrawAge(b, alone)
		}
	}
	return b.Strings()[:min(len(b.Lines), max(0, p.h-3))]
}
