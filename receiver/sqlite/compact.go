package sqlite

import (
	"context"
	"errors"

	"github.com/up42/up42-webhooks/receiver/sqlite/fileid"
)

// Compact rewrites the file of a store as small as possible, without any rest of deleted
// data. While it works, it needs up to twice the store's size of free disk space.
// The caller makes sure that no other process writes to the store; readers may go on. It
// is done completely or not at all.
func Compact(ctx context.Context, file string) error {
	o := Options{}.withDefaults()
	file, err := fileid.Real(file)
	if err != nil {
		return err
	}
	// As a viewer: this must not make a store.
	if err := prepare(ctx, file, Options{ReadOnly: true, BusyTimeout: o.BusyTimeout}); err != nil {
		return err
	}
	d := damage{file: file}
	if err := errors.Join(d.inspect(ctx, o), d.get()); err != nil {
		return err
	}
	c, err := openWriter(ctx, file, o)
	if err != nil {
		return err
	}
	for _, statement := range []string{"VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"} {
		if err = c.Exec(ctx, statement); err != nil {
			break
		}
	}
	return explain(file, "compact it", errors.Join(err, c.Close()))
}
