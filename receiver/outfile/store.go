package outfile

import (
	"os"
	"slices"

	"github.com/up42/up42-webhooks/receiver/sqlite/beside"
	"github.com/up42/up42-webhooks/receiver/sqlite/fileid"
)

// RefuseStore returns an [*Error] for a name that leads to a store, or to a file that belongs to it,
// by whatever links. It opens nothing, so it may be asked while this process has the store open. The
// store need not exist; "" is no store.
func RefuseStore(name, store string) error {
	t, err := Resolve(name)
	s, unknown := Resolve(store)
	if err != nil || unknown != nil {
		return nil //nolint:nilerr // who opens them says so
	}
	id, err := fileid.Stat(t.Path)
	is := func(file string) bool {
		other, failed := fileid.Stat(file)
		return err == nil && failed == nil && id.ID == other.ID
	}
	if t.Path == s.Path || is(s.Path) {
		return &Error{Name: name, Problem: "is the store itself", Advice: "name another file"}
	}
	if slices.Contains(beside.StoresOf(t.Path), s.Path) || slices.ContainsFunc(beside.Ends, func(end string) bool { return is(s.Path + end) }) {
		return &Error{Name: name, Problem: "belongs to the store " + store, Advice: "name another file"}
	}
	return nil
}

// checkName refuses a file that belongs to a database or a store. It opens nothing: when a process
// closes a file, SQLite's locks of that process on the file end.
func (t *Target) checkName() error {
	for _, base := range beside.StoresOf(t.Path) {
		if isRegular(base) {
			return &Error{Name: t.name, Problem: "belongs to " + base + ", if that is a store or a database", Advice: "name another file"}
		}
	}
	return nil
}

// checkOpen refuses a file that this process may have open as a database, without opening it: beside
// the name by which that is open are a log and its index. A file with more names is looked for among
// all that are open, which may be for something else.
func (t *Target) checkOpen() error {
	if isRegular(t.Path+beside.Log) || isRegular(t.Path+beside.Index) {
		return t.isDatabase()
	}
	if f, err := fileid.StatAll(t.Path); err == nil && f.Names > 1 && isOpen(f.ID) {
		return &Error{Name: t.name, Problem: "has a second name (a hard link), and this program has it open, perhaps as a store", Advice: "name another file"}
	}
	return nil
}

func isRegular(file string) bool {
	info, err := os.Stat(file)
	return err == nil && info.Mode().IsRegular()
}

func (t *Target) isDatabase() error {
	return &Error{Name: t.name, Problem: "is a database (SQLite), perhaps a store", Advice: "name another file"}
}
