package sqlite

import (
	"context"
	"time"

	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
)

// SyncLess makes a commit not wait for the disk any more (synchronous = NORMAL), until the
// writer opens another connection. A test shows with it what is lost then. SQLite does not
// change the setting in a transaction.
func (l *Log) SyncLess(ctx context.Context) error {
	return l.change(ctx, func(c *conn.Conn) error {
		return c.Exec(ctx, "COMMIT; PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE")
	})
}

// WithPragmas adds pragmas to each connection that writes.
func (o Options) WithPragmas(f func() []string) Options {
	o.pragmas = f
	return o
}

// WithRecent sets how many recent keys of messages there are before some of them are
// moved to the tree.
func (o Options) WithRecent(n int) Options {
	o.maxRecent = n
	return o
}

// WithPruned has retention call f after each step. more says whether there is more to do.
func (o Options) WithPruned(f func(more bool)) Options {
	o.pruned = f
	return o
}

// WithReading has f called before the keys of all messages are read: its error is that of the reading.
func (o Options) WithReading(f func(ctx context.Context) error) Options {
	o.reading = f
	return o
}

// WithCopying has beforeCopy called by the copier before it verifies the log, and afterCommit by the
// writer after a transaction while the copier is busy, which waits for the copier then if it says so.
func (o Options) WithCopying(beforeCopy func(ctx context.Context), afterCommit func() (wait bool)) Options {
	o.beforeCopy, o.afterCommit = beforeCopy, afterCommit
	return o
}

// WithLogPages sets how long the write-ahead log may be before it is copied into the file.
func (o Options) WithLogPages(n int64) Options {
	o.logPages = n
	return o
}

// WithPageBytes bounds a page of events or rows.
func (o Options) WithPageBytes(n int) Options {
	o.pageBytes = n
	return o
}

// SchemaVersion is the version of the schema in a store.
const SchemaVersion = schemaVersion

// WithElapsed replaces the clock that can't be set.
func (o Options) WithElapsed(f func() time.Duration) Options {
	o.elapsed = f
	return o
}

// WithTicks has retention and the clock checked at each tick, too.
func (o Options) WithTicks(c <-chan struct{}) Options {
	o.ticks = c
	return o
}

// PaceOfRetention returns how many events retention deletes in the next step, and how long it
// leaves the writer to deliveries then, after steps before which so many were to be deleted.
func PaceOfRetention(took time.Duration, busy bool, backlogs ...int64) (limit int, pause time.Duration) {
	var p pace
	for _, n := range backlogs {
		p.note(n)
	}
	return p.limit(busy), p.pause(took, busy)
}
