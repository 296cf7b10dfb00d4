// Package tuitest drives a screen, or a page, in tests: it presses keys, lets time
// pass, and checks what is shown. Tests run in a synctest bubble, so that time costs
// nothing and nothing depends on luck.
package tuitest

import (
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/tui/text"
)

// Noon is when a test begins.
var Noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

// Screen drives a model as Bubble Tea does, but one message at a time.
type Screen struct {
	T *testing.T
	// Update gives a message to the model, Draw draws it.
	Update func(tea.Msg) tea.Cmd
	Draw   func() string
	// W and H are the size that Draw must have.
	W, H int

	began time.Time
	msgs  chan tea.Msg
	wg    sync.WaitGroup
}

// New makes a Screen. It must be called in the bubble. Update and Draw have to be
// set.
func New(t *testing.T, w, h int) *Screen {
	return &Screen{T: t, W: w, H: h, began: time.Now(), msgs: make(chan tea.Msg, 1024)}
}

// Now is the time in the bubble, counted from Noon.
func (s *Screen) Now() time.Time { return Noon.Add(time.Since(s.began)) }

// Do runs a command, and waits as Settle does.
func (s *Screen) Do(cmd tea.Cmd) {
	s.start(cmd)
	s.Settle()
}

func (s *Screen) start(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	s.wg.Go(func() {
		switch msg := cmd().(type) {
		case nil:
		case tea.BatchMsg:
			for _, c := range msg {
				s.start(c)
			}
		default:
			s.msgs <- msg
		}
	})
}

// Wait waits for all commands. They must have been cancelled.
func (s *Screen) Wait() { s.wg.Wait() }

// Settle waits until all commands are done, or wait for a later time.
func (s *Screen) Settle() {
	for {
		synctest.Wait()
		select {
		case msg := <-s.msgs:
			s.start(s.Update(msg))
		default:
			return
		}
	}
}

// Send gives the model a message, and waits as Settle does.
func (s *Screen) Send(msg tea.Msg) { s.Do(s.Update(msg)) }

// Press presses keys.
func (s *Screen) Press(keys ...string) {
	for _, msg := range Keys(keys...) {
		s.Send(msg)
	}
}

// Paste pastes text.
func (s *Screen) Paste(text string) { s.Send(Pasted(text)) }

// Advance lets time pass in steps, and calls each after every step. Nil calls
// nothing.
func (s *Screen) Advance(d, step time.Duration, each func()) {
	for end := time.Now().Add(d); time.Now().Before(end); {
		time.Sleep(min(step, time.Until(end)))
		if each != nil {
			each()
		}
		s.Settle()
	}
}

// View returns what is drawn, and checks its size.
func (s *Screen) View() string {
	s.T.Helper()
	v := s.Draw()
	lines := strings.Split(v, "\n")
	require.Len(s.T, lines, s.H)
	for i, l := range lines {
		require.Equal(s.T, s.W, text.Width(ansi.Strip(l)), "line %d: %q", i+1, l)
	}
	return v
}

// Line returns a line without the spaces around it. Line -1 is the last one.
func (s *Screen) Line(n int) string {
	s.T.Helper()
	lines := strings.Split(s.View(), "\n")
	if n < 0 {
		n += len(lines)
	}
	return strings.TrimSpace(lines[n])
}

// Shows checks that the screen shows texts.
func (s *Screen) Shows(what ...string) {
	s.T.Helper()
	for _, w := range what {
		assert.Contains(s.T, s.View(), w)
	}
}

// ShowsWords is like Shows, for words that may be broken into lines.
func (s *Screen) ShowsWords(words string) {
	s.T.Helper()
	assert.Contains(s.T, strings.Join(strings.Fields(s.View()), " "), words)
}

// Lacks checks that the screen does not show texts.
func (s *Screen) Lacks(what ...string) {
	s.T.Helper()
	for _, w := range what {
		assert.NotContains(s.T, s.View(), w)
	}
}
