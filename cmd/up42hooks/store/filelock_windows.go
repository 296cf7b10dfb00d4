package store

import (
	"errors"
	"os"
	"syscall"

	"golang.org/x/sys/windows"
)

// lockedByte is the place of the byte that is locked. While it is, Windows lets no other handle read or
// write it, so it is one that the text in the file never reaches.
const lockedByte = 1 << 30

// fileLock is a lock of a file. It ends when the file is closed. It is not safe for concurrent use.
type fileLock struct {
	path string
	flag int
	file *os.File // nil without the lock
}

// newFileLock returns the lock of a file, not taken yet. The flags are those with which the file is opened.
func newFileLock(path string, flag int) *fileLock { return &fileLock{path: path, flag: flag} }

// Path returns the name of the file.
func (f *fileLock) Path() string { return f.path }

// TryLock takes the lock for this process alone. It is false if others have it.
func (f *fileLock) TryLock() (bool, error) { return f.try(windows.LOCKFILE_EXCLUSIVE_LOCK) }

// TryRLock takes the lock together with others that call TryRLock.
func (f *fileLock) TryRLock() (bool, error) { return f.try(0) }

func (f *fileLock) try(kind uint32) (bool, error) {
	file, err := os.OpenFile(f.path, f.flag, 0o600)
	if errors.Is(err, windows.ERROR_SHARING_VIOLATION) { // somebody removes it
		return false, nil
	}
	if err != nil {
		return false, err
	}
	at := windows.Overlapped{Offset: lockedByte}
	err = windows.LockFileEx(windows.Handle(file.Fd()), kind|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &at)
	switch {
	case err == nil:
		f.file = file
		return true, nil
	case errors.Is(err, windows.ERROR_LOCK_VIOLATION), errors.Is(err, windows.ERROR_IO_PENDING):
		return false, file.Close()
	case errors.Is(err, windows.ERROR_NOT_SUPPORTED), errors.Is(err, windows.ERROR_INVALID_FUNCTION):
		return false, errors.Join(syscall.ENOTSUP, file.Close())
	default:
		return false, errors.Join(&os.PathError{Op: "lock", Path: f.path, Err: err}, file.Close())
	}
}

// Stat describes the file that is locked, whatever its name is now.
func (f *fileLock) Stat() (os.FileInfo, error) { return f.file.Stat() }

// Unlock releases the lock, if it was taken.
func (f *fileLock) Unlock() error {
	if f.file == nil {
		return nil
	}
	err := f.file.Close()
	f.file = nil
	return err
}

// Close is Unlock.
func (f *fileLock) Close() error { return f.Unlock() }

// write writes the text of the lock's file.
func (l *Lock) write(text []byte) error {
	if err := l.clear(); err != nil {
		return err
	}
	_, err := l.held.file.WriteAt(text, 0)
	return err
}

// clear removes the text.
func (l *Lock) clear() error { return l.held.file.Truncate(0) }

// remove releases the lock, and removes its file: Windows removes none that is open. So it also fails if
// somebody has opened the file meanwhile to take the lock, and that is right.
func (l *Lock) remove() error {
	if err := l.Release(); err != nil {
		return err
	}
	_ = os.Remove(lockFile(l.store))
	return nil
}
