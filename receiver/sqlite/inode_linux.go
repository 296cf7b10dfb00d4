package sqlite

import (
	"errors"

	"golang.org/x/sys/unix"
)

// identify asks for no more than it needs. Whoever asks Linux (since 6.13) for a
// file's times, as stat does, has the next write to it give it a new one: then its
// inode goes to disk with each sync, by a write of its own, which takes as long as
// that of a whole batch. Measured at 32 connections: a sixteenth more deliveries
// than with stat.
func identify(file string) (inode, int64, error) {
	var st unix.Statx_t
	err := unix.Statx(unix.AT_FDCWD, file, 0, unix.STATX_INO|unix.STATX_SIZE, &st)
	if errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.EPERM) {
		return identifyByStat(file) // an old system, or a sandbox that does not know the call
	}
	return inode{unix.Mkdev(st.Dev_major, st.Dev_minor), st.Ino}, int64(st.Size), err
}
