package tui_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

var update = flag.Bool("update", false, "write the golden screens anew")

// noon is when all of it happens.
var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

// screen drives a model as Bubble Tea would, but one message at a time and in
// the time of its synctest bubble.
type screen struct {
	t      *testing.T
	m      *tui.Model
	log    *memory
	began  time.Time
	msgs   chan tea.Msg
	quit   bool
	copied []string
	w, h   int
}

// within runs a test on a screen of a size.
func within(t *testing.T, w, h int, logged func() *memory, test func(s *screen), change ...func(*tui.Options)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		log := logged() // in the bubble, so that waiting for it counts as waiting
		s := &screen{t: t, log: log, began: time.Now(), msgs: make(chan tea.Msg, 1024)}
		o := tui.Options{
			Log:      log,
			Receiver: tui.Receiver{Address: "127.0.0.1:9888", Path: "/receive-webhooks", Store: "events.db", SecretFile: "~/.local/state/up42hooks/secret"},
			Theme:    theme.New(theme.Options{Profile: termenv.Ascii, Dark: true}),
			Version:  "1.0.0",
			Now:      s.now,
			Copy:     func(what string) error { s.copied = append(s.copied, what); return nil },
		}
		for _, f := range change {
			f(&o)
		}
		s.m = tui.New(o)
		defer s.m.Close()
		_ = s.m.View() // Bubble Tea asks before it tells the size
		s.run(s.m.Init())
		s.resize(w, h)
		s.advance(100 * time.Millisecond)
		test(s)
	})
}

func (s *screen) now() time.Time { return noon.Add(time.Since(s.began)) }

func (s *screen) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	go func() {
		switch msg := cmd().(type) {
		case nil:
		case tea.BatchMsg:
			for _, c := range msg {
				s.run(c)
			}
		default:
			s.msgs <- msg
		}
	}()
}

// send gives the model a message, and lets all that follows at once happen.
func (s *screen) send(msg tea.Msg) {
	s.handle(msg)
	s.settle()
}

func (s *screen) handle(msg tea.Msg) {
	if _, ok := msg.(tea.QuitMsg); ok {
		s.quit = true
		return
	}
	_, cmd := s.m.Update(msg)
	s.run(cmd)
}

func (s *screen) settle() {
	for {
		synctest.Wait()
		select {
		case msg := <-s.msgs:
			s.handle(msg)
		default:
			return
		}
	}
}

// advance lets time pass; it costs none.
func (s *screen) advance(d time.Duration) {
	const step = 4 * time.Millisecond
	for end := time.Now().Add(d); time.Now().Before(end); {
		time.Sleep(min(step, time.Until(end))) // the bubble's time
		s.settle()
	}
}

func (s *screen) resize(w, h int) {
	s.w, s.h = w, h
	s.send(tea.WindowSizeMsg{Width: w, Height: h})
}

var namedKeys = map[string]tea.KeyType{
	"enter": tea.KeyEnter, "esc": tea.KeyEsc, "tab": tea.KeyTab, "shift+tab": tea.KeyShiftTab, "up": tea.KeyUp, "down": tea.KeyDown,
	"left": tea.KeyLeft, "right": tea.KeyRight, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "home": tea.KeyHome, "end": tea.KeyEnd,
	"ctrl+c": tea.KeyCtrlC, "ctrl+z": tea.KeyCtrlZ, "ctrl+d": tea.KeyCtrlD, "ctrl+u": tea.KeyCtrlU, "backspace": tea.KeyBackspace,
	"f1": tea.KeyF1, "f2": tea.KeyF2, "f3": tea.KeyF3, "f4": tea.KeyF4,
}

// press presses keys, named or typed.
func (s *screen) press(keys ...string) {
	for _, k := range keys {
		if t, ok := namedKeys[k]; ok {
			s.send(tea.KeyMsg{Type: t})
			continue
		}
		for _, r := range k {
			s.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}})
		}
	}
}

func (s *screen) paste(what string) {
	s.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(what), Paste: true})
}

// view is the screen, which always is as large as the terminal.
func (s *screen) view() string {
	s.t.Helper()
	v := s.m.View()
	lines := strings.Split(v, "\n")
	require.Len(s.t, lines, s.h)
	for i, l := range lines {
		require.Equal(s.t, s.w, text.Width(l), "line %d: %q", i+1, l)
	}
	return v
}

func (s *screen) line(n int) string {
	s.t.Helper()
	lines := strings.Split(s.view(), "\n")
	if n < 0 {
		n += len(lines)
	}
	return strings.TrimSpace(lines[n])
}

func (s *screen) shows(what ...string) {
	s.t.Helper()
	for _, w := range what {
		assert.Contains(s.t, s.view(), w)
	}
}

func (s *screen) lacks(what ...string) {
	s.t.Helper()
	for _, w := range what {
		assert.NotContains(s.t, s.view(), w)
	}
}

// golden compares the screen with a picture of it. Lines of the files end where
// their text does.
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
	assert.Equal(s.t, string(want), got, "%s; go test ./tui -update writes it anew", file)
}
