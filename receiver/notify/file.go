package notify

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// DefaultLine is what a file gets of a message.
const DefaultLine = "{time} {text}"

// File appends each message to a file as a line, "" for [DefaultLine], with the
// placeholders of [Placeholders]. The file is made with permissions 0600 and
// opened anew each time, so that it can be moved away. The error says that the
// line or the path can't be right.
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
	return f, f.check()
}

type file struct {
	path string
	line template
}

// check refuses what is no file: a pipe could keep its writer waiting for ever.
func (f *file) check() error {
	info, err := os.Stat(f.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("look at the file for messages: %w", err)
	case !info.Mode().IsRegular():
		return fmt.Errorf("messages can't be written to %s: it is no file", f.path)
	default:
		return nil
	}
}

func (f *file) Tell(_ context.Context, m *Message) error {
	if err := f.check(); err != nil {
		return err
	}
	out, err := os.OpenFile(f.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("write a message: %w", err)
	}
	_, err = out.WriteString(f.line.fill(m, asIs) + "\n")
	if err = errors.Join(err, out.Close()); err != nil {
		return fmt.Errorf("write a message: %w", err)
	}
	return nil
}

func (f *file) Lasting() bool  { return true }
func (f *file) String() string { return "file " + f.path }
