package sqlite

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// inode tells files apart, whatever they are called.
type inode struct{ device, number uint64 }

// lookAt is what os.Stat tells that matters to the writer, in a hurry: a batch
// that waits for it is the next one's delay.
func lookAt(file string) (i inode, size int64, err error) {
	for {
		i, size, err = identify(file)
		if err == nil {
			return i, size, nil
		}
		if !errors.Is(err, unix.EINTR) {
			return inode{}, 0, &os.PathError{Op: "stat", Path: file, Err: err}
		}
	}
}

func identifyByStat(file string) (inode, int64, error) {
	var st unix.Stat_t
	err := unix.Stat(file, &st)
	return inode{uint64(st.Dev), uint64(st.Ino)}, st.Size, err
}
