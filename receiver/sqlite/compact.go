package sqlite

import (
	"context"
	"errors"
)

// Compact writes a store's file anew, as small as it can be, and leaves nothing
// behind of what was deleted. It takes up to twice the store's size of free
// disk meanwhile. The caller has seen to it that nobody else writes the store;
// readers may go on. It is done wholly or not at all.
func Compact(ctx context.Context, file string) error {
	o := Options{}.withDefaults()
	if err := prepare(ctx, file, Options{ReadOnly: true, BusyTimeout: o.BusyTimeout}); err != nil && !errors.Is(err, ErrOlder) {
		return err // there has to be a store
	}
	c, err := openWriter(ctx, file, o)
	if err != nil {
		return err
	}
	for _, statement := range []string{"VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"} {
		if err = c.exec(ctx, statement); err != nil {
			break
		}
	}
	return explain(file, "compact it", errors.Join(err, c.close()))
}
