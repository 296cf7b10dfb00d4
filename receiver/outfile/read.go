package outfile

import (
	"fmt"
	"io"
	"os"
)

// MaxSettings is how many bytes a file with settings, secrets or certificates may have.
const MaxSettings = 1 << 20

// Read reads a file whose name comes from the user, and that has at most so many bytes. A
// device such as /dev/zero never ends. The error of a larger one is an [*Error], others are
// those of the system.
func Read(name string, most int64) (_ []byte, err error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(content)) > most {
		err = &Error{Name: name, Problem: fmt.Sprintf("has more than %d MiB", most>>20), Advice: "name another file"}
	}
	if err != nil {
		return nil, err
	}
	return content, nil
}
