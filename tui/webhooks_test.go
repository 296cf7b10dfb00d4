package tui_test

import (
	"maps"
	"testing"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/browse"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/table"
	"github.com/up42/up42-webhooks/tui/theme"
	"github.com/up42/up42-webhooks/tui/webhooks/actions"
)

// fakeWebhooks records what the root does with it.
type fakeWebhooks struct {
	*table.Model[string, string]
	*browse.Browser
	form    bool // all keys are its
	backs   int  // steps that there are to go back
	pressed []string
	seen    []string
	names   map[string]string
	ticks   int
}

func newFakeWebhooks() *fakeWebhooks {
	self := func(s string) string { return s }
	return &fakeWebhooks{names: map[string]string{}, Model: table.New(table.Options[string, string]{
		Columns: []table.Column[string]{{Title: "WEBHOOK NAME", Min: 20, Cell: func(s string, _ int) string { return s }}},
		ID:      self, Text: self, Orders: []table.Order[string]{{Name: "name", Compare: func(string, string) int { return 0 }}},
		Theme: theme.New(theme.Options{Profile: termenv.Ascii}),
	})}
}

func (p *fakeWebhooks) Press(msg tea.KeyMsg) (tea.Cmd, bool) {
	switch s := msg.String(); {
	case p.form, s == "c", s == "t", s == " ", s == "p", s == "R":
		p.pressed = append(p.pressed, s)
		return nil, true
	case s == "esc" && p.backs > 0:
		p.backs--
		return nil, true
	}
	return p.Browser.Press(msg)
}

func (p *fakeWebhooks) Hints() []key.Binding {
	return []key.Binding{key.NewBinding(key.WithKeys("c"), key.WithHelp("c", "create"))}
}
func (p *fakeWebhooks) Keys() []key.Binding          { return p.Hints() }
func (p *fakeWebhooks) Update(tea.Msg) tea.Cmd       { return nil }
func (p *fakeWebhooks) OrderName() string            { return p.Order().Name }
func (p *fakeWebhooks) UnderWay() string             { return "" }
func (p *fakeWebhooks) Session() (s actions.Session) { return s }
func (p *fakeWebhooks) Captures() bool               { return p.form }
func (p *fakeWebhooks) Over() bool                   { return p.backs > 0 }
func (p *fakeWebhooks) Start() tea.Cmd               { return nil }
func (p *fakeWebhooks) Tick()                        { p.ticks++ }
func (p *fakeWebhooks) Saw(id string, _ time.Time)   { p.seen = append(p.seen, id) }
func (p *fakeWebhooks) NameOf(id string) string      { return p.names[id] }
func (p *fakeWebhooks) Names() map[string]string     { return maps.Clone(p.names) }
func (p *fakeWebhooks) Count() (n int, known bool)   { return 2, true }

// withWebhooks runs a test on a page of two webhooks.
func withWebhooks(t *testing.T, test func(s *screen, p *fakeWebhooks)) {
	t.Helper()
	within(t, 120, 30, aDay, func(s *screen) {
		p := newFakeWebhooks()
		p.Browser = browse.New(p, browse.Options{Keys: keys.New(), Say: s.m.Say})
		s.m.SetWebhooks(p)
		s.resize(121, 30) // sizes it as well
		p.Upsert("one", "two")
		s.Press("4")
		test(s, p)
	}, asking(anAccount()))
}

func TestThePageOfWebhooksComesFirst(t *testing.T) {
	withWebhooks(t, func(s *screen, p *fakeWebhooks) {
		s.Shows("WEBHOOK NAME", "4 Webhooks 2", "c create", "q quit", "1/2")
		s.Press("t", " ", "down", "c")
		s.Shows("2/2")
		s.Lacks("PAUSED")
		s.Press("p", "R")
		s.Lacks("PAUSED", "asking UP42")
		assert.Equal(t, []string{"t", " ", "c", "p", "R"}, p.pressed)

		s.Press("x")
		s.Shows("x does nothing here")
		s.Press("/", "tw", "enter")
		s.Shows("filter: tw (1 of 2)")
		p.backs = 1
		s.Press("esc")
		s.Shows("filter: tw")
		s.Press("esc")
		s.Shows("the filter is cleared")
		s.Press("esc")
		s.Shows("nothing to go back from")
		s.Press("s")
		s.Shows("sorted by name")
		s.Press("?")
		s.Shows("Webhooks", "create")
		s.Press("esc", "tab")
		s.Shows("Running")
		s.Press("shift+tab", "q")
		assert.True(t, s.quit)
	})
}

func TestAFormHasAllKeys(t *testing.T) {
	withWebhooks(t, func(s *screen, p *fakeWebhooks) {
		p.form = true
		s.Press("q", "1", "?", "esc", "tab", "/", "p")
		s.Paste("https://x")
		s.Send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("b"), Alt: true})
		s.Send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("all at once")})
		assert.Equal(t, []string{"q", "1", "?", "esc", "tab", "/", "p", "[https://x]", "alt+b", "all at once"}, p.pressed)
		assert.False(t, s.quit)
		s.Press("ctrl+z")
		s.Shows("ctrl+z is off")
		s.advance(6 * time.Second)
		s.Shows("c create", "ctrl+c quit")
		s.Lacks("q quit")
		s.Press("ctrl+c")
		assert.True(t, s.quit)
	})
}

func TestPausingLeavesTheWebhooks(t *testing.T) {
	withWebhooks(t, func(s *screen, p *fakeWebhooks) {
		s.Press("2", "p", "4")
		s.Lacks("PAUSED")
		p.Upsert("three")
		s.Press("down")
		s.Shows("2/3")
		s.Press("2")
		s.Shows("PAUSED")
	})
}

func TestThePageOfWebhooksSeesDeliveries(t *testing.T) {
	withWebhooks(t, func(s *screen, p *fakeWebhooks) {
		p.names["w-7"] = "my webhook"
		s.log.Add(with(order(1, "PLACED", 0), func(e *receiver.Event) { e.Webhook = "w-7" }), order(2, "PLACED", 0))
		ticks := p.ticks
		s.advance(3 * time.Second)
		assert.Equal(t, []string{"w-7"}, p.seen)
		assert.Equal(t, ticks+3, p.ticks)
		s.Press("3", "/", "my webhook", "enter")
		s.Shows("(1 of 28)", " my webhook ")
		s.Press("enter", "end", "pgup")
		s.Shows("my webhook (w-7)")
	})
}

func TestTabsFitHoweverMuchThereIs(t *testing.T) {
	within(t, 60, 15, manyOrders(1), func(s *screen) {
		s.m.SetWebhooks(newFakeWebhooks())
		s.log.count = func(c *receiver.Counts) { c.Rows, c.Verified = receiver.RowCounts{123_457, 12_345}, 12_345_679 }
		s.log.Add(order(2, "PLACED", 0))
		s.advance(time.Second)
		assert.Equal(t, "0 Overview   1 Jobs   2 Orders   3 Events   4 Webhooks", s.Line(1))
		s.resize(100, 24)
		s.Shows("2 Orders 123,457   3 Events 12,345,679")
	})
}
