package tunnel

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/up42/up42-webhooks/receiver/outfile"
)

// journal is a file, with the permissions 0600, of the webhooks that were created.
type journal struct{ file string }

// entry is a webhook that may exist. It is written before the webhook is created, so its id
// may not be known. Its name is unique.
type entry struct {
	// Account is the account or workspace of the webhook.
	Account string `json:"account"`
	Name    string `json:"name"`
	ID      string `json:"id,omitempty"`
}

// read returns the entries. A missing file has none.
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
		return nil, fmt.Errorf("read the journal of tunnel webhooks (%s): %w", j.file, err)
	}
	return entries, nil
}

// write replaces the journal. When it returns without an error, the journal is on disk.
func (j journal) write(entries []entry) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("write the journal of tunnel webhooks: %w", err)
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
	return outfile.PutOwn(j.file, append(text, '\n'))
}
