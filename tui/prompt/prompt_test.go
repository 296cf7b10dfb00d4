package prompt_test

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/tui/frame"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/prompt"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
	"github.com/up42/up42-webhooks/tui/tuitest"
)

// typing is a prompt that refuses the word "bad", for which it proposes "good".
type typing struct {
	*prompt.Prompt
	value string // as it was checked last
	done  string
	open  bool
	moved int
}

func (p *typing) Move(delta int) { p.moved += delta }

func newTyping(start string) *typing {
	p := &typing{open: true}
	check := func(value string) (*prompt.Fault, tea.Cmd) {
		p.value = value
		if at := strings.Index(value, "bad"); at >= 0 {
			return &prompt.Fault{From: at, To: at + 3, Words: "bad is not good", Instead: "good", Mild: true}, nil
		}
		return nil, nil
	}
	p.Prompt = prompt.New(prompt.Options{
		Theme: theme.New(theme.Options{Profile: termenv.Ascii}), Keys: keys.New(), Label: " / ", Enter: "keep", List: p, Typed: check,
		Done: func(value string) (*prompt.Fault, tea.Cmd) {
			wrong, cmd := check(value)
			if wrong == nil {
				p.done = value
			}
			return wrong, cmd
		},
	}, start)
	p.Start()
	return p
}

func (p *typing) press(keys ...string) *typing {
	for _, msg := range tuitest.Keys(keys...) {
		_, p.open = p.Press(msg)
	}
	return p
}

func (p *typing) lines(w int) []string {
	c := &frame.Canvas{Theme: theme.New(theme.Options{Profile: termenv.Ascii}), W: w, H: 20}
	return p.Lines(c, []frame.Label{{Text: "1/2"}})
}

func TestAPromptIsEditedAndKept(t *testing.T) {
	p := newTyping("one").press(" two", "backspace")
	assert.Equal(t, "one tw", p.value)
	p.press("up", "down", "down")
	assert.Equal(t, 1, p.moved)
	p.press("enter")
	assert.False(t, p.open)
	assert.Equal(t, "one tw", p.done)
}

func TestEscClearsAndThenLeaves(t *testing.T) {
	p := newTyping("one").press("esc")
	assert.True(t, p.open)
	assert.Empty(t, p.value)
	assert.False(t, p.press("esc").open)
	assert.Empty(t, p.done)
}

func TestAFaultKeepsThePromptOpen(t *testing.T) {
	p := newTyping("a bad word").press("enter")
	assert.True(t, p.open)
	assert.Equal(t, `─────↓↓↓ ✕ bad is not good; did you mean "good"? ──────────────── 1/2 ──`, p.lines(72)[0])
	assert.Contains(t, p.lines(72)[2], "tab take it")
	p.press("tab")
	assert.Equal(t, "a good word", p.value)
	assert.False(t, p.press("enter").open)
}

func TestAPromptIsAsWideAsTheScreen(t *testing.T) {
	p := newTyping(strings.Repeat("some bad text ", 10))
	for range 160 {
		for _, w := range []int{60, 61, 120} {
			for _, l := range p.lines(w) {
				assert.Equal(t, w, text.Width(l), l)
			}
		}
		p.press("left")
	}
}

func TestAPastedTextIsHarmless(t *testing.T) {
	p := newTyping("")
	_, p.open = p.Press(tuitest.Pasted("one\x1b[2J\ntwo"))
	assert.True(t, p.open)
	assert.NotContains(t, strings.Join(p.lines(80), ""), "\x1b")
}

// list is a list whose filter is words.
type list struct{ filter string }

func (l *list) Move(int)                   {}
func (l *list) Filter() string             { return l.filter }
func (l *list) SetFilter(f string) tea.Cmd { l.filter = f; return nil }

func TestSavedFiltersOfAListOfWords(t *testing.T) {
	var notes []string
	k := keys.New()
	filters := prompt.Filters{
		Keys: k, Saved: prompt.NewSaved([4]prompt.SavedFilter{{Name: "mine", Expr: "kind:order"}}, k),
		Say: func(_ note.Kind, words string) { notes = append(notes, words) },
		Own: func(_ prompt.List, cmd tea.Cmd) tea.Cmd { return cmd },
	}
	l := &list{}
	for _, msg := range tuitest.Keys("f1", "f2") {
		_, ok := filters.Press(l, msg)
		assert.True(t, ok)
	}
	_, ok := filters.Press(l, tuitest.Keys("x")[0])
	assert.False(t, ok)
	assert.Equal(t, "F1 filters jobs, orders and events; / filters here", notes[0])
	assert.Contains(t, notes[1], "F2 has no filter")
	assert.Equal(t, "mine", filters.Saved.Title("kind:order"))
	assert.Equal(t, "kind:job", filters.Saved.Title("kind:job"))
	assert.Equal(t, "mine", filters.Help()[0].Help().Desc)

	p := filters.Open(l)
	p.Start()
	p.Press(tuitest.Keys("x")[0])
	assert.Equal(t, "x", l.filter)
}
