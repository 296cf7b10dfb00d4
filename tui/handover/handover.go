// Package handover gives the terminal to another program for a while, such as an editor. The
// program is the foreground job of the terminal, as a shell does it: ctrl+c and ctrl+z are for
// that program, and not for this one, which goes on.
package handover

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver/outfile"
)

// Screen is what draws on the terminal.
type Screen interface {
	// Lend stops drawing and gives the terminal back. Reopen takes it again.
	Lend() error
	Reopen()
}

// Terminal is what the screen is on.
type Terminal struct {
	// Ctx ends the other program.
	Ctx context.Context
	// In and Out are its descriptors.
	In, Out uintptr
	Screen  Screen
	// Restore makes the terminal what it was before Raw, which makes it send keys as they are
	// pressed.
	Restore func()
	Raw     func() error
}

// Lend makes a command that runs a program on the terminal, and then gives its message.
func (t *Terminal) Lend(p *exec.Cmd, then func(error) tea.Msg) tea.Cmd {
	return tea.Exec(&job{terminal: t, program: p}, then)
}

// job is a program that has the terminal.
type job struct {
	terminal *Terminal
	program  *exec.Cmd
}

var _ tea.ExecCommand = (*job)(nil)

// The program gets the terminal itself, not what Bubble Tea reads and writes.

func (j *job) SetStdin(io.Reader)  {}
func (j *job) SetStdout(io.Writer) {}
func (j *job) SetStderr(io.Writer) {}

// Run runs the program. When it returns, the screen has the terminal again.
func (j *job) Run() error {
	t := j.terminal
	if err := t.Screen.Lend(); err != nil {
		return err
	}
	t.Restore()
	err := j.run()
	if raw := t.Raw(); raw != nil {
		err = errors.Join(err, raw)
	}
	t.Screen.Reopen()
	return err
}

func (j *job) run() error {
	p := j.program
	in, err := copyOf(j.terminal.In, "input")
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := copyOf(j.terminal.Out, "output")
	if err != nil {
		return err
	}
	defer out.Close()
	p.Stdin, p.Stdout, p.Stderr = in, out, out
	return j.inForeground(in)
}

// copyOf opens a descriptor once more, so that it can be closed.
func copyOf(fd uintptr, what string) (*os.File, error) {
	f, err := outfile.Duplicate(fd, what)
	if err != nil {
		return nil, fmt.Errorf("open the terminal's %s: %w", what, err)
	}
	return f, nil
}
