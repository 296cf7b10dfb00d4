//go:build unix

package outfile

import (
	"os"

	"golang.org/x/sys/unix"

	"github.com/up42/up42-webhooks/receiver/sqlite/fileid"
)

// unblocked opens a pipe without waiting for its other end, and a terminal without making it
// that of the process.
const unblocked = unix.O_NONBLOCK | unix.O_NOCTTY

// maxDescriptor is how many descriptors isOpen looks at, if the process may have more.
const maxDescriptor = 1 << 16

// isOpen reports whether this process has a file open.
func isOpen(id fileid.ID) bool {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return true
	}
	for fd := range int(min(uint64(limit.Cur), maxDescriptor)) {
		var s unix.Stat_t
		if unix.Fstat(fd, &s) == nil && id == (fileid.ID{Device: uint64(s.Dev), Inode: uint64(s.Ino)}) {
			return true
		}
	}
	return false
}

// KeepAccess gives a file the permissions of another one, and its owner if that is allowed.
func KeepAccess(f *os.File, of string) error {
	var s unix.Stat_t
	if err := unix.Stat(of, &s); err != nil {
		return err
	}
	_ = f.Chown(int(s.Uid), int(s.Gid)) // only root may
	return f.Chmod(os.FileMode(s.Mode).Perm())
}

// Duplicate opens a descriptor of this process once more, so that it can be closed. It is not
// a standard one.
func Duplicate(fd uintptr, name string) (*os.File, error) {
	c, err := unix.FcntlInt(fd, unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(c), name), nil
}
