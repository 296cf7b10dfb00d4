package tui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/handover"
	"github.com/up42/up42-webhooks/tui/mouse"
	"github.com/up42/up42-webhooks/tui/renderer"
)

// Run shows the dashboard on a terminal until the user quits or ctx ends, which is
// no error. It then restores the terminal, and waits for all of the model's
// goroutines. out is an *os.File, or a writer that has Fd, or WatchSize if it is a terminal of
// another machine. If it has a method Hurry, that
// is called at the end: from then on out must not wait long for a terminal that nobody
// reads.
//
// A panic is not printed: its stack goes to a file in Options.CrashDir, which the
// error names.
func Run(ctx context.Context, s Screen, in io.Reader, out io.Writer) error {
	defer s.Close()
	g, err := run(ctx, s, in, out)
	switch {
	case g.crash != nil:
		return keepTrace(g.crash, s.Dashboard().o.CrashDir)
	case err == nil, ctx.Err() != nil:
		return nil
	case errors.Is(err, tea.ErrProgramPanic):
		return fmt.Errorf("run the dashboard: a command panicked: %w", err)
	default:
		return fmt.Errorf("run the dashboard: %w", err)
	}
}

func run(ctx context.Context, s Screen, in io.Reader, out io.Writer) (*guard, error) {
	g := &guard{Screen: s}
	restore, err := rawMode(in)
	if err != nil {
		return g, err
	}
	g.screen = renderer.Open(out, !s.Dashboard().o.NoMouse)
	s.Dashboard().terminal = lendable(ctx, in, out, g.screen, restore)
	p := tea.NewProgram(g,
		tea.WithInput(mouse.NewInput(in)), tea.WithOutput(out), tea.WithoutRenderer(), tea.WithoutSignalHandler(),
	)
	// tea.WithContext would not wait for the goroutine that reads keys.
	defer context.AfterFunc(ctx, p.Quit)()
	stop := watch(ctx, p, g.screen, in, out)
	_, err = p.Run()
	stop()
	if h, ok := out.(hurrying); ok {
		h.Hurry()
	}
	end(ctx, g, restore)
	return g, err
}

// watch watches the terminal while the program runs. stop ends that, and waits for its end.
func watch(ctx context.Context, p *tea.Program, screen *renderer.Renderer, in io.Reader, out io.Writer) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var watchers sync.WaitGroup
	watchers.Go(func() { watchSize(ctx, out, p.Send) })
	watchers.Go(func() { watchContinued(ctx, func() { takeBack(in, screen) }) })
	watchers.Go(func() {
		select {
		case <-screen.Gone():
			p.Quit()
		case <-ctx.Done():
		}
	})
	return func() {
		cancel()
		watchers.Wait()
	}
}

// end restores the terminal, and meanwhile ends the model and saves its state.
func end(ctx context.Context, g *guard, restore func()) {
	var restoring sync.WaitGroup
	restoring.Go(func() {
		_ = g.screen.Close() // the error of a terminal that is gone helps nobody
		restore()
	})
	g.Close()
	m := g.Dashboard()
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	m.keeper.end(last)
	cancel()
	if m.o.Ended != nil {
		m.o.Ended()
	}
	restoring.Wait()
}

// lendable is the terminal that other programs may have for a while, or nil without one.
func lendable(ctx context.Context, in io.Reader, out io.Writer, screen handover.Screen, restore func()) *handover.Terminal {
	from, reads := in.(fileLike)
	to, writes := out.(fileLike)
	if !reads || !writes {
		return nil
	}
	return &handover.Terminal{
		Ctx: ctx, In: from.Fd(), Out: to.Fd(), Screen: screen, Restore: restore,
		Raw: func() error {
			_, err := rawMode(in)
			return err
		},
	}
}

// takeBack sets the terminal up again after a stop: the shell has used it meanwhile. Run
// restores what was before the first start.
func takeBack(in io.Reader, screen *renderer.Renderer) {
	if !inForeground(in) {
		return // the shell sends the signal once more with fg
	}
	if _, err := rawMode(in); err == nil {
		screen.Reopen()
	}
}
