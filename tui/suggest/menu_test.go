package suggest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/frame"
	"github.com/up42/up42-webhooks/tui/suggest"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// source is a list that counts some parts.
type source struct {
	parts  []suggest.Part
	counts []string // the filters that were counted
}

func (s *source) FilterKeys() []filter.Key { return filter.RowKeys() }

func (s *source) Documented(k filter.Key) []string { return k.Values() }

func (s *source) Counting(f *filter.Filter) suggest.Step {
	s.counts = append(s.counts, f.String())
	n := 0
	return func(context.Context) suggest.Part {
		n++
		return s.parts[n-1]
	}
}

func part(counted, all int, done bool, values ...string) (p suggest.Part) {
	p = suggest.Part{Counted: counted, All: all, Done: done}
	for _, v := range values {
		p.Tally.Add(filter.Host, v)
	}
	return p
}

type menu struct {
	*suggest.Menu
	next tea.Cmd
}

func newMenu(s *source) *menu {
	th := theme.New(theme.Options{Profile: termenv.Ascii})
	run := func(f func(context.Context) tea.Msg) tea.Cmd {
		return func() tea.Msg { return f(context.Background()) }
	}
	return &menu{Menu: suggest.New(suggest.Options{Theme: th, Source: s, Run: run, Now: time.Now})}
}

func (m *menu) typed(expr string) { m.next = m.Typed(expr, len(expr)) }

// answer takes the answer of the next step.
func (m *menu) answer() { m.next = m.next().(command.Answer).Take() }

func (m *menu) shown() string {
	c := &frame.Canvas{Theme: theme.New(theme.Options{Profile: termenv.Ascii}), W: 80, H: 24}
	return strings.Join(m.Lines(c, 9), "\n")
}

func TestACountSaysWhetherItIsComplete(t *testing.T) {
	s := &source{parts: []suggest.Part{part(10, 40, false, "oneatlas", "oneatlas"), part(40, 40, true, "oneatlas", "head-aero")}}
	m := newMenu(s)
	m.typed("host:")
	assert.Empty(t, m.shown(), "nothing is known yet")
	m.answer()
	assert.Contains(t, m.shown(), "counted 10 of 40…")
	assert.Contains(t, m.shown(), "      2+  oneatlas")
	m.Move(1)
	m.answer()
	assert.Contains(t, m.shown(), "       3  oneatlas")
	assert.Contains(t, m.shown(), "       1  head-aero")
	assert.NotContains(t, m.shown(), "counted")
	assert.True(t, m.Chosen(), "it stays chosen while others are counted")
	m.typed("host:he")
	assert.Nil(t, m.next, "it is counted already")
	expr, at := m.Take()
	assert.Equal(t, "host:head-aero", expr)
	assert.Len(t, expr, at)
	m.typed("is:live host:")
	assert.Equal(t, []string{"", "is:live"}, s.counts)
}

func TestACountThatFailsSaysSo(t *testing.T) {
	m := newMenu(&source{parts: []suggest.Part{{Err: errors.New("disk I/O error\x1b[2J")}}})
	m.typed("verdict:")
	assert.Contains(t, m.shown(), "counting…")
	m.answer()
	assert.Contains(t, m.shown(), `not counted: disk I/O error\u001b[2J`)
	assert.Contains(t, m.shown(), "verified", "what is documented can be chosen")
}

func TestACountThatIsNotWantedAnyMoreEnds(t *testing.T) {
	m := newMenu(&source{parts: []suggest.Part{part(1, 9, false, "a"), part(9, 9, true, "b")}})
	m.typed("host:")
	first := m.next
	m.typed("is:live host:")
	assert.Nil(t, first().(command.Answer).Take())
	m.Stop()
	m.answer()
	assert.Nil(t, m.next)
	assert.Empty(t, m.shown())
}

func TestManyValuesAreBounded(t *testing.T) {
	var p suggest.Part
	p.Done = true
	for i := range 5000 {
		p.Tally.Add(filter.Name, fmt.Sprint("name ", i, strings.Repeat("x", 1000)))
	}
	m := newMenu(&source{parts: []suggest.Part{p}})
	m.typed("name:")
	m.answer()
	assert.Contains(t, m.shown(), "more than 2,000 values")
	for range 300 {
		m.Move(1)
		for line := range strings.Lines(m.shown()) {
			assert.Equal(t, 80, text.Width(strings.TrimSuffix(line, "\n")))
		}
	}
}
