package store

import (
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// lockStore locks a store itself, whatever its name is. It returns nil if the store does
// not exist, or if its file system has no such locks. If another process has the lock,
// the error is a *Holder.
//
// On Linux flock(2) has nothing to do with the record locks of SQLite: they neither keep
// each other out, nor does the end of one end the other. Other systems, and Linux on a
// network drive, make both the same kind of lock: SQLite would wait for this lock.
func lockStore(store string) (*fileLock, error) {
	var at unix.Statfs_t
	switch err := unix.Statfs(store, &at); {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, lockError(store, err)
	}
	switch uint32(at.Type) { // it has 32 bits on some machines
	case unix.NFS_SUPER_MAGIC, unix.SMB_SUPER_MAGIC, unix.CIFS_SUPER_MAGIC, unix.SMB2_SUPER_MAGIC, unix.V9FS_MAGIC:
		return nil, nil
	}
	f := newFileLock(store, os.O_RDONLY)
	ok, err := f.TryLock()
	switch {
	case err != nil && noLocks(err):
		return nil, nil
	case err != nil:
		return nil, lockError(store, err)
	case !ok:
		return nil, &Holder{}
	}
	return f, nil
}
