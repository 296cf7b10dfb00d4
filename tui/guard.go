package tui

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/renderer"
	"github.com/up42/up42-webhooks/tui/text"
)

// Screen is what Run shows: a Model, or a program around one.
type Screen interface {
	tea.Model
	// Dashboard is the Model that is shown now. There may be another one after each Update.
	Dashboard() *Model
	// Close ends all commands and waits for them.
	Close()
}

var _ Screen = (*Model)(nil)

// guard stands between Bubble Tea and the screen. It draws frames, and catches a
// panic while the terminal still shows the dashboard, so that the program can leave
// the terminal in order.
type guard struct {
	Screen
	screen *renderer.Renderer
	crash  *command.Crash
}

func (g *guard) Update(msg tea.Msg) (model tea.Model, cmd tea.Cmd) {
	model = g // Bubble Tea goes on with it after a panic
	if g.crash != nil {
		return model, tea.Quit
	}
	if pressed, ok := msg.(tea.KeyMsg); ok {
		g.screen.Hurry()
		if key.Matches(pressed, g.Dashboard().keys.Redraw) {
			g.screen.Redraw()
		}
	}
	defer g.catch(&cmd)
	_, cmd = g.Screen.Update(msg)
	if size, ok := msg.(tea.WindowSizeMsg); ok {
		g.screen.Resize(size.Height, g.frame())
	} else {
		g.screen.Show(g.frame())
	}
	return model, cmd
}

// View draws nothing: Bubble Tea asks for it only after another goroutine has taken the command of
// Update, and that one waits for its turn while many deliveries come.
func (g *guard) View() string { return "" }

func (g *guard) frame() string {
	view := g.Screen.View()
	if g.Dashboard().o.ASCII {
		view = text.ASCII(view)
	}
	return view
}

// catch keeps a panic, and makes cmd end the program.
func (g *guard) catch(cmd *tea.Cmd) {
	if r := recover(); r != nil {
		g.crash = crashOf(r)
		*cmd = tea.Quit
	}
}

// crashOf describes a panic. A panic in a command comes with its own stack.
func crashOf(r any) *command.Crash {
	if c, ok := r.(*command.Crash); ok {
		return c
	}
	return &command.Crash{What: r, Stack: debug.Stack()}
}

// keepTrace writes the stack of a crash to a file in dir, and returns an error that
// names the file.
func keepTrace(c *command.Crash, dir string) error {
	what := strings.ReplaceAll(c.Error(), "\n", " ")
	f, err := os.CreateTemp(dir, "up42hooks-crash-*.log")
	if err != nil {
		return fmt.Errorf("%s (its trace could not be kept: %w)", what, err)
	}
	_, err = fmt.Fprintf(f, "%s\n\n%s", c.Error(), c.Stack)
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("%s (its trace could not be kept: %w)", what, err)
	}
	return fmt.Errorf("%s; its trace is in %s", what, f.Name())
}
