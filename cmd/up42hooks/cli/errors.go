package cli

import "errors"

// Failure ends a command with exit code 1. An empty one prints nothing: the
// command has printed its result already.
type Failure string

func (f Failure) Error() string { return string(f) }

// Failed is the error of a command that ends with exit code 1 and this message.
func Failed(msg string) error { return Failure(msg) }

// misuse ends a command with exit code 2.
type misuse struct{ error }

func (m misuse) Unwrap() error { return m.error }

// UsageError makes err an error of usage.
func UsageError(err error) error { return misuse{err} }

// exitCode is the exit code for what a command returned: 0 if it succeeded, 2 if
// it was called wrongly, else 1.
func exitCode(err error) int {
	switch {
	case err == nil:
		return 0
	case errors.As(err, new(misuse)):
		return 2
	default:
		return 1
	}
}
