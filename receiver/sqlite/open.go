package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// prepare sees to it that there is a file that may be used: for a writer it
// makes one where there is none, and refuses what is not ours without touching
// it.
func prepare(ctx context.Context, file string, o Options) error {
	info, err := os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist) && o.ReadOnly:
		return &Error{File: file, Failure: ErrMissing}
	case errors.Is(err, fs.ErrNotExist):
		return create(file)
	case err != nil:
		return explain(file, "look at it", err)
	case !info.Mode().IsRegular():
		return fmt.Errorf("store %s is no file: choose another name", file)
	case info.Size() == 0 && !o.ReadOnly:
		// Somebody made it for us: what goes in is for its owner all the same, as far
		// as that is ours to say.
		if err := os.Chmod(file, 0o600); err != nil && !errors.Is(err, fs.ErrPermission) {
			return explain(file, "protect it", err)
		}
		return nil
	}
	err = probe(ctx, file, o)
	if errors.Is(err, ErrInterrupted) && !o.ReadOnly {
		// The power went while the file was made. Only who writes may undo that;
		// what the file is can be said after it, and still is.
		return nil
	}
	return err
}

// create makes the file, for its owner only, before SQLite opens it; SQLite
// gives the files beside it the same permissions.
func create(file string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return explain(file, "make its folder", err)
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil // another process was faster
	}
	if err != nil {
		return explain(file, "make it", err)
	}
	// A umask can only have taken rights away, from us as well.
	return explain(file, "make it", errors.Join(f.Chmod(0o600), f.Close(), syncFolder(filepath.Dir(file))))
}

// syncFolder makes the file's name durable: what is in a file without a name
// does not survive a power cut.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// probe looks at a file through a connection that can't write, and says what is
// wrong with it.
//
// It must not read the file by itself: closing a file drops all of a process's
// locks on it, those of other connections as well.
func probe(ctx context.Context, file string, o Options) error {
	c, err := dial(ctx, sourceName(file, modeRead, o.BusyTimeout))
	if err != nil {
		return explain(file, "open it", err)
	}
	failure := check(ctx, c, o.ReadOnly)
	if err := errors.Join(failure, c.close()); err != nil {
		return explain(file, "look at it", err)
	}
	return nil
}

// check says whether the connection's file is a store that this program can use.
func check(ctx context.Context, c *conn, readOnly bool) (err error) {
	// In one transaction, since another process may be making the store just now.
	if err := c.exec(ctx, "BEGIN"); err != nil {
		return err
	}
	defer func() {
		if failed := c.exec(ctx, "ROLLBACK"); err == nil { // nothing was changed
			err = failed
		}
	}()
	id, err := c.integer(ctx, "PRAGMA application_id")
	if err != nil {
		return err
	}
	version, err := c.integer(ctx, "PRAGMA user_version")
	if err != nil {
		return err
	}
	tables, err := c.integer(ctx, "SELECT count(*) FROM sqlite_schema")
	if err != nil {
		return err
	}
	empty := id == 0 && version == 0 && tables == 0
	switch {
	case empty && readOnly:
		return ErrMissing
	case empty:
		return nil
	case id != applicationID:
		return ErrForeign
	case int(version) > schemaVersion:
		return ErrNewer
	case int(version) < schemaVersion && readOnly:
		return ErrOlder
	}
	return nil
}

// The writer's share of SQLite's page cache, in KiB. The pages it comes back to
// are the newest and the inner pages of its random-key trees, a few hundred;
// the leaves of those trees fit in no reasonable cache, and the system has them
// cached.
const writerCache = 8 << 10

// pageSize is that of a new store, in bytes. Measured with deliveries of 1 KB:
// at 4 KiB each costs a quarter more, since every page is a write of its own;
// larger ones gain nothing.
const pageSize = 8 << 10

// openWriter opens a connection that may write, on a file that was prepared,
// and brings the store up to date.
func openWriter(ctx context.Context, file string, o Options) (_ *conn, err error) {
	c, err := dial(ctx, sourceName(file, modeWrite, o.BusyTimeout))
	if err != nil {
		return nil, explain(file, "open it for writing", err)
	}
	for _, step := range []func() error{
		func() error { return check(ctx, c, false) },
		func() error { return keepLog(ctx, c) },
		func() error { return configure(ctx, c, o) },
		func() error { return migrate(ctx, c) },
	} {
		if err := step(); err != nil {
			return nil, explain(file, "open it for writing", errors.Join(err, c.close()))
		}
	}
	return c, nil
}

// keepLog switches the file to write-ahead logging, for good.
func keepLog(ctx context.Context, c *conn) error {
	// Takes effect on a new file only.
	if err := c.exec(ctx, fmt.Sprintf("PRAGMA page_size = %d", pageSize)); err != nil {
		return err
	}
	mode, err := c.text(ctx, "PRAGMA journal_mode = WAL")
	if err == nil && mode != "wal" {
		err = ErrNoWAL
	}
	return err
}

// configure sets what holds for a connection, and makes sure of that on which
// the promise to the senders rests.
func configure(ctx context.Context, c *conn, o Options) error {
	pragmas := []string{
		"synchronous = FULL",
		"fullfsync = ON", // on macOS a sync that is none of these leaves much in the disk's own memory
		"checkpoint_fullfsync = ON",
		"wal_autocheckpoint = 500",      // pages, 4 MiB; more make the slowest answers slower
		"journal_size_limit = 67108864", // a log that a reader made grow is cut again
		"temp_store = MEMORY",
		fmt.Sprintf("cache_size = -%d", writerCache),
	}
	if o.pragmas != nil {
		pragmas = append(pragmas, o.pragmas()...)
	}
	for _, p := range pragmas {
		if err := c.exec(ctx, "PRAGMA "+p); err != nil {
			return err
		}
	}
	const full = 2
	level, err := c.integer(ctx, "PRAGMA synchronous")
	if err == nil && level != full {
		err = fmt.Errorf("synchronous is %d, not FULL", level)
	}
	return err
}
