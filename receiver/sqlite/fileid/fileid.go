// Package fileid identifies files, whatever their names are. A writer asks with each
// transaction whether its files still have their names.
package fileid

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// ID identifies a file on this machine. The zero value is the ID of no file.
type ID struct{ device, inode uint64 }

// Stat returns the ID and the size, in bytes, of the file that has a name. Its error is
// an *[os.PathError], as that of [os.Stat].
func Stat(file string) (id ID, size int64, err error) {
	for {
		id, size, err = identify(file)
		if err == nil {
			return id, size, nil
		}
		if !errors.Is(err, unix.EINTR) {
			return ID{}, 0, &os.PathError{Op: "stat", Path: file, Err: err}
		}
	}
}

func identifyByStat(file string) (ID, int64, error) {
	var st unix.Stat_t
	err := unix.Stat(file, &st)
	return ID{uint64(st.Dev), uint64(st.Ino)}, st.Size, err
}
