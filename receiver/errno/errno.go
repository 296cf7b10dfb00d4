// Package errno knows errors of the system by the numbers of Unix, on each platform.
package errno

import (
	"errors"
	"syscall"
)

// Is reports whether an error is, or wraps, one that means a number of Unix. On Windows [errors.Is]
// does not tell: a port in use is WSAEADDRINUSE there, not [syscall.EADDRINUSE], which only Go knows.
func Is(err error, number syscall.Errno) bool {
	if errors.Is(err, number) {
		return true
	}
	for other, means := range ofUnix {
		if means == number && errors.Is(err, other) {
			return true
		}
	}
	return false
}

// Unix returns the number of Unix that a number of this system means, or the number itself if it has
// none.
func Unix(number syscall.Errno) syscall.Errno {
	if means, ok := ofUnix[number]; ok {
		return means
	}
	return number
}
