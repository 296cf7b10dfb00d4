package tui_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/remembered"
	"github.com/up42/up42-webhooks/tui/theme"
	"github.com/up42/up42-webhooks/tui/tuitest"
)

var noon = tuitest.Noon

// screen drives a whole dashboard.
type screen struct {
	*tuitest.Screen
	m      *tui.Model
	log    *memory
	quit   bool
	copied []string
}

// within runs a test on a screen of a size.
func within(t *testing.T, w, h int, logged func() *memory, test func(s *screen), change ...func(*tui.Options)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		log := logged() // in the bubble, so that waiting for it counts as waiting
		s := &screen{Screen: tuitest.New(t, w, h), log: log}
		o := tui.Options{
			Log:      log,
			Receiver: tui.Receiver{Address: "127.0.0.1:9888", Path: "/receive-webhooks", Store: "events.db", SecretFile: "~/.local/state/up42hooks/secret"},
			Theme:    theme.New(theme.Options{Profile: termenv.Ascii, Name: theme.Dark}),
			Version:  "1.0.0",
			Now:      s.Now,
			Copy:     func(what string) error { s.copied = append(s.copied, what); return nil },
			// Most tests begin with the orders.
			Remembered: remembered.State{Page: "orders"},
		}
		for _, f := range change {
			f(&o)
		}
		s.m = tui.New(o)
		defer s.m.Close()
		s.Update, s.Draw = s.update, s.m.View
		_ = s.m.View() // Bubble Tea asks before it tells the size
		s.Do(s.m.Init())
		s.resize(w, h)
		s.advance(100 * time.Millisecond)
		test(s)
	})
}

func (s *screen) update(msg tea.Msg) tea.Cmd {
	if _, ok := msg.(tea.QuitMsg); ok {
		s.quit = true
		return nil
	}
	_, cmd := s.m.Update(msg)
	return cmd
}

// advance lets time pass, in steps that are shorter than a frame.
func (s *screen) advance(d time.Duration) { s.Advance(d, 4*time.Millisecond, nil) }

func (s *screen) resize(w, h int) {
	s.W, s.H = w, h
	s.Send(tea.WindowSizeMsg{Width: w, Height: h})
}

// rows is how many rows the list shows that are on the screen.
func (s *screen) rows() (n int) {
	for _, l := range strings.Split(s.View(), "\n") {
		if r := []rune(l); len(r) > 2 && strings.ContainsRune("◐◆▲●✕○■", r[2]) && strings.ContainsRune("▌ ", r[0]) {
			n++
		}
	}
	return n
}
