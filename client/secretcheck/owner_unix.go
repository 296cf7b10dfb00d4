//go:build unix

package secretcheck

import (
	"io/fs"
	"os"
	"syscall"
)

// Others returns what the permissions of a file say about other users: those of its group, and all.
func Others(mode fs.FileMode) fs.FileMode { return mode & 0o077 }

// isForeign reports whether a file belongs to another user than the one that runs this program. Root
// may use it all the same.
func isForeign(info fs.FileInfo) bool {
	s, ok := info.Sys().(*syscall.Stat_t)
	return ok && os.Geteuid() != 0 && int(s.Uid) != os.Geteuid()
}
