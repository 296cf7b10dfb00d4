package fileid

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// maxLinks is how many symbolic links in a row Real follows. Linux follows as many.
const maxLinks = 40

// Real returns the absolute path of a file without symbolic links. The file and its
// folder need not exist.
func Real(file string) (string, error) {
	path, err := filepath.Abs(file)
	if err != nil {
		return "", err
	}
	for range maxLinks {
		real, err := filepath.EvalSymlinks(path)
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return real, err
		}
		target, err := os.Readlink(path)
		if err != nil { // not a link
			dir := filepath.Dir(path)
			if dir != path {
				dir, err = Real(dir)
			} else {
				err = nil
			}
			return filepath.Join(dir, filepath.Base(path)), err
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(path), target)
		}
		path = target
	}
	return "", fmt.Errorf("%s: %w", file, unix.ELOOP)
}
