//go:build !unix

package daemon

import "io/fs"

// hasLittleSpace says whether the address space is limited to so little that the heap
// can't grow as it does elsewhere.
func hasLittleSpace() bool { return false }

// openFiles returns 0: the system does not tell how many files a process may have open.
func openFiles() int { return 0 }

// sameDevice is false: for [os.SameFile] all pipes and consoles of Windows are the null device.
func sameDevice(_, _ fs.FileInfo) bool { return false }
