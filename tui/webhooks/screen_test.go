package webhooks_test

import (
	"context"
	"flag"
	"os"
	"path/filepath"
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
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
	"github.com/up42/up42-webhooks/tui/webhooks"
)

var update = flag.Bool("update", false, "write the golden screens")

// noon is when a test begins.
var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

// publicURL leads to the receiver.
const publicURL = "https://hooks.example.com/receive-webhooks"

// counting stands in for a random source: its bytes count up.
type counting struct{ n byte }

func (c *counting) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = c.n
		c.n++
	}
	return len(b), nil
}

// screen drives a page as the frame does, one message at a time, in the time of
// its synctest bubble.
type screen struct {
	t     *testing.T
	p     *webhooks.Page
	api   *up42
	log   *receivertest.Log
	began time.Time

	ctx  context.Context
	end  context.CancelFunc
	wg   sync.WaitGroup
	msgs chan tea.Msg

	notes  []string
	copied []string
	listed [][]client.Webhook
	pinned []string
	keys   int
	w, h   int
}

// within runs a test on a page of a size, after the list was read. At the end it
// checks that no secret is shown.
func within(t *testing.T, w, h int, test func(s *screen), change ...func(*screen, *webhooks.Options)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &screen{t: t, began: time.Now(), msgs: make(chan tea.Msg, 1024), log: receivertest.NewLog()}
		s.ctx, s.end = context.WithCancel(context.Background())
		s.api = newUP42(s.now, s.log)
		o := webhooks.Options{
			API: s.api, Log: s.log, Now: s.now, Do: s.do, Theme: theme.New(theme.Options{Profile: termenv.Ascii, Dark: true}),
			Copy:       func(what string) error { s.copied = append(s.copied, what); return nil },
			PublicURL:  func() string { return publicURL },
			PointsHere: func(url string) bool { return url == publicURL },
			Listed:     func(all []client.Webhook) { s.listed = append(s.listed, all) },
			Pinned:     func() []string { return s.pinned },
			Pin:        func(list []string) (string, error) { s.pinned = list; return "pinned in config.yaml", nil },
			Random:     &counting{},
			Say: func(kind webhooks.NoteKind, words string) {
				require.Equal(t, text.Clean(words, 0), words)
				s.notes = append(s.notes, [...]string{"", "? ", "! "}[kind]+words)
			},
		}
		for _, f := range change {
			f(s, &o)
		}
		s.p = webhooks.New(o)
		defer s.wg.Wait()
		defer s.end()
		_ = s.p.View()
		s.p.SetSize(w, h)
		s.w, s.h = w, h
		s.run(s.p.Start())
		s.settle()
		test(s)
		s.hidden()
	})
}

func (s *screen) now() time.Time { return noon.Add(time.Since(s.began)) }

func (s *screen) do(f func(context.Context) tea.Msg) tea.Cmd {
	return func() tea.Msg { return f(s.ctx) }
}

func (s *screen) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	s.wg.Go(func() {
		switch msg := cmd().(type) {
		case nil:
		case tea.BatchMsg:
			for _, c := range msg {
				s.run(c)
			}
		default:
			s.msgs <- msg
		}
	})
}

// settle waits until all commands are done or wait for time to pass.
func (s *screen) settle() {
	for {
		synctest.Wait()
		select {
		case msg := <-s.msgs:
			s.run(s.p.Update(msg))
		default:
			return
		}
	}
}

// advance lets the time of the bubble pass, a second at a time.
func (s *screen) advance(d time.Duration) {
	for end := time.Now().Add(d); time.Now().Before(end); {
		time.Sleep(min(time.Second, time.Until(end)))
		s.p.Tick()
		s.settle()
	}
}

var namedKeys = map[string]tea.KeyType{
	"enter": tea.KeyEnter, "esc": tea.KeyEsc, "tab": tea.KeyTab, "shift+tab": tea.KeyShiftTab, "up": tea.KeyUp, "down": tea.KeyDown,
	"left": tea.KeyLeft, "right": tea.KeyRight, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "home": tea.KeyHome, "end": tea.KeyEnd,
	"ctrl+s": tea.KeyCtrlS, "ctrl+u": tea.KeyCtrlU, "backspace": tea.KeyBackspace, "space": tea.KeySpace,
}

// press presses keys, and types what is not the name of a key.
func (s *screen) press(keys ...string) {
	s.t.Helper()
	for _, k := range keys {
		if kind, ok := namedKeys[k]; ok {
			msg := tea.KeyMsg{Type: kind}
			if kind == tea.KeySpace {
				msg.Runes = []rune{' '}
			}
			s.key(msg)
			continue
		}
		for _, r := range k {
			s.key(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}})
		}
	}
}

func (s *screen) key(msg tea.KeyMsg) (mine bool) {
	s.t.Helper()
	s.keys++
	s.notes = nil
	if msg.Type == tea.KeyEsc && !s.p.Captures() {
		mine = s.p.Back()
	} else {
		var cmd tea.Cmd
		cmd, mine = s.p.Press(msg)
		s.run(cmd)
	}
	s.settle()
	s.view()
	return mine
}

func (s *screen) paste(what string) {
	s.t.Helper()
	s.key(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(what), Paste: true})
}

// view returns what the page draws, and checks its size.
func (s *screen) view() string {
	s.t.Helper()
	v := s.p.View()
	lines := strings.Split(v, "\n")
	require.Len(s.t, lines, s.h)
	for i, l := range lines {
		require.Equal(s.t, s.w, text.Width(ansi.Strip(l)), "line %d: %q", i+1, l)
	}
	return v
}

func (s *screen) shows(what ...string) {
	s.t.Helper()
	for _, w := range what {
		assert.Contains(s.t, s.view(), w)
	}
}

// tells is like shows, for words that may be broken into lines.
func (s *screen) tells(what string) {
	s.t.Helper()
	assert.Contains(s.t, strings.Join(strings.Fields(s.view()), " "), what)
}

func (s *screen) lacks(what ...string) {
	s.t.Helper()
	for _, w := range what {
		assert.NotContains(s.t, s.view(), w)
	}
}

// says checks the notes since the last key.
func (s *screen) says(what ...string) {
	s.t.Helper()
	for _, w := range what {
		assert.Contains(s.t, strings.Join(s.notes, "\n"), w)
	}
}

// hidden checks that no secret is shown.
func (s *screen) hidden() {
	s.t.Helper()
	for _, secret := range s.api.secrets() {
		assert.NotContains(s.t, s.view(), secret)
		assert.NotContains(s.t, strings.Join(s.notes, "\n"), secret)
	}
}

// golden compares the page with a file that has no spaces at the ends of lines.
func (s *screen) golden(name string) {
	s.t.Helper()
	lines := strings.Split(s.view(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	got := strings.Join(lines, "\n") + "\n"
	file := filepath.Join("testdata", name+".golden")
	if *update {
		require.NoError(s.t, os.MkdirAll("testdata", 0o755))
		require.NoError(s.t, os.WriteFile(file, []byte(got), 0o644))
		return
	}
	want, err := os.ReadFile(file)
	require.NoError(s.t, err)
	assert.Equal(s.t, string(want), got, "%s; go test ./tui/webhooks -update writes it", file)
}
