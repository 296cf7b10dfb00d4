package outfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/up42/up42-webhooks/receiver/folder"
)

// Make writes a file by its name, as a database is written. fill fills an empty file beside it, for
// its owner only, that gets the name when it is whole and on disk. If fill fails nothing is
// left, and an existing file stays as it was. Without replace an existing file is an error with
// [fs.ErrExist], also if it came meanwhile.
func Make(name string, replace bool, fill func(temp string) error) (err error) {
	t, err := Resolve(name)
	if err != nil {
		return err
	}
	if err := t.mayBeMade(replace); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(t.Path), ".up42hooks-part-*") // 0600
	if err != nil {
		return Explain(name, err)
	}
	temp := f.Name()
	defer func() { err = errors.Join(err, removePart(temp)) }()
	if err := f.Close(); err != nil {
		return Explain(name, err)
	}
	if err := fill(temp); err != nil {
		return err
	}
	if err := syncFile(temp); err != nil {
		return Explain(name, err)
	}
	return t.place(temp, replace)
}

// Create makes a new file for its owner only. An existing one is an error with [fs.ErrExist].
func Create(name string) (*os.File, error) {
	t, err := Resolve(name)
	if err == nil {
		err = t.checkName()
	}
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, t.exists()
	}
	return f, Explain(name, err)
}

// mayBeMade refuses what is no file or belongs to another one, and an existing file that must not be
// replaced.
func (t *Target) mayBeMade(replace bool) error {
	if err := t.checkName(); err != nil {
		return err
	}
	switch {
	case !t.Replaceable():
		return &Error{Name: t.name, Problem: "is not a file", Advice: "name another file"}
	case t.info != nil && !replace:
		return t.exists()
	default:
		return nil
	}
}

func (t *Target) exists() error {
	return &Error{Name: t.name, Problem: "exists already", Advice: "name another file", Cause: fs.ErrExist}
}

// place gives a file the name of the target.
func (t *Target) place(temp string, replace bool) error {
	if !replace {
		switch err := os.Link(temp, t.Path); {
		case err == nil:
			return Explain(t.name, errors.Join(os.Remove(temp), folder.Sync(filepath.Dir(t.Path))))
		case errors.Is(err, fs.ErrExist):
			return t.exists()
		}
		// The file system has no hard links. Then only this look keeps a file that came meanwhile.
		if _, err := os.Lstat(t.Path); err == nil {
			return t.exists()
		}
	}
	if err := os.Rename(temp, t.Path); err != nil {
		return Explain(t.name, err)
	}
	return Explain(t.name, folder.Sync(filepath.Dir(t.Path)))
}

// removePart removes a file that was not finished, with the journal of a database.
func removePart(temp string) (err error) {
	for _, name := range []string{temp, temp + "-journal"} {
		if failed := os.Remove(name); failed != nil && !errors.Is(failed, fs.ErrNotExist) {
			err = errors.Join(err, failed)
		}
	}
	return err
}

func syncFile(name string) error {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
