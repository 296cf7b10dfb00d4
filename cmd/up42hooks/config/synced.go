package config

import (
	"errors"
	"os"
)

// writeSynced writes content to f, waits until it is on the disk, and closes f.
func writeSynced(f *os.File, content []byte) error {
	_, err := f.Write(content)
	return errors.Join(err, f.Sync(), f.Close())
}
