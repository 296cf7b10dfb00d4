package tui

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/tui/feed"
	"github.com/up42/up42-webhooks/tui/status"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/undelivered"
)

// sieved is a page whose filter is an expression of receiver/filter.
type sieved interface {
	list

	// Check says what is wrong with an expression here, Doubts what probably is.
	Check(expr string) *filter.Error
	Doubts(expr string) []*filter.Error
	// TypeFilter is SetFilter for what is not typed to its end.
	TypeFilter(expr string) tea.Cmd
	// Tick lets time pass for a filter that is about it.
	Tick() tea.Cmd
}

var (
	_ sieved = (*status.Page)(nil)
	_ sieved = (*feed.Page)(nil)
	_ sieved = (*undelivered.Page)(nil)
)

// sieve is the page, where its filter is an expression. That of the webhooks is
// words.
func (m *Model) sieve() (s sieved, ok bool) {
	s, ok = m.lists[m.page].(sieved)
	return s, ok
}

// openFilter has a filter typed; the page follows at once.
func (m *Model) openFilter() tea.Cmd {
	p := newPrompt(" / ", "keep", m.list().Filter())
	p.over = m.list()
	p.typed, p.taken = m.typeWords, m.takeWords
	if _, ok := m.sieve(); ok {
		p.typed, p.taken = m.typeFilter, m.takeFilter
	}
	return m.open(p)
}

func (m *Model) typeWords(words string) (*fault, tea.Cmd) { return nil, m.setFilter(words) }
func (m *Model) takeWords(string) (*fault, tea.Cmd)       { return nil, nil }

// typeFilter filters by what is right of an expression so far.
func (m *Model) typeFilter(expr string) (*fault, tea.Cmd) {
	s, _ := m.sieve()
	cmd := m.narrowed(s.TypeFilter(expr))
	if wrong := s.Check(expr); wrong != nil {
		return faultOf(wrong, wrong.Unfinished), cmd
	}
	if doubts := s.Doubts(expr); len(doubts) > 0 {
		return faultOf(doubts[0], true), cmd
	}
	return nil, cmd
}

// takeFilter keeps an expression that is right. What may be mistyped is kept,
// and said.
func (m *Model) takeFilter(expr string) (*fault, tea.Cmd) {
	s, _ := m.sieve()
	if wrong := s.Check(expr); wrong != nil {
		return faultOf(wrong, false), nil
	}
	if doubts := s.Doubts(expr); len(doubts) > 0 {
		m.say(noteHint, doubts[0].Error())
	}
	return nil, m.setFilter(expr)
}

func faultOf(e *filter.Error, mild bool) *fault {
	return &fault{from: e.Pos, to: e.End, words: text.Clean(e.Msg, 0), instead: text.Clean(e.Suggestion, 0), mild: mild}
}

func (m *Model) setFilter(expr string) tea.Cmd { return m.narrowed(m.list().SetFilter(expr)) }

// narrowed owns the command of a filter, and has the feed look further back
// where it leaves too little.
func (m *Model) narrowed(cmd tea.Cmd) tea.Cmd { return tea.Batch(m.commands.own(cmd), m.want()) }

// inHelp is a line of the help that is no key.
func inHelp(what, means string) key.Binding { return key.NewBinding(key.WithHelp(what, means)) }

// filterWords are lines for the help: the keys of a filter, and the rest of its syntax.
func filterWords() []key.Binding {
	var lines []key.Binding
	for _, k := range filter.Keys() {
		if short, _ := k.Help(); short != "" {
			lines = append(lines, inHelp(string(k)+":", short))
		}
	}
	return append(
		lines,
		inHelp("a word", "is somewhere in the row"),
		inHelp(`"two words"`, "are one"),
		inHelp("kind:a,b", "any of them"),
		inHelp("-kind:a", "not this one"),
	)
}

// renewFilter lets time pass for a filter such as since:10m.
func (m *Model) renewFilter() tea.Cmd {
	s, ok := m.sieve()
	if !ok {
		return nil
	}
	return m.narrowed(s.Tick())
}
