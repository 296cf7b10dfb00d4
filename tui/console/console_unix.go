//go:build unix

package console

import (
	"errors"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Enable makes outputs understand escape sequences. Terminals do.
func Enable(...*os.File) {}

// Foreground reports whether the terminal is this process's now. A shell's job in the
// background is stopped when it changes the terminal.
func Foreground(fd uintptr) bool {
	group, err := unix.IoctlGetInt(int(fd), unix.TIOCGPGRP)
	return err == nil && group == unix.Getpgrp()
}

// Continued tells each time when the process goes on after it was stopped, until stop is called.
func Continued() (again <-chan os.Signal, stop func()) { return notify(syscall.SIGCONT) }

// Resized tells when the terminal has perhaps another size, until stop is called.
func Resized() (again <-chan os.Signal, stop func()) { return notify(syscall.SIGWINCH) }

func notify(s os.Signal) (<-chan os.Signal, func()) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, s)
	return c, func() { signal.Stop(c) }
}

// Ready waits until there is something to read from a terminal, no longer than wait.
func Ready(terminal *os.File, wait time.Duration) (bool, error) {
	fds := []unix.PollFd{{Fd: int32(terminal.Fd()), Events: unix.POLLIN}}
	n, err := unix.Poll(fds, int(wait.Milliseconds()))
	if errors.Is(err, unix.EINTR) {
		return false, nil
	}
	return n > 0, err
}

// AwaitClosed blocks until the other end of out is closed (true), or that of wake (false).
func AwaitClosed(out, wake *os.File) bool {
	// poll reports errors and closed ends even if they are not asked for.
	fds := []unix.PollFd{{Fd: int32(out.Fd())}, {Fd: int32(wake.Fd()), Events: unix.POLLIN}}
	for {
		_, err := unix.Poll(fds, -1)
		switch {
		case errors.Is(err, unix.EINTR):
		case err != nil, fds[1].Revents != 0:
			return false
		case fds[0].Revents&(unix.POLLERR|unix.POLLHUP) != 0:
			return true
		case fds[0].Revents != 0:
			return false
		}
	}
}
