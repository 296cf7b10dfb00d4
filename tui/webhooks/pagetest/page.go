// Package pagetest drives the page of webhooks in tests: it presses keys and reads
// what the page shows, with a fake UP42 and a clock that tests set forward.
package pagetest

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
	"github.com/up42/up42-webhooks/tui/tuitest"
	"github.com/up42/up42-webhooks/tui/webhooks"
)

// PublicURL leads to the receiver.
const PublicURL = "https://hooks.example.com/receive-webhooks"

// Screen drives a page, and shows what the page has done.
type Screen struct {
	*tuitest.Screen
	Page *webhooks.Page
	UP42 *UP42
	// Notes are those since the last key. Hints begin with "? ", failures with
	// "! ".
	Notes  []string
	Copied []string           // what was put into the clipboard
	Listed [][]client.Webhook // what Options.Listed was given
	Pinned []string           // the headers that are pinned
	Keys   int                // how many keys were pressed
	known  bool               // the page knew the last key
}

// Change changes a screen, or its page's options, before the page is made.
type Change = func(*Screen, *webhooks.Options)

// Run runs a test on a page of a size, after the list was read. At the end it
// checks that the page shows no secret.
func Run(t *testing.T, w, h int, test func(s *Screen), changes ...Change) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		log := receivertest.NewLog()
		s := &Screen{Screen: tuitest.New(t, w, h)}
		ctx, end := context.WithCancel(context.Background())
		s.UP42 = NewUP42(s.Now, log)
		o := webhooks.Options{
			API: s.UP42, Log: log, Now: s.Now, Theme: theme.New(theme.Options{Profile: termenv.Ascii, Name: theme.Dark}),
			Do:         func(f func(context.Context) tea.Msg) tea.Cmd { return func() tea.Msg { return f(ctx) } },
			Copy:       func(what string) error { s.Copied = append(s.Copied, what); return nil },
			PublicURL:  func() string { return PublicURL },
			PointsHere: func(url string) bool { return url == PublicURL },
			Listed:     func(all []client.Webhook) { s.Listed = append(s.Listed, all) },
			Pinned:     func() []string { return s.Pinned },
			Pin:        func(list []string) (string, error) { s.Pinned = list; return "pinned in config.yaml", nil },
			Random:     &counter{},
			Say: func(kind note.Kind, words string) {
				require.Equal(t, text.Clean(words, 0), words)
				s.Notes = append(s.Notes, [...]string{"", "? ", "! ", "… "}[kind]+words)
			},
		}
		for _, change := range changes {
			change(s, &o)
		}
		s.Page = webhooks.New(o)
		s.Update, s.Draw = s.update, s.Page.View
		defer s.Wait()
		defer end()
		_ = s.Page.View()
		s.SetSize(w, h)
		s.Do(s.Page.Start())
		test(s)
		s.checkSecrets()
	})
}

// update gives a message to the page, as the root does.
func (s *Screen) update(msg tea.Msg) (cmd tea.Cmd) {
	k, ok := msg.(tea.KeyMsg)
	if !ok {
		return s.Page.Update(msg)
	}
	s.Keys++
	s.Notes = nil
	cmd, s.known = s.Page.Press(k)
	return cmd
}

// counter stands in for a random source: its bytes count up.
type counter struct{ n byte }

func (c *counter) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = c.n
		c.n++
	}
	return len(b), nil
}

// SetSize sets the size of the page.
func (s *Screen) SetSize(w, h int) {
	s.W, s.H = w, h
	s.Page.SetSize(w, h)
}

// Press presses keys, and checks the size of the page after each.
func (s *Screen) Press(keys ...string) {
	s.T.Helper()
	for _, msg := range tuitest.Keys(keys...) {
		s.PressKey(msg)
	}
}

// PressKey presses a key. It returns false if the page does not know the key.
func (s *Screen) PressKey(msg tea.KeyMsg) (known bool) {
	s.T.Helper()
	s.Send(msg)
	s.View()
	return s.known
}

// Retype empties the field and pastes another text.
func (s *Screen) Retype(what string) {
	s.T.Helper()
	s.Press("end", "ctrl+u")
	s.Paste(what)
}

// Advance lets time pass, with a tick every second.
func (s *Screen) Advance(d time.Duration) { s.Screen.Advance(d, time.Second, s.Page.Tick) }

// Look is like Advance, and draws the page before every second.
func (s *Screen) Look(d time.Duration) {
	s.T.Helper()
	for ; d > 0; d -= time.Second {
		s.View()
		s.Advance(time.Second)
	}
}

// Says checks the notes since the last key.
func (s *Screen) Says(what ...string) {
	s.T.Helper()
	for _, w := range what {
		assert.Contains(s.T, strings.Join(s.Notes, "\n"), w)
	}
}

// checkSecrets checks that the page shows no secret.
func (s *Screen) checkSecrets() {
	s.T.Helper()
	for _, secret := range s.UP42.secrets() {
		assert.NotContains(s.T, s.View(), secret)
		assert.NotContains(s.T, strings.Join(s.Notes, "\n"), secret)
	}
}
