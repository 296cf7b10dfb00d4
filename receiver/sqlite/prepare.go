package sqlite

import (
	"context"
	"database/sql/driver"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/up42/up42-webhooks/receiver/folder"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
	"github.com/up42/up42-webhooks/receiver/sqlite/fileid"
	"github.com/up42/up42-webhooks/receiver/sqlite/guard"
)

// prepare checks that a file can be used as a store. For a writer it makes a file that
// does not exist. It refuses a file that is not a store, and does not change it.
func prepare(ctx context.Context, file string, o Options) error {
	if _, err := os.Stat(file + repairedSuffix); err == nil {
		return &Error{File: file, Failure: ErrRepairing}
	}
	info, err := os.Stat(file)
	if err == nil {
		err = checkNames(file, info)
	}
	if !o.ReadOnly && (errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0) {
		if err := checkEmpty(file); err != nil {
			return err
		}
		if o.MustExist {
			return &Error{File: file, Failure: ErrMissing}
		}
	}
	switch {
	case errors.Is(err, fs.ErrNotExist) && o.ReadOnly:
		return &Error{File: file, Failure: ErrMissing}
	case errors.Is(err, fs.ErrNotExist):
		return create(file)
	case err != nil:
		return explain(file, "look at it", err)
	case !info.Mode().IsRegular():
		return fmt.Errorf("store %s is not a file: choose another name", file)
	case info.Size() == 0 && !o.ReadOnly:
		// Somebody made the file for the store. Its content is for its owner only; if
		// the file belongs to another user, its owner decides.
		if err := os.Chmod(file, 0o600); err != nil && !errors.Is(err, fs.ErrPermission) {
			return explain(file, "protect it", err)
		}
		return nil
	}
	err = probe(ctx, file, o)
	if errors.Is(err, ErrInterrupted) && !o.ReadOnly {
		// The power failed while the file was made. Only a connection that may write
		// can undo that. openWriter checks the file again afterwards.
		return nil
	}
	if errors.Is(err, ErrMissing) {
		return lacksTables(file)
	}
	return err
}

// realFile returns the path of a store without symbolic links.
func realFile(file string) (string, error) {
	path, err := fileid.Real(file)
	if errors.Is(err, fs.ErrPermission) {
		return "", &Error{File: file, Failure: ErrDenied, Cause: err}
	}
	if err != nil {
		return "", fmt.Errorf("store %s: %w", file, err)
	}
	return path, nil
}

// checkNames refuses a store with several names. SQLite finds the write-ahead log of a
// file by its name.
func checkNames(file string, info os.FileInfo) error {
	if !info.Mode().IsRegular() {
		return nil
	}
	all, err := fileid.StatAll(file)
	if err == nil && all.Names > 1 {
		err = ErrLinked
	}
	return explain(file, "look at it", err)
}

// create makes the file, for its owner only, before SQLite opens it. SQLite gives the
// files beside it the same permissions.
func create(file string) error {
	if err := folder.Make(filepath.Dir(file)); err != nil {
		return explain(file, "make its folder", err)
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil // another process has just made it
	}
	if err != nil {
		return explain(file, "make it", err)
	}
	// The umask may have removed permissions of the owner.
	return explain(file, "make it", errors.Join(f.Chmod(0o600), f.Close(), folder.Sync(filepath.Dir(file))))
}

// probe checks a file through a read-only connection.
//
// It must not open the file by itself: when a process closes a file, it loses all of its
// locks on that file, also those of other connections.
func probe(ctx context.Context, file string, o Options) error {
	c, err := conn.Open(ctx, conn.Source(file, conn.ReadOnly, o.BusyTimeout))
	if err != nil {
		return explain(file, "open it", err)
	}
	failure := check(ctx, c, o.ReadOnly || o.MustExist)
	if err := errors.Join(failure, c.Close()); err != nil {
		tidy(file, o)
		return explain(file, "look at it", err)
	}
	return nil
}

// check checks that a file is a store of this version, or empty unless it must be one.
func check(ctx context.Context, c *conn.Conn, must bool) (err error) {
	// In one transaction, since another process may make the tables at the same time.
	if err := c.Exec(ctx, "BEGIN"); err != nil {
		return err
	}
	defer func() {
		if failed := c.Exec(ctx, "ROLLBACK"); err == nil {
			err = failed
		}
	}()
	id, err := c.Int(ctx, "PRAGMA application_id")
	if err != nil {
		return err
	}
	version, err := c.Int(ctx, selectVersion)
	if err != nil {
		return err
	}
	tables, err := c.Int(ctx, "SELECT count(*) FROM sqlite_schema")
	if err != nil {
		return err
	}
	empty := id == 0 && version == 0 && tables == 0
	switch {
	case empty && must:
		return ErrMissing
	case empty:
		return nil
	case id == applicationID && version == schemaVersion:
		return checkHeader(ctx, c)
	}
	switch ours, err := ourTables(ctx, c); {
	case err != nil:
		return err
	case ours == all, ours > none && id != applicationID:
		return guard.Torn(fmt.Sprintf("its header says application %#x and version %d, but its tables are those of %#x and %d", id, version, applicationID, schemaVersion))
	case id != applicationID:
		return ErrForeign
	case version > schemaVersion:
		return ErrNewer
	default:
		return ErrOlder
	}
}

// checkHeader returns an error if the header of the file has what a store never has, and SQLite does
// not refuse: it would not write the file, write it in another format, or read it in one.
func checkHeader(ctx context.Context, c *conn.Conn) error {
	return c.Each(ctx, "SELECT data FROM sqlite_dbpage WHERE pgno = 1", func(row []driver.Value) error {
		h, _ := row[0].([]byte)
		if len(h) < 100 {
			return guard.Torn("its first page is cut")
		}
		const inWAL = 2 // https://www.sqlite.org/fileformat2.html#the_database_header
		switch writes, reads := h[18], h[19]; {
		case writes != reads || writes > inWAL:
			return guard.Torn(fmt.Sprintf("its header says that it is written in format %d and read in format %d", writes, reads))
		case h[20] != 0:
			return guard.Torn(fmt.Sprintf("its header says that %d bytes of each page are reserved", h[20]))
		case binary.BigEndian.Uint32(h[52:]) != 0:
			return guard.Torn("its header says that it is vacuumed automatically")
		}
		return nil
	})
}

const (
	none = iota
	some
	all
)

// ourTables returns whether a file has tables and views as this version makes them.
func ourTables(ctx context.Context, c *conn.Conn) (int, error) {
	made := schema + views()
	n, err := c.Int(ctx, "SELECT count(*) FROM sqlite_schema WHERE instr(?, sql)", made)
	switch n {
	case 0:
		return none, err
	case int64(strings.Count(made, "CREATE ")):
		return all, err
	default:
		return some, err
	}
}
