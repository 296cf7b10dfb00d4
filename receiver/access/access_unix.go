//go:build unix

package access

import "golang.org/x/sys/unix"

// Rights. Enter is for folders: to use what is in it.
const (
	Exist Right = unix.F_OK
	Read  Right = unix.R_OK
	Write Right = unix.W_OK
	Enter Right = unix.X_OK
)

// Check returns an error if the user does not have the rights, or if there is no such file.
func Check(path string, r Right) error { return unix.Access(path, uint32(r)) }
