package errno

import (
	"syscall"

	"golang.org/x/sys/windows"
)

// ofUnix are the numbers of Unix that those of Windows mean.
var ofUnix = map[syscall.Errno]syscall.Errno{
	windows.ERROR_FILE_NOT_FOUND: syscall.ENOENT, windows.ERROR_PATH_NOT_FOUND: syscall.ENOENT, windows.ERROR_BAD_NETPATH: syscall.ENOENT,
	windows.ERROR_DIRECTORY: syscall.ENOTDIR, windows.ERROR_FILENAME_EXCED_RANGE: syscall.ENAMETOOLONG, windows.ERROR_ACCESS_DENIED: syscall.EACCES,
	windows.ERROR_WRITE_PROTECT: syscall.EROFS, windows.ERROR_DISK_FULL: syscall.ENOSPC, windows.ERROR_HANDLE_DISK_FULL: syscall.ENOSPC,
	windows.ERROR_DISK_QUOTA_EXCEEDED: syscall.EDQUOT, windows.ERROR_CANT_RESOLVE_FILENAME: syscall.ELOOP, windows.ERROR_BROKEN_PIPE: syscall.EPIPE,
	windows.ERROR_NO_DATA: syscall.EPIPE, windows.ERROR_PIPE_NOT_CONNECTED: syscall.EPIPE, windows.ERROR_INVALID_HANDLE: syscall.EBADF, windows.ERROR_IO_DEVICE: syscall.EIO, windows.ERROR_CRC: syscall.EIO,
	windows.ERROR_SHARING_VIOLATION: syscall.ETXTBSY, windows.ERROR_LOCK_VIOLATION: syscall.ETXTBSY,
	windows.ERROR_INVALID_FUNCTION: syscall.EISDIR, // a folder is read

	windows.WSAEACCES: syscall.EACCES, windows.WSAEADDRINUSE: syscall.EADDRINUSE, windows.WSAEADDRNOTAVAIL: syscall.EADDRNOTAVAIL,
	windows.WSAECONNREFUSED: syscall.ECONNREFUSED, windows.WSAECONNRESET: syscall.ECONNRESET, windows.WSAECONNABORTED: syscall.ECONNABORTED,
	windows.WSAEMFILE: syscall.EMFILE, windows.WSAENOBUFS: syscall.ENOBUFS,
	windows.WSAENETUNREACH: syscall.ENETUNREACH, windows.WSAEHOSTUNREACH: syscall.EHOSTUNREACH, windows.WSAETIMEDOUT: syscall.ETIMEDOUT,
}
