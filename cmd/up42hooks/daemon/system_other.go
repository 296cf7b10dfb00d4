//go:build !unix

package daemon

import (
	"io/fs"
	"os"
)

// hasLittleSpace says whether the address space is limited to so little that the heap
// can't grow as it does elsewhere.
func hasLittleSpace() bool { return false }

// openFiles returns 0: the system does not tell how many files a process may have open.
func openFiles() int { return 0 }

// sameDevice reports whether two files are the same device.
func sameDevice(a, b fs.FileInfo) bool { return os.SameFile(a, b) }
