package dashboard

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/aymanbagabas/go-osc52/v2"
	"golang.org/x/term"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/renderer"
)

// UntilSignal returns a context that ends by a signal, as [cli.Env.UntilSignal] does. A second
// signal leaves the terminal as it was. The caller calls stop.
func UntilSignal(ctx context.Context, env cli.Env) (_ context.Context, stop func()) {
	// SIGQUIT, too: the stacks that Go prints would be drawn over the screen.
	signals := []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT}
	return env.UntilSignals(ctx, restorer(env), signals...)
}

// leaveTime is how long a second signal waits for a terminal that is not read.
const leaveTime = 200 * time.Millisecond

// restorer returns a function that restores the terminals that standard input and output
// are, as they are now.
func restorer(env cli.Env) func() {
	in := cli.FileOf(env.Stdin)
	out, _ := env.Stdout.(*cli.Output)
	if in == nil || out == nil || !env.HasScreen() {
		return func() {}
	}
	before, err := term.GetState(int(in.Fd()))
	return func() {
		if err == nil {
			_ = term.Restore(int(in.Fd()), before) // the terminal may be gone
		}
		written := make(chan struct{})
		go func() {
			defer close(written)
			_, _ = io.WriteString(out, renderer.Leave)
		}()
		select {
		case <-written:
		case <-time.After(leaveTime):
		}
	}
}

// screen is the terminal that the dashboard draws on. The renderer, the clipboard
// and the notices write to it, each write as a whole.
type screen struct{ *cli.Output }

// newScreen is the terminal that stdout is. The caller has checked that it is one.
func newScreen(env cli.Env) *screen { return &screen{env.Stdout.(*cli.Output)} }

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
const garbage = 20

// Show runs a dashboard on the terminal until it ends.
func Show(ctx context.Context, env cli.Env, s tui.Screen) (err error) {
	debug.SetGCPercent(garbage)
	defer oneMoreProcessor()()
	in := env.Stdin
	if f := cli.FileOf(in); f == nil || !term.IsTerminal(int(f.Fd())) {
		// Something else is piped in: the keys come from the terminal itself.
		tty, ttyErr := os.Open("/dev/tty")
		if ttyErr != nil {
			return fmt.Errorf("open the terminal to read keys: %w", ttyErr)
		}
		defer func() { err = errors.Join(err, tty.Close()) }()
		in = tty
	}
	return tui.Run(ctx, s, in, newScreen(env))
}

// oneMoreProcessor lets one goroutine more than before run at a time, until the returned function
// is called. A search and the garbage collector can take two processors for as long as they go on.
// Where there are only two, a key would wait until the runtime takes one away from them: 10 ms.
func oneMoreProcessor() (end func()) {
	before := runtime.GOMAXPROCS(0)
	runtime.GOMAXPROCS(before + 1)
	return func() { runtime.GOMAXPROCS(before) }
}
