// Package folder makes folders and the names in them durable. A file that was synced
// does not survive a power cut if its name was not.
package folder

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Make makes a folder and those above it that do not exist, for their owner only. Their
// names are on disk when it returns.
func Make(dir string) error {
	missing, err := firstMissing(dir)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for d := filepath.Clean(dir); missing != ""; d = filepath.Dir(d) {
		if err := Sync(filepath.Dir(d)); err != nil {
			return err
		}
		if d == missing {
			return nil
		}
	}
	return nil
}

// firstMissing returns the uppermost folder of a path that does not exist, "" if all do.
func firstMissing(dir string) (missing string, err error) {
	for d := filepath.Clean(dir); ; d = filepath.Dir(d) {
		_, err := os.Stat(d)
		switch {
		case err == nil:
			return missing, nil
		case !errors.Is(err, fs.ErrNotExist):
			return "", err
		}
		if missing = d; d == filepath.Dir(d) {
			return missing, nil
		}
	}
}
