package dashboard

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"sync"

	"github.com/aymanbagabas/go-osc52/v2"
	"golang.org/x/term"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/tui"
)

// screen is the terminal that the dashboard draws on. The renderer, the clipboard
// and the notices write to it, each write as a whole. It embeds the *os.File,
// which bubbletea asks for the terminal's size.
type screen struct {
	*os.File
	mu sync.Mutex
}

// newScreen is the terminal that stdout is. The caller has checked that it is one.
func newScreen(env cli.Env) *screen { return &screen{File: env.Stdout.(*os.File)} }

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.File.Write(p)
}

// ring writes what is not part of a frame: a bell, a notification.
func (s *screen) ring(b []byte) { _, _ = s.Write(b) } // without a terminal there is nobody to notify

// copier puts text into the clipboard of the user's terminal by OSC 52, also over
// ssh. GNU screen needs the sequence wrapped. tmux takes it plain or wrapped,
// depending on its settings, so it gets both.
func (s *screen) copier(getenv func(string) string) func(string) error {
	return func(text string) error {
		seq := osc52.New(text)
		all := seq.String()
		switch {
		case getenv("TMUX") != "":
			all += seq.Tmux().String()
		case getenv("STY") != "":
			all = seq.Screen().String()
		}
		_, err := io.WriteString(s, all)
		return err
	}
}

// garbage is how much garbage may be in memory, in percent of what is needed. A flood of
// deliveries throws much away, and a screen is to need little memory.
const garbage = 30

// show runs the dashboard on a screen until it ends.
func show(ctx context.Context, env cli.Env, s *screen, o tui.Options) (err error) {
	debug.SetGCPercent(garbage)
	o.Copy = s.copier(env.Getenv)
	in := env.Stdin
	if f, ok := in.(*os.File); !ok || !term.IsTerminal(int(f.Fd())) {
		// Something else is piped in: the keys come from the terminal itself.
		tty, ttyErr := os.Open("/dev/tty")
		if ttyErr != nil {
			return fmt.Errorf("open the terminal to read keys: %w", ttyErr)
		}
		defer func() { err = errors.Join(err, tty.Close()) }()
		in = tty
	}
	return tui.Run(ctx, tui.New(o), in, s)
}
