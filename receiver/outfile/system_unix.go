//go:build unix

package outfile

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// unblocked opens a pipe without waiting for its other end, and a terminal without making it
// that of the process.
const unblocked = unix.O_NONBLOCK | unix.O_NOCTTY

// portable is an error of the system as one of Unix.
func portable(number syscall.Errno) syscall.Errno { return number }

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
