//go:build unix

package pid1

import (
	"errors"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/term"
)

// Run runs the program again, as a child, if this is the first process. It passes signals
// on and returns the exit code of the child. ok is false if this is not the first process,
// or if there can be no child: then the caller goes on itself.
func Run() (code int, ok bool) {
	if os.Getpid() != 1 {
		return 0, false
	}
	program, err := os.Executable()
	if err != nil {
		return 0, false
	}
	ended, others := make(chan os.Signal, 1), make(chan os.Signal, 32)
	signal.Notify(ended, syscall.SIGCHLD)
	signal.Notify(others, syscall.SIGHUP, syscall.SIGINT, syscall.SIGQUIT, syscall.SIGTERM, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGWINCH, syscall.SIGCONT)
	defer signal.Stop(ended)
	defer signal.Stop(others)
	child, err := os.StartProcess(program, os.Args, &os.ProcAttr{
		Files: []*os.File{os.Stdin, os.Stdout, os.Stderr},
		// On a terminal the child has the signals of keys for itself. Otherwise each would
		// reach it twice.
		Sys: &syscall.SysProcAttr{Foreground: term.IsTerminal(0)},
	})
	if err != nil {
		return 0, false
	}
	for {
		select {
		case s := <-others:
			_ = syscall.Kill(child.Pid, s.(syscall.Signal)) // if it has ended, we end next
		case <-ended:
			if code, done := reap(child.Pid); done {
				return code, true
			}
		}
	}
}

// reap asks for the exit codes of all processes that have ended. done reports whether the
// child is one of them.
func reap(child int) (code int, done bool) {
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
		switch {
		case errors.Is(err, syscall.EINTR):
		case err != nil || pid == 0:
			return 0, false
		case pid == child && status.Signaled():
			return 128 + int(status.Signal()), true
		case pid == child && status.Exited():
			return status.ExitStatus(), true
		}
	}
}
