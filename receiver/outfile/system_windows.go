package outfile

import (
	"errors"
	"os"
	"syscall"

	"golang.org/x/sys/windows"

	"github.com/up42/up42-webhooks/receiver/sqlite/fileid"
)

// unblocked is nothing: there are no named pipes among the files.
const unblocked = 0

// isOpen need not know: here a lock does not end when the file is closed by another handle.
func isOpen(fileid.ID) bool { return false }

// KeepAccess keeps a file from being written if another one is. A new file has the access list of
// its folder, and the owner that made it.
func KeepAccess(f *os.File, of string) error {
	info, err := os.Stat(of)
	if err != nil {
		return err
	}
	if err := f.Chmod(info.Mode().Perm()); !errors.Is(err, syscall.EWINDOWS) {
		return err
	}
	return nil
}

// Duplicate opens a handle of this process once more, so that it can be closed.
func Duplicate(fd uintptr, name string) (*os.File, error) {
	var c windows.Handle
	self := windows.CurrentProcess()
	if err := windows.DuplicateHandle(self, windows.Handle(fd), self, &c, 0, false, windows.DUPLICATE_SAME_ACCESS); err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(c), name), nil
}
