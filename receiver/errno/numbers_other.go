//go:build !windows

package errno

import "syscall"

// ofUnix is empty: these systems have the numbers of Unix.
var ofUnix map[syscall.Errno]syscall.Errno
