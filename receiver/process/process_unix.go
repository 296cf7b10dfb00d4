//go:build unix

package process

import (
	"os"
	"syscall"
)

// Terminate asks a program that was started with [Attributes], and its children, to end.
func Terminate(pid int) error { return syscall.Kill(-pid, syscall.SIGTERM) }

// Kill ends a program that was started with [Attributes], and its children.
func Kill(pid int) error { return syscall.Kill(-pid, syscall.SIGKILL) }

// Raise sends a signal to this process.
func Raise(s syscall.Signal) error { return syscall.Kill(os.Getpid(), s) }
