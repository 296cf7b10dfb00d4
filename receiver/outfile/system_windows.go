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

// ofUnix are the errors of Unix that those of Windows mean.
var ofUnix = map[syscall.Errno]syscall.Errno{
	windows.ERROR_FILE_NOT_FOUND: syscall.ENOENT, windows.ERROR_PATH_NOT_FOUND: syscall.ENOENT, windows.ERROR_BAD_NETPATH: syscall.ENOENT,
	windows.ERROR_DIRECTORY: syscall.ENOTDIR, windows.ERROR_FILENAME_EXCED_RANGE: syscall.ENAMETOOLONG, windows.ERROR_ACCESS_DENIED: syscall.EACCES,
	windows.ERROR_WRITE_PROTECT: syscall.EROFS, windows.ERROR_DISK_FULL: syscall.ENOSPC, windows.ERROR_HANDLE_DISK_FULL: syscall.ENOSPC,
	windows.ERROR_DISK_QUOTA_EXCEEDED: syscall.EDQUOT, windows.ERROR_CANT_RESOLVE_FILENAME: syscall.ELOOP, windows.ERROR_BROKEN_PIPE: syscall.EPIPE,
	windows.ERROR_NO_DATA: syscall.EPIPE, windows.ERROR_INVALID_HANDLE: syscall.EBADF, windows.ERROR_IO_DEVICE: syscall.EIO, windows.ERROR_CRC: syscall.EIO,
}

// portable is an error of the system as one of Unix.
func portable(number syscall.Errno) syscall.Errno {
	if n, ok := ofUnix[number]; ok {
		return n
	}
	return number
}

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
