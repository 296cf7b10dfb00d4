//go:build unix

package daemon

import (
	"io/fs"
	"syscall"
)

// hasLittleSpace says whether the address space is limited (ulimit -v) to so little that
// the heap can't grow as it does elsewhere.
func hasLittleSpace() bool {
	const little = 4 << 30
	var l syscall.Rlimit
	return syscall.Getrlimit(syscall.RLIMIT_AS, &l) == nil && uint64(l.Cur) < little
}

// openFiles returns how many files the system lets this process have open (ulimit -n), 0
// if it does not tell. Go has raised that to the hard limit.
func openFiles() int {
	var l syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l) != nil {
		return 0
	}
	return int(min(uint64(l.Cur), 1<<30))
}

// sameDevice reports whether two files are the same device. Each may have a file of its own
// for it, as in containers.
func sameDevice(a, b fs.FileInfo) bool {
	x, ok := a.Sys().(*syscall.Stat_t)
	y, alsoOK := b.Sys().(*syscall.Stat_t)
	return ok && alsoOK && a.Mode().Type() == b.Mode().Type() && a.Mode()&fs.ModeCharDevice != 0 && x.Rdev == y.Rdev
}
