//go:build unix

package daemon

import "syscall"

// hasLittleSpace says whether the address space is limited (ulimit -v) to so little that
// the heap can't grow as it does elsewhere.
func hasLittleSpace() bool {
	const little = 4 << 30
	var l syscall.Rlimit
	return syscall.Getrlimit(syscall.RLIMIT_AS, &l) == nil && uint64(l.Cur) < little
}
