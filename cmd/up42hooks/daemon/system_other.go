//go:build !unix

package daemon

// hasLittleSpace says whether the address space is limited to so little that the heap
// can't grow as it does elsewhere.
func hasLittleSpace() bool { return false }

// openFiles returns 0: the system does not tell how many files a process may have open.
func openFiles() int { return 0 }
