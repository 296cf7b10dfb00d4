package notify

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"
)

// DefaultLine is the template of a line in a file.
const DefaultLine = "{time} {text}"

// File makes an action that appends a line to a file. Line is a template with the
// placeholders of [Placeholders]; empty is [DefaultLine]. The file is created with the
// permissions 0600. It is opened for each message, so it can be moved away or removed at any
// time. File returns an error if the line or the path is not valid.
func File(path, line string) (Action, error) {
	if line == "" {
		line = DefaultLine
	}
	t, err := newTemplate(line)
	if err != nil {
		return nil, fmt.Errorf("the line for %s: %w", path, err)
	}
	if info, err := os.Stat(filepath.Dir(path)); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("there is no folder %s for messages", filepath.Dir(path))
	}
	f := &file{path: path, line: t}
	if err := f.check(); err != nil {
		return nil, err
	}
	return f, nil
}

type file struct {
	path string
	line template
	// torn: the last line may have no end, because the disk was full.
	torn atomic.Bool
}

// check returns an error if the path is not a regular file: writing to a pipe could block
// for ever.
func (f *file) check() error {
	info, err := os.Stat(f.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("check the file for messages: %w", err)
	case !info.Mode().IsRegular():
		return fmt.Errorf("messages can't be written to %s: it is not a regular file", f.path)
	default:
		return nil
	}
}

func (f *file) Send(_ context.Context, m *Message) error {
	if err := f.check(); err != nil {
		return err
	}
	out, err := os.OpenFile(f.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("write a message: %w", err)
	}
	line := f.line.fill(m, unescaped) + "\n"
	if f.torn.Load() {
		line = "\n" + line
	}
	n, err := out.WriteString(line) // one write: other processes may append too
	f.torn.Store(err != nil && (n > 0 || f.torn.Load()))
	if err = errors.Join(err, out.Close()); err != nil {
		return fmt.Errorf("write a message: %w", err)
	}
	return nil
}

func (f *file) Persistent() bool { return true }
func (f *file) String() string   { return "file " + f.path }
