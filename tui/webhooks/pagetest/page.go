// Package pagetest drives the page of webhooks in tests: it presses keys and reads
// what the page shows, with a fake UP42 and a clock that tests set forward.
package pagetest

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
	"github.com/up42/up42-webhooks/tui/webhooks"
)

// Noon is when a test begins.
var Noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

// PublicURL leads to the receiver.
const PublicURL = "https://hooks.example.com/receive-webhooks"

// Screen drives a page as the frame does, one message at a time, in the time of
// its synctest bubble. Its fields show what the page has done.
type Screen struct {
	T    *testing.T
	Page *webhooks.Page
	UP42 *UP42
	// Notes are those since the last key. Hints begin with "? ", failures with
	// "! ".
	Notes  []string
	Copied []string           // what was put into the clipboard
	Listed [][]client.Webhook // what Options.Listed was given
	Pinned []string           // the headers that are pinned
	Keys   int                // how many keys were pressed

	w, h  int
	began time.Time
	ctx   context.Context
	end   context.CancelFunc
	wg    sync.WaitGroup
	msgs  chan tea.Msg
}

// Change changes a screen, or its page's options, before the page is made.
type Change = func(*Screen, *webhooks.Options)

// Run runs a test on a page of a size, after the list was read. At the end it
// checks that the page shows no secret.
func Run(t *testing.T, w, h int, test func(s *Screen), changes ...Change) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		log := receivertest.NewLog()
		s := &Screen{T: t, w: w, h: h, began: time.Now(), msgs: make(chan tea.Msg, 1024)}
		s.ctx, s.end = context.WithCancel(context.Background())
		s.UP42 = newUP42(s.Now, log)
		o := webhooks.Options{
			API: s.UP42, Log: log, Now: s.Now, Theme: theme.New(theme.Options{Profile: termenv.Ascii, Dark: true}),
			Do:         func(f func(context.Context) tea.Msg) tea.Cmd { return func() tea.Msg { return f(s.ctx) } },
			Copy:       func(what string) error { s.Copied = append(s.Copied, what); return nil },
			PublicURL:  func() string { return PublicURL },
			PointsHere: func(url string) bool { return url == PublicURL },
			Listed:     func(all []client.Webhook) { s.Listed = append(s.Listed, all) },
			Pinned:     func() []string { return s.Pinned },
			Pin:        func(list []string) (string, error) { s.Pinned = list; return "pinned in config.yaml", nil },
			Random:     &counter{},
			Say: func(kind note.Kind, words string) {
				require.Equal(t, text.Clean(words, 0), words)
				s.Notes = append(s.Notes, [...]string{"", "? ", "! "}[kind]+words)
			},
		}
		for _, change := range changes {
			change(s, &o)
		}
		s.Page = webhooks.New(o)
		defer s.wg.Wait()
		defer s.end()
		_ = s.Page.View()
		s.SetSize(w, h)
		s.Do(s.Page.Start())
		test(s)
		s.checkSecrets()
	})
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

// Now is the time in the bubble, counted from Noon.
func (s *Screen) Now() time.Time { return Noon.Add(time.Since(s.began)) }

// SetSize sets the size of the page.
func (s *Screen) SetSize(w, h int) {
	s.w, s.h = w, h
	s.Page.SetSize(w, h)
}

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

// Settle waits until all commands are done, or wait for a later time or a held
// call.
func (s *Screen) Settle() {
	for {
		synctest.Wait()
		select {
		case msg := <-s.msgs:
			s.start(s.Page.Update(msg))
		default:
			return
		}
	}
}

// Advance lets time pass, a second at a time.
func (s *Screen) Advance(d time.Duration) {
	for end := time.Now().Add(d); time.Now().Before(end); {
		time.Sleep(min(time.Second, time.Until(end)))
		s.Page.Tick()
		s.Settle()
	}
}

// Look is like Advance, and draws the page every second.
func (s *Screen) Look(d time.Duration) {
	s.T.Helper()
	for ; d > 0; d -= time.Second {
		s.View()
		s.Advance(time.Second)
	}
}

// View returns what the page draws, and checks its size.
func (s *Screen) View() string {
	s.T.Helper()
	v := s.Page.View()
	lines := strings.Split(v, "\n")
	require.Len(s.T, lines, s.h)
	for i, l := range lines {
		require.Equal(s.T, s.w, text.Width(ansi.Strip(l)), "line %d: %q", i+1, l)
	}
	return v
}

// Shows checks that the page shows texts.
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

// Lacks checks that the page does not show texts.
func (s *Screen) Lacks(what ...string) {
	s.T.Helper()
	for _, w := range what {
		assert.NotContains(s.T, s.View(), w)
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
