package daemon

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/aymanbagabas/go-osc52/v2"
	"golang.org/x/term"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/tui"
)

// screen is the terminal that the dashboard draws on. The renderer and the
// clipboard both write to it, each write whole. It is an *os.File to
// bubbletea, which asks it for its size.
type screen struct {
	*os.File
	mu sync.Mutex
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.File.Write(p)
}

// copier puts text into the clipboard of the terminal's user, by OSC 52, also
// from a far machine. screen needs the sequence wrapped; tmux takes it as it is
// or wrapped, depending on its settings, and so gets both.
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

// screen is the terminal that stdout is. The caller has seen that it is one.
func screenOf(w cli.Env) *screen { return &screen{File: w.Stdout.(*os.File)} }

// ring writes what is no part of a frame: a bell, a notification.
func (s *screen) ring(b []byte) { _, _ = s.Write(b) } // a terminal that is gone rings no more

// show runs the dashboard on a screen until its end.
func show(w cli.Env, ctx context.Context, s *screen, o tui.Options) (err error) {
	o.Copy = s.copier(w.Getenv)
	in := w.Stdin
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
