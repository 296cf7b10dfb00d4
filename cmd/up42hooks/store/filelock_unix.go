//go:build !windows

package store

import (
	"os"

	"github.com/gofrs/flock"
)

// fileLock is a lock of a file, which keeps nobody from reading and writing it.
type fileLock = flock.Flock

// newFileLock returns the lock of a file, not taken yet. The flags are those with which the file is opened.
func newFileLock(path string, flag int) *fileLock { return flock.New(path, flock.SetFlag(flag)) }

// write writes the text of the lock's file.
func (l *Lock) write(text []byte) error { return os.WriteFile(lockFile(l.store), text, 0o600) }

// clear removes the text.
func (l *Lock) clear() error { return os.Truncate(lockFile(l.store), 0) }

// remove removes the file of the lock, and releases the lock.
func (l *Lock) remove() error {
	if os.Remove(lockFile(l.store)) != nil {
		return l.Release()
	}
	return l.unlock()
}
