package fileid

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// maxLinks is how many symbolic links in a row Real follows. Linux follows as many.
const maxLinks = 40

// errCircle is the error for symbolic links that do not end.
var errCircle error = circle{}

type circle struct{}

func (circle) Error() string { return "its symbolic links go in a circle" }
func (circle) Unwrap() error { return syscall.ELOOP }

// Real returns the absolute path of a file without symbolic links. The file and its
// folder need not exist.
func Real(file string) (string, error) {
	path, err := filepath.Abs(file)
	if err != nil {
		return "", err
	}
	for range maxLinks {
		real, err := filepath.EvalSymlinks(path)
		switch {
		case err == nil:
			return real, nil
		case !errors.As(err, new(syscall.Errno)): // it has no error of the system for too many links
			return "", errCircle
		case !errors.Is(err, fs.ErrNotExist):
			return "", err
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
	return "", errCircle
}
