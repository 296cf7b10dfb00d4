package sqlite

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/up42/up42-webhooks/receiver/folder"
	"github.com/up42/up42-webhooks/receiver/outfile"
	"github.com/up42/up42-webhooks/receiver/sqlite/beside"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
	"github.com/up42/up42-webhooks/receiver/sqlite/vacuum"
)

// compactingSuffix ends the name of a store that [Compact] makes.
const compactingSuffix = beside.Compacting

// ErrChanged means that another program has changed a store while it was compacted.
var ErrChanged = errors.New("another program wrote to it meanwhile: stop that program, and try again")

// Compact rewrites the file of a store as small as possible, without any rest of deleted
// data. It makes a new file beside the old one, and renames it when it is whole and on disk.
// So the store is as it was if Compact fails, if ctx ends, or if the process is killed; what
// is left of a new file then, the next call removes. It needs little memory.
//
// The caller makes sure that no other process of this program writes to the store. Logs that
// read it notice that it was replaced.
func Compact(ctx context.Context, file string, o vacuum.Options) error {
	file, err := realFile(file)
	if err != nil {
		return err
	}
	defaults := Options{}.withDefaults()
	// As a viewer: this must not make a store.
	if err := prepare(ctx, file, Options{ReadOnly: true, BusyTimeout: defaults.BusyTimeout}); err != nil {
		return err
	}
	d := damage{file: file}
	if err := errors.Join(d.inspect(ctx, defaults), d.get()); err != nil {
		return err
	}
	c, err := openWriter(ctx, file, defaults)
	if err != nil {
		return err
	}
	x := compaction{told: o, options: defaults, file: file, temp: file + compactingSuffix, conn: c}
	err = explain(file, "compact it", errors.Join(x.copy(ctx), c.Close()))
	if err == nil {
		err = x.swap()
	}
	return errors.Join(err, explain(x.temp, "remove it", removeStore(x.temp)))
}

// compaction makes a compact copy of a store, and puts it in the place of the store.
type compaction struct {
	told       vacuum.Options
	options    Options
	file, temp string
	conn       *conn.Conn
}

func (x *compaction) copy(ctx context.Context) error {
	if err := removeStore(x.temp); err != nil {
		return err
	}
	// All of the store is in its file, also for whoever finds only the file.
	switch busy, err := x.conn.Int(ctx, "PRAGMA wal_checkpoint(TRUNCATE)"); {
	case err != nil:
		return err
	case busy != 0: // a reader needs the log
		return ErrLocked
	}
	version, err := x.conn.Int(ctx, dataVersion)
	if err != nil {
		return err
	}
	if err := create(x.temp); err != nil { // for its owner only
		return err
	}
	if err := vacuum.Into(ctx, x.conn, x.temp, x.told); err != nil {
		return err
	}
	if now, err := x.conn.Int(ctx, dataVersion); err != nil || now != version {
		return errors.Join(err, ErrChanged)
	}
	return x.finish(ctx)
}

// finish makes a store of the new file, like the old one, and puts it on the disk.
func (x *compaction) finish(ctx context.Context) error {
	c, err := openWriter(ctx, x.temp, x.options) // SQLite copies all but the kind of the log
	if err == nil {
		err = errors.Join(c.Close(), inOneFile(x.temp))
	}
	if err != nil {
		return err
	}
	f, err := os.OpenFile(x.temp, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(outfile.KeepAccess(f, x.file), f.Sync(), f.Close())
}

// swap puts the new file in the place of the old one. There is nothing in the write-ahead log
// of the old one, which a reader may have left: it is no log of the new file.
func (x *compaction) swap() error {
	if info, err := os.Stat(x.file + "-wal"); err == nil && info.Size() > 0 {
		return &Error{File: x.file, Failure: ErrLocked}
	}
	for _, name := range []string{x.file + "-wal", x.file + "-shm"} {
		if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
			return explain(x.file, "replace it", err)
		}
	}
	// A power cut must not leave the new file beside the log of the old one.
	if err := folder.Sync(filepath.Dir(x.file)); err != nil {
		return explain(x.file, "replace it", err)
	}
	if err := os.Rename(x.temp, x.file); err != nil {
		return explain(x.file, "replace it", err)
	}
	return explain(x.file, "replace it", folder.Sync(filepath.Dir(x.file)))
}
