package tunnel

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// journal remembers which webhooks were made, in a file of mode 0600.
type journal struct{ file string }

// entry is a webhook that may be there. It is written before the webhook is
// created, so that its id may not be known; its name is nobody else's.
type entry struct {
	// Account is whose webhook it is.
	Account string `json:"account"`
	Name    string `json:"name"`
	ID      string `json:"id,omitempty"`
}

// read is what the journal holds; nothing where there is none.
func (j journal) read() ([]entry, error) {
	text, err := os.ReadFile(j.file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var entries []entry
	if err == nil {
		err = json.Unmarshal(text, &entries)
	}
	if err != nil {
		return nil, fmt.Errorf("read which webhooks of tunnels may be left over (%s): %w", j.file, err)
	}
	return entries, nil
}

// write replaces the journal. It is on disk when write returns.
func (j journal) write(entries []entry) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("note the webhook of a tunnel: %w", err)
		}
	}()
	if len(entries) == 0 {
		if err = os.Remove(j.file); errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	text, err := json.MarshalIndent(entries, "", "  ")
	if err != nil {
		return err
	}
	return j.replace(append(text, '\n'))
}

// replace writes a new file first, so that there is a whole one at any time.
func (j journal) replace(text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(j.file), filepath.Base(j.file)+".*") // 0600
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), j.file)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return syncFolder(filepath.Dir(j.file))
}

// syncFolder has the disk keep a new name.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
