// Package vacuum writes a copy of an SQLite file as small as possible, and says how far it is.
package vacuum

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/up42/up42-webhooks/receiver/diskspace"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
)

// Options say who is told of what is done. Each may be nil.
type Options struct {
	// Begin is called before anything is written, with how many bytes of the disk the new
	// file needs at most, and how many are free.
	Begin func(needed, free int64)
	// Report is told how many bytes of the new file are written, of how many at most.
	Report func(done, total int64)
}

// reportEvery is how often Report is called.
const reportEvery = 200 * time.Millisecond

// needs counts the pages that are used.
const needs = "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size"

// Into writes all that a connection sees at the start of the call into another file, which
// is missing or empty. Others may write to the database meanwhile. It fails before it writes
// if there is no room. If it fails or ctx ends, a part of the file may be left. The file is
// not synced.
func Into(ctx context.Context, c *conn.Conn, file string, o Options) error {
	needed, err := o.checkRoom(ctx, c, file)
	if err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() {
		_, err := c.RunUntil(ctx, "VACUUM INTO ?", file)
		done <- err
	}()
	tick := time.NewTicker(reportEvery)
	defer tick.Stop()
	for {
		select {
		case err := <-done:
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return err
		case <-tick.C:
			if info, err := os.Stat(file); err == nil && o.Report != nil {
				o.Report(info.Size(), needed)
			}
		}
	}
}

// checkRoom returns how large the file will be at most. It fails if there is no room for
// that.
func (o *Options) checkRoom(ctx context.Context, c *conn.Conn, file string) (needed int64, err error) {
	if needed, err = c.Int(ctx, needs); err != nil {
		return 0, err
	}
	space, err := diskspace.Of(filepath.Dir(file))
	if err != nil {
		return needed, nil //nolint:nilerr // then a full disk shows when the file is written
	}
	if o.Begin != nil {
		o.Begin(needed, space.Free)
	}
	if space.Free < needed {
		return 0, fmt.Errorf("the new file needs up to %s, and %s of its disk are free: free some space; the store is as it was", humanize.IBytes(uint64(needed)), humanize.IBytes(uint64(space.Free)))
	}
	return needed, nil
}
