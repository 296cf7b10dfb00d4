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
	"os/signal"
	"syscall"

	tea "github.com/charmbracelet/bubbletea"
	"golang.org/x/sys/unix"
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
	p.SysProcAttr = &syscall.SysProcAttr{Foreground: true, Ctty: int(in.Fd())}
	// A background job that takes the terminal back would be stopped.
	signal.Ignore(syscall.SIGTTOU)
	defer signal.Reset(syscall.SIGTTOU)
	children := make(chan os.Signal, 1)
	signal.Notify(children, syscall.SIGCHLD)
	defer signal.Stop(children)
	if err := p.Start(); err != nil {
		return fmt.Errorf("start it: %w", err)
	}
	done := make(chan error, 1)
	go func() { done <- p.Wait() }()
	err = j.await(done, children)
	if back := unix.IoctlSetPointerInt(int(in.Fd()), unix.TIOCSPGRP, unix.Getpgrp()); back != nil {
		err = errors.Join(err, fmt.Errorf("take the terminal back: %w", back))
	}
	return err
}

// copyOf opens a descriptor once more, so that it can be closed.
func copyOf(fd uintptr, what string) (*os.File, error) {
	c, err := unix.FcntlInt(fd, unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("open the terminal's %s: %w", what, err)
	}
	return os.NewFile(uintptr(c), what), nil
}

// await waits for the program. No shell could continue it after ctrl+z, so it is continued at
// once. If the context ends, the program gets the signal of a terminal that is closed.
func (j *job) await(done <-chan error, children <-chan os.Signal) error {
	group, ended := -j.program.Process.Pid, j.terminal.Ctx.Done()
	for {
		select {
		case err := <-done:
			return err
		case <-children:
			_ = syscall.Kill(group, syscall.SIGCONT) // it may have ended meanwhile
		case <-ended:
			_ = syscall.Kill(group, syscall.SIGHUP)
			_ = syscall.Kill(group, syscall.SIGCONT)
			ended = nil
		}
	}
}
