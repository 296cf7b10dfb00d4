package cli

import (
	"errors"
	"syscall"
)

// Failure ends a command with exit code 1. If it is "", nothing is printed: the
// command has printed its result already.
type Failure string

func (f Failure) Error() string { return string(f) }

// Failed is a Failure with a message for the user.
func Failed(message string) error { return Failure(message) }

// misuse ends a command with exit code 2.
type misuse struct{ error }

func (m misuse) Unwrap() error { return m.error }

// UsageError says that err comes from wrong usage.
func UsageError(err error) error { return misuse{err} }

// Each is several errors. Each of them is told in a line of its own.
type Each []error

func (e Each) Error() string { return errors.Join(e...).Error() }

// Unwrap returns the errors.
func (e Each) Unwrap() []error { return e }

// exitCode is the exit code for a command's error: 0 without one, 2 for wrong
// usage, else 1.
func exitCode(err error) int {
	switch {
	case err == nil:
		return 0
	case errors.As(err, new(misuse)):
		return 2
	case errors.Is(err, errClosedOutput):
		return 128 + int(syscall.SIGPIPE) // what a shell says of a program that ended by it
	default:
		return 1
	}
}
