package tui_test

import (
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
)

// fakeWebhooks notes what the frame asks of it.
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
func (p *fakeWebhooks) Keys() []key.Binding        { return p.Hints() }
func (p *fakeWebhooks) Update(tea.Msg) tea.Cmd     { return nil }
func (p *fakeWebhooks) OrderName() string          { return p.Order().Name }
func (p *fakeWebhooks) Captures() bool             { return p.form }
func (p *fakeWebhooks) Start() tea.Cmd             { return nil }
func (p *fakeWebhooks) Tick()                      { p.ticks++ }
func (p *fakeWebhooks) Saw(id string, _ time.Time) { p.seen = append(p.seen, id) }
func (p *fakeWebhooks) NameOf(id string) string    { return p.names[id] }
func (p *fakeWebhooks) Count() (n int, known bool) { return 2, true }

// withWebhooks runs a test on the page of webhooks, which holds two.
func withWebhooks(t *testing.T, test func(s *screen, p *fakeWebhooks)) {
	t.Helper()
	within(t, 120, 30, aDay, func(s *screen) {
		p := newFakeWebhooks()
		p.Browser = browse.New(p, browse.Options{Keys: keys.New(), Say: s.m.Say})
		s.m.SetWebhooks(p)
		s.resize(121, 30) // sizes it as well
		p.Upsert("one", "two")
		s.press("4")
		test(s, p)
	}, asking(anAccount()))
}

func TestThePageOfWebhooksComesFirst(t *testing.T) {
	withWebhooks(t, func(s *screen, p *fakeWebhooks) {
		s.shows("WEBHOOK NAME", "4 Webhooks 2", "c create", "q quit", "1/2")
		s.press("t", " ", "down", "c")
		s.shows("2/2")
		s.lacks("PAUSED")
		s.press("p", "R")
		s.lacks("PAUSED", "asking UP42")
		assert.Equal(t, []string{"t", " ", "c", "p", "R"}, p.pressed)

		s.press("x")
		s.shows("x does nothing here")
		s.press("/", "tw", "enter")
		s.shows("filter: tw (1 of 2)")
		p.backs = 1
		s.press("esc")
		s.shows("filter: tw")
		s.press("esc")
		s.shows("the filter is cleared")
		s.press("esc")
		s.shows("nothing to go back from")
		s.press("s")
		s.shows("sorted by name")
		s.press("?")
		s.shows("Webhooks", "create")
		s.press("esc", "tab")
		s.shows("JOB  ")
		s.press("shift+tab", "q")
		assert.True(t, s.quit)
	})
}

func TestAFormHasAllKeys(t *testing.T) {
	withWebhooks(t, func(s *screen, p *fakeWebhooks) {
		p.form = true
		s.press("q", "1", "?", "esc", "tab", "/", "p")
		s.paste("https://x")
		s.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("b"), Alt: true})
		s.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("all at once")})
		assert.Equal(t, []string{"q", "1", "?", "esc", "tab", "/", "p", "[https://x]", "alt+b", "all at once"}, p.pressed)
		assert.False(t, s.quit)
		s.press("ctrl+z")
		s.shows("ctrl+z is off")
		s.advance(6 * time.Second)
		s.shows("c create", "ctrl+c quit")
		s.lacks("q quit")
		s.press("ctrl+c")
		assert.True(t, s.quit)
	})
}

func TestPausingLeavesTheWebhooks(t *testing.T) {
	withWebhooks(t, func(s *screen, p *fakeWebhooks) {
		s.press("2", "p", "4")
		s.lacks("PAUSED")
		p.Upsert("three")
		s.press("down")
		s.shows("2/3")
		s.press("2")
		s.shows("PAUSED")
	})
}

func TestThePageOfWebhooksIsToldOfDeliveries(t *testing.T) {
	withWebhooks(t, func(s *screen, p *fakeWebhooks) {
		p.names["w-7"] = "my webhook"
		s.log.add(with(order(1, "PLACED", 0), func(e *receiver.Event) { e.Webhook = "w-7" }), order(2, "PLACED", 0))
		ticks := p.ticks
		s.advance(3 * time.Second)
		assert.Equal(t, []string{"w-7"}, p.seen)
		assert.Equal(t, ticks+3, p.ticks)
		s.press("3", "/", "my webhook", "enter")
		s.shows("(1 of 28)", " my webhook ")
		s.press("enter", "end", "pgup")
		s.shows("my webhook (w-7)")
	})
}

func TestTabsFitHoweverMuchThereIs(t *testing.T) {
	within(t, 60, 15, manyOrders(1), func(s *screen) {
		s.m.SetWebhooks(newFakeWebhooks())
		s.log.counts.Rows, s.log.counts.Verified = receiver.RowCounts{123_456, 12_345}, 12_345_678
		s.log.add(order(2, "PLACED", 0))
		s.advance(time.Second)
		assert.Equal(t, "1 Jobs   2 Orders   3 Events   4 Webhooks     ✓ 12,345,679", s.line(1))
		s.resize(80, 24)
		s.shows("2 Orders 123,457   3 Events 12,345,679")
	})
}
