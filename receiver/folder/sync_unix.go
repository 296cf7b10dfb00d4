//go:build unix

package folder

import (
	"errors"
	"os"
	"syscall"
)

// Sync waits until the names of the files in a folder are on disk. File systems that
// can't sync a folder are believed to keep names without that.
func Sync(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		err = nil
	}
	return errors.Join(err, d.Close())
}
