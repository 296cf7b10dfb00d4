package notify

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/up42/up42-webhooks/receiver/outfile"
)

// DefaultLine is the template of a line in a file.
const DefaultLine = "{time} {text}"

// File makes an action that appends a line to a file. Line is a template with the
// placeholders of [Placeholders]; empty is [DefaultLine]. The file is created with the
// permissions 0600. It is opened for each message, so it can be moved away or removed at any
// time. It may also be a pipe or a device; a message that nobody reads is an error. File
// returns an error if the line or the path is not valid, or if the path leads to the store that this
// process has open, or to a file that belongs to it; "" is no store.
func File(path, line, store string) (Action, error) {
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
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil, outfile.Explain(path, syscall.EISDIR)
	}
	if err := outfile.RefuseStore(path, store); err != nil {
		return nil, err
	}
	return &file{path: path, store: store, line: t}, nil
}

// unread is how long a message waits for the reader of a pipe.
const unread = time.Second

type file struct {
	path, store string
	line        template
	// torn: the last line may have no end, because the disk was full.
	torn atomic.Bool
}

func (f *file) Send(_ context.Context, m *Message) error {
	err := outfile.RefuseStore(f.path, f.store) // links change
	if err != nil {
		return fmt.Errorf("write a message: %w", err)
	}
	out, _, err := outfile.Append(f.path)
	if err != nil {
		return fmt.Errorf("write a message: %w", err)
	}
	_ = out.SetWriteDeadline(time.Now().Add(unread)) // pipes have deadlines
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
