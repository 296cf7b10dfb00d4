package program

import (
	"context"
	"errors"
	"fmt"
	"os/exec"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver/forward"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/detail"
	"github.com/up42/up42-webhooks/tui/outside"
)

// FileVariable names the file with the JSON for a program that has the terminal.
const FileVariable = "UP42_JSON"

// forScreens are variables without secrets that programs on a terminal need.
var forScreens = []string{"TERM", "COLORTERM", "TERMINFO", "TERM_PROGRAM", "NO_COLOR", "LC_CTYPE", "SHELL", "VISUAL", "LESS", "TMUX", "STY"}

// lend gives the terminal to a command until it ends. What the user looks at is in a file, as the
// terminal is the input. The file is removed afterwards.
func (p *Programs) lend(i int, c *Command, s detail.Subject) tea.Cmd {
	type prepared struct {
		program *exec.Cmd
		remove  func() error
		err     error
	}
	log := p.o.Log
	prepare := func(ctx context.Context) prepared {
		in, err := inputOf(ctx, log, s)
		if err != nil {
			return prepared{err: err}
		}
		file, remove, err := outside.PrivateFile("row.json", in.line)
		if err != nil {
			return prepared{err: fmt.Errorf("was not run: %w", err)}
		}
		program := exec.Command(c.Run[0], c.Run[1:]...)
		program.Env = append(forward.Environment(append(forScreens, graphical...)...), append(in.variables(), FileVariable+"="+file)...)
		return prepared{program, remove, nil}
	}
	return command.Ask(p.o.Run, prepare, func(r prepared) tea.Cmd {
		if r.err != nil {
			p.ended(i, c, result{err: r.err})
			return nil
		}
		return p.o.Lend(r.program, func(err error) tea.Msg {
			how := result{err: inWords(err)}
			if left := r.remove(); left != nil {
				how.err = errors.Join(how.err, fmt.Errorf("left a file: %w", left))
			}
			return command.To(func() tea.Cmd {
				p.ended(i, c, how)
				return nil
			})
		})
	})
}

// inWords says how a program failed.
func inWords(err error) error {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &exit):
		return fmt.Errorf("failed with %w", exit)
	default:
		return fmt.Errorf("can't be run: %w", err)
	}
}
