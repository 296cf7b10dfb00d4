package tui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"sync"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/renderer"
	"github.com/up42/up42-webhooks/tui/text"
)

// Run shows the dashboard on a terminal until its user leaves or ctx ends,
// which is no error. The terminal is then as it was, and all of the model's
// goroutines have ended. out is an *os.File, or a writer that embeds one.
//
// A panic does not get onto the screen: its trace goes to a file in
// Options.CrashDir, which the error names in one line.
func Run(ctx context.Context, m *Model, in io.Reader, out io.Writer) error {
	defer m.Close()
	g, err := m.run(ctx, in, out)
	m.Close()
	switch {
	case g.crash != nil:
		return keepTrace(g.crash, m.o.CrashDir)
	case err == nil, ctx.Err() != nil:
		return nil
	case errors.Is(err, tea.ErrProgramPanic):
		return fmt.Errorf("run the dashboard: a command panicked: %w", err)
	default:
		return fmt.Errorf("run the dashboard: %w", err)
	}
}

func (m *Model) run(ctx context.Context, in io.Reader, out io.Writer) (*guard, error) {
	g := &guard{Model: m}
	restore, err := rawMode(in)
	if err != nil {
		return g, err
	}
	defer restore()
	if g.screen, err = renderer.Open(out); err != nil {
		return g, err
	}
	// A terminal that is gone is no news to the one who closed it.
	defer func() { _ = g.screen.Close() }()
	p := tea.NewProgram(g,
		tea.WithInput(in), tea.WithOutput(out), tea.WithoutRenderer(), tea.WithoutSignalHandler(),
	)
	// A program that its context ends does not wait for its reader of keys.
	defer context.AfterFunc(ctx, p.Quit)()
	sizes, stop := context.WithCancel(ctx)
	var told sync.WaitGroup
	told.Go(func() { tellSize(sizes, out, p.Send) })
	told.Go(func() {
		select {
		case <-g.screen.Gone():
			p.Quit()
		case <-sizes.Done():
		}
	})
	_, err = p.Run()
	stop()
	told.Wait()
	return g, err
}

// guard stands between Bubble Tea and the model: it has frames drawn, catches a
// panic while the screen is still there, and leaves it in an orderly way.
type guard struct {
	*Model
	screen *renderer.Renderer
	crash  *crash
}

func (g *guard) Update(msg tea.Msg) (model tea.Model, cmd tea.Cmd) {
	model = g // also where a panic is caught: Bubble Tea goes on with it
	if g.crash != nil {
		return model, tea.Quit
	}
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		g.screen.Resize(msg.Height)
	case tea.KeyMsg:
		if key.Matches(msg, g.keys.redraw) {
			g.screen.Redraw()
		}
	}
	defer g.catch(&cmd)
	_, cmd = g.Model.Update(msg)
	return model, cmd
}

// View draws: Bubble Tea, which has no renderer here, asks for a view after each
// message all the same.
func (g *guard) View() string {
	if g.crash == nil {
		defer g.catch(nil)
		view := g.Model.View()
		if g.o.ASCII {
			view = text.ASCII(view)
		}
		g.screen.Show(view)
	}
	return ""
}

func (g *guard) catch(cmd *tea.Cmd) {
	r := recover()
	if r == nil && g.crash == nil {
		return
	}
	if g.crash == nil {
		g.crash = crashOf(r)
	}
	if cmd != nil {
		*cmd = tea.Quit
	}
}

func crashOf(r any) *crash {
	if p, ok := r.(*panicMsg); ok {
		return (*crash)(p)
	}
	return &crash{what: r, stack: debug.Stack()}
}

// keepTrace writes where it happened to a file, and says so in one line.
func keepTrace(c *crash, dir string) error {
	what := strings.ReplaceAll(c.Error(), "\n", " ")
	f, err := os.CreateTemp(dir, "up42hooks-crash-*.log")
	if err != nil {
		return fmt.Errorf("%s (its trace could not be kept: %w)", what, err)
	}
	_, err = fmt.Fprintf(f, "%s\n\n%s", c.Error(), c.stack)
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("%s (its trace could not be kept: %w)", what, err)
	}
	return fmt.Errorf("%s; its trace is in %s", what, f.Name())
}
