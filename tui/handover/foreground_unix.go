//go:build unix

package handover

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

// inForeground runs the program as the foreground job of the terminal.
func (j *job) inForeground(terminal *os.File) error {
	p := j.program
	p.SysProcAttr = &syscall.SysProcAttr{Foreground: true, Ctty: int(terminal.Fd())}
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
	err := j.await(done, children)
	if back := unix.IoctlSetPointerInt(int(terminal.Fd()), unix.TIOCSPGRP, unix.Getpgrp()); back != nil {
		err = errors.Join(err, fmt.Errorf("take the terminal back: %w", back))
	}
	return err
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
