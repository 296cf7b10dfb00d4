package sqlite

import (
	"context"
	"errors"
	"fmt"

	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
)

// writerCache is the writer's page cache, in KiB. It has room for the pages that the
// writer needs again: the newest ones, and the inner pages of the trees with random
// keys, a few hundred. The leaves of those trees fit into no reasonable cache; the
// operating system caches them.
const writerCache = 8 << 10

// cache returns the size of a cache that is this large if there is memory enough.
func (o *Options) cache(size int) int {
	if o.LittleMemory {
		return size / 8
	}
	return size
}

// rejectedBytes is how many bytes of rejected deliveries wait to be written.
func (o *Options) rejectedBytes() int {
	if o.LittleMemory {
		return 256 << 10
	}
	return 512 << 10
}

// pageSize is the page size of a new store, in bytes. SQLite writes whole pages. With
// pages of 4 KiB a delivery of 1 KB takes a quarter more time, since more pages are
// written; larger pages gain nothing (BenchmarkAppend).
const pageSize = 8 << 10

// durable are the settings of another connection that writes to the file.
const durable = "&_pragma=synchronous(FULL)&_pragma=fullfsync(ON)&_pragma=checkpoint_fullfsync(ON)&_pragma=wal_autocheckpoint(0)"

// openWriter opens a connection that may write to a prepared file, and makes the tables
// in a new one.
func openWriter(ctx context.Context, file string, o Options) (_ *conn.Conn, err error) {
	c, err := conn.Open(ctx, conn.Source(file, conn.ReadWrite, o.BusyTimeout))
	if err != nil {
		return nil, explain(file, "open it for writing", err)
	}
	for _, step := range []func() error{
		func() error { return check(ctx, c, false) },
		func() error { return setWAL(ctx, c) },
		func() error { return configure(ctx, c, o) },
		func() error { return createSchema(ctx, c) },
	} {
		if err := step(); err != nil {
			return nil, explain(file, "open it for writing", errors.Join(err, c.Close()))
		}
	}
	return c, nil
}

// setWAL sets the file to write-ahead logging, permanently.
func setWAL(ctx context.Context, c *conn.Conn) error {
	// The page size has an effect on a new file only.
	if err := c.Exec(ctx, fmt.Sprintf("PRAGMA page_size = %d", pageSize)); err != nil {
		return err
	}
	mode, err := c.Text(ctx, "PRAGMA journal_mode = WAL")
	if err == nil && mode != "wal" {
		err = ErrNoWAL
	}
	return err
}

// configure configures a writing connection. It checks the setting on which durability
// depends.
func configure(ctx context.Context, c *conn.Conn, o Options) error {
	pragmas := []string{
		"synchronous = FULL",
		"fullfsync = ON", // on macOS another sync leaves data in the disk's own memory
		"checkpoint_fullfsync = ON",
		"wal_autocheckpoint = 0",        // see writer.committed
		"journal_size_limit = 67108864", // bytes, if a long read made the WAL grow
		"temp_store = MEMORY",
		fmt.Sprintf("cache_size = -%d", o.cache(writerCache)),
	}
	if o.pragmas != nil {
		pragmas = append(pragmas, o.pragmas()...)
	}
	for _, p := range pragmas {
		if err := c.Exec(ctx, "PRAGMA "+p); err != nil {
			return err
		}
	}
	const full = 2
	level, err := c.Int(ctx, "PRAGMA synchronous")
	if err == nil && level != full {
		err = fmt.Errorf("synchronous is %d, not FULL", level)
	}
	return err
}
