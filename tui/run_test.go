package tui_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/creack/pty"
	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/remembered"
	"github.com/up42/up42-webhooks/tui/theme"
	"github.com/up42/up42-webhooks/tui/tuitest/emulator"
)

// terminal is a pseudo-terminal with a dashboard on it.
type terminal struct {
	t     *testing.T
	mine  *os.File
	wrote chan struct{}
	ended chan error

	mu     sync.Mutex
	screen strings.Builder
}

func onTerminal(t *testing.T, ctx context.Context, change func(*tui.Options)) *terminal {
	t.Helper()
	before := goleak.IgnoreCurrent()
	mine, theirs, err := pty.Open()
	require.NoError(t, err)
	require.NoError(t, pty.Setsize(mine, &pty.Winsize{Cols: 100, Rows: 30}))
	term := &terminal{t: t, mine: mine, wrote: make(chan struct{}, 1), ended: make(chan error, 1)}
	o := tui.Options{
		Remembered: remembered.State{Page: "orders"},
		Log:        aDay(), Theme: theme.New(theme.Options{Profile: termenv.Ascii}), Now: time.Now, CrashDir: t.TempDir(),
	}
	change(&o)
	m := tui.New(o)
	reading := make(chan struct{})
	go func() {
		defer close(reading)
		term.read()
	}()
	go func() {
		term.ended <- tui.Run(ctx, m, theirs, theirs)
	}()
	t.Cleanup(func() {
		require.NoError(t, theirs.Close())
		require.NoError(t, mine.Close())
		<-reading
		goleak.VerifyNone(t, before)
	})
	return term
}

func (t *terminal) read() {
	buf := make([]byte, 1<<16)
	for {
		n, err := t.mine.Read(buf)
		if err != nil {
			return
		}
		t.mu.Lock()
		t.screen.Write(buf[:n])
		t.mu.Unlock()
		select {
		case t.wrote <- struct{}{}:
		default:
		}
	}
}

func (t *terminal) waitFor(what string) {
	t.t.Helper()
	timeout := time.After(time.Minute)
	for {
		if strings.Contains(t.all(), what) {
			return
		}
		select {
		case <-t.wrote:
		case <-timeout:
			require.Fail(t.t, "never on the screen: "+what)
		}
	}
}

func (t *terminal) all() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.screen.String()
}

func (t *terminal) press(keys string) {
	_, err := t.mine.WriteString(keys)
	require.NoError(t.t, err)
}

func (t *terminal) end() error {
	t.t.Helper()
	select {
	case err := <-t.ended:
		return err
	case <-time.After(time.Minute):
		require.Fail(t.t, "it does not end")
		return nil
	}
}

// The escape sequences that switch to the alternate screen, and back.
const otherScreen, ownScreen = "\x1b[?1049h", "\x1b[?1049l"

func TestRunUntilItsUserLeaves(t *testing.T) {
	term := onTerminal(t, t.Context(), func(*tui.Options) {})
	term.waitFor("BEING_FULFILLED")
	term.press("?")
	term.waitFor("half a page up")
	term.press("qq")
	require.NoError(t, term.end())
	term.waitFor(otherScreen)
	term.waitFor(ownScreen)
}

func TestRunUntilItsContextEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	term := onTerminal(t, ctx, func(*tui.Options) {})
	term.waitFor("BEING_FULFILLED")
	cancel()
	require.NoError(t, term.end())
	term.waitFor(ownScreen)
}

func TestAPanicLeavesTheTerminalAndATrace(t *testing.T) {
	for name, change := range map[string]func(*tui.Options){
		"in a command": func(o *tui.Options) { o.Copy = func(string) error { panic("first\nsecond") } },
		"in Update": func(o *tui.Options) {
			clock := o.Now
			pressed := make(chan struct{})
			o.Copy = func(string) error { close(pressed); return nil }
			o.Now = func() time.Time {
				select {
				case <-pressed:
					panic("first\nsecond")
				default:
					return clock()
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			term := onTerminal(t, t.Context(), func(o *tui.Options) {
				change(o)
				o.CrashDir = dir
			})
			term.waitFor("BEING_FULFILLED")
			term.press("y")
			err := term.end()
			require.ErrorContains(t, err, "the dashboard panicked: first second; its trace is in "+dir)
			assert.NotContains(t, err.Error(), "\n")
			term.waitFor(ownScreen)
			assert.NotContains(t, term.all(), "goroutine")
			traces, err := filepath.Glob(filepath.Join(dir, "up42hooks-crash-*.log"))
			require.NoError(t, err)
			require.Len(t, traces, 1)
			trace, err := os.ReadFile(traces[0])
			require.NoError(t, err)
			assert.Contains(t, string(trace), "run_test.go")
		})
	}
}

// window is a terminal that shrinks.
type window struct {
	shrink chan struct{}
	mu     sync.Mutex
	screen *emulator.Screen
}

func (w *window) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.screen.Write(p)
}

func (w *window) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.screen.String()
}

func (w *window) WatchSize(ctx context.Context, tell func(width, height int)) {
	tell(160, 45)
	<-w.shrink
	w.mu.Lock()
	w.screen = emulator.New(80, 24)
	w.mu.Unlock()
	tell(80, 24)
	<-ctx.Done()
}

// tardy is a dashboard that takes so long for a new size that the frame before may be drawn meanwhile.
type tardy struct {
	*tui.Model
	mu    sync.Mutex
	frame string
}

func (s *tardy) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if _, ok := msg.(tea.WindowSizeMsg); ok {
		time.Sleep(100 * time.Millisecond)
	}
	return s.Model.Update(msg)
}

func (s *tardy) View() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.frame = s.Model.View()
	return s.frame
}

// shown is the frame as text, without the blanks at the ends of lines.
func (s *tardy) shown() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	lines := strings.Split(s.frame, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

func TestATerminalThatShrinksShowsWholeLines(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := &tardy{Model: tui.New(tui.Options{
		Remembered: remembered.State{Page: "orders"}, Log: aDay(), Theme: theme.New(theme.Options{Profile: termenv.Ascii}), Now: func() time.Time { return noon },
	})}
	in, keys := io.Pipe()
	out := &window{shrink: make(chan struct{}), screen: emulator.New(160, 45)}
	ended := make(chan error)
	go func() { ended <- tui.Run(ctx, s, in, out) }()
	shows := func(ready func() bool) { assert.Eventually(t, ready, 10*time.Second, 10*time.Millisecond) }
	shows(func() bool { return strings.Contains(out.String(), "BEING_FULFILLED") })
	close(out.shrink)
	shows(func() bool { return strings.Count(s.shown(), "\n") == 23 && out.String() == s.shown() })
	assert.Equal(t, s.shown(), out.String())
	cancel()
	assert.NoError(t, keys.Close())
	assert.NoError(t, <-ended)
}
