//go:build !unix

package daemon

// hasLittleSpace says whether the address space is limited to so little that the heap
// can't grow as it does elsewhere.
func hasLittleSpace() bool { return false }
