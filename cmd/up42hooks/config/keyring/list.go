package keyring

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"syscall"

	"github.com/up42/up42-webhooks/receiver/errno"
	"github.com/up42/up42-webhooks/receiver/outfile"
)

// readList reads a list from a file, which need not exist.
func readList[T any](file string) (all []T, err error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) || errno.Is(err, syscall.ENOTDIR) { // a service's home may be /dev/null
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return all, json.Unmarshal(text, &all)
}

// writeList replaces the file at once. It removes the file if the list is empty.
func writeList[T any](file string, all []T) error {
	if len(all) == 0 {
		return os.Remove(file)
	}
	text, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	return outfile.Put(file, append(text, '\n'))
}
