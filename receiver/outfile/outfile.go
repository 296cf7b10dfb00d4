// Package outfile writes and reads files whose names come from the user. It has the rules that all
// of the program shares:
//
//   - A symbolic link stays: what is written goes to where it leads, also if nothing is
//     there yet.
//   - A device, a pipe or an open file (/dev/stdout, /dev/fd/3) is written into, never
//     replaced.
//   - Any other file is replaced when its new content is complete, and keeps its
//     permissions. A new file is for its owner only.
//   - A database (SQLite) is neither replaced nor written to: it is a store of events.
//   - An error says which name or folder is to blame, and what to do: see [Error].
package outfile

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/up42/up42-webhooks/receiver/errno"
	"github.com/up42/up42-webhooks/receiver/folder"
	"github.com/up42/up42-webhooks/receiver/retry"
)

// readerInterval is how often an opening of a pipe looks for its reader.
const readerInterval = 50 * time.Millisecond

// Write writes a file. If write fails, or the context ends, an existing file stays as it
// was. To write into a pipe, it waits for a reader until ctx ends. Its error is an [*Error]
// unless it is one of write or of the context.
func Write(ctx context.Context, name string, write func(io.Writer) error) error {
	t, err := Resolve(name)
	if err == nil {
		err = t.checkName()
	}
	if err != nil {
		return err
	}
	return t.write(ctx, write)
}

// WriteOwn is Write for a file of this program beside a store, which Write refuses.
func WriteOwn(ctx context.Context, name string, write func(io.Writer) error) error {
	t, err := Resolve(name)
	if err != nil {
		return err
	}
	return t.write(ctx, write)
}

func (t *Target) write(ctx context.Context, write func(io.Writer) error) error {
	if err := t.checkContent(); err != nil {
		return err
	}
	if t.Replaceable() {
		return replace(t, write)
	}
	f, err := t.openWaiting(ctx)
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() { _ = f.SetWriteDeadline(time.Now()) })() // pipes have deadlines
	err = write(explaining{f, t.name})
	if closed := f.Close(); err == nil {
		err = Explain(t.name, closed)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// Put writes a file with this content, and makes its folder if it is missing. Both are on
// disk when it returns.
func Put(name string, content []byte) error { return put(name, content, Write) }

// PutOwn is Put for a file of this program beside a store, which Put refuses.
func PutOwn(name string, content []byte) error { return put(name, content, WriteOwn) }

func put(name string, content []byte, write func(context.Context, string, func(io.Writer) error) error) error {
	t, err := Resolve(name)
	if err != nil {
		return err
	}
	if err := folder.Make(filepath.Dir(t.Path)); err != nil {
		return Explain(name, err)
	}
	return write(context.Background(), name, func(out io.Writer) error {
		_, err := out.Write(content)
		return err
	})
}

// explaining writes, and explains its errors.
type explaining struct {
	io.Writer
	name string
}

func (e explaining) Write(p []byte) (int, error) {
	n, err := e.Writer.Write(p)
	return n, Explain(e.name, err)
}

// replace writes a new file beside the old one, and gives it the name when it is on disk.
func replace(t *Target, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(t.Path), ".up42hooks-part-*") // 0600
	if err != nil {
		return Explain(t.name, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	err = write(explaining{f, t.name})
	if err == nil {
		err = Explain(t.name, errors.Join(t.keepOwner(f), f.Sync()))
	}
	if closed := f.Close(); err == nil {
		err = Explain(t.name, closed)
	}
	if err != nil {
		return err
	}
	if err := os.Rename(f.Name(), t.Path); err != nil {
		return Explain(t.name, err)
	}
	return Explain(t.name, folder.Sync(filepath.Dir(t.Path)))
}

// keepOwner gives a file the permissions of the one that it replaces, and its owner if that
// is allowed.
func (t *Target) keepOwner(f *os.File) error {
	if t.info == nil {
		return nil
	}
	return KeepAccess(f, t.Path)
}

// Append opens a file to append to it, and makes it if it does not exist. It does not wait
// for the reader of a pipe: without one it fails. The caller closes the file.
func Append(name string) (*os.File, *Target, error) {
	t, err := Resolve(name)
	if err == nil {
		err = t.checkName()
	}
	if err == nil {
		err = t.checkContent()
	}
	if err != nil {
		return nil, nil, err
	}
	f, err := t.open()
	return f, t, err
}

// openWaiting opens what is no regular file. It waits for the reader of a pipe.
func (t *Target) openWaiting(ctx context.Context) (*os.File, error) {
	for {
		f, err := t.open()
		if !errno.Is(err, syscall.ENXIO) || t.info.Mode()&fs.ModeNamedPipe == 0 {
			return f, err
		}
		if !retry.Sleep(ctx, readerInterval) {
			return nil, ctx.Err()
		}
	}
}

// open opens the file for appending.
func (t *Target) open() (*os.File, error) {
	switch {
	case t.descriptor >= 0: // with the place in the file that it has
		f, err := Duplicate(uintptr(t.descriptor), t.name)
		return f, Explain(t.name, err)
	case t.info != nil && t.info.IsDir():
		return nil, Explain(t.name, syscall.EISDIR)
	case t.info != nil && !t.info.Mode().IsRegular():
		// Without O_NONBLOCK it would wait for the reader of a pipe, and writes could not end.
		f, err := os.OpenFile(t.Path, os.O_WRONLY|os.O_APPEND|unblocked, 0)
		return f, Explain(t.name, err)
	default:
		f, err := os.OpenFile(t.Path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
		return f, Explain(t.name, err)
	}
}
