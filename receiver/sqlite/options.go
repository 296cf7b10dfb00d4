package sqlite

import (
	"context"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// Options configure a Log. The zero value is right for a receiver.
type Options struct {
	// Now is the clock for retention, and for events that come without a time of
	// arrival. nil: time.Now.
	Now func() time.Time
	// ClockJumped is called when the clock was moved, with how far, positive if ahead.
	// The package aging says what that means for retention. It is called by the writer,
	// so it must not block. May be nil.
	ClockJumped func(by time.Duration)
	// ReadOnly opens the store for viewing: the log never writes to it, and opening
	// fails if it does not exist.
	ReadOnly bool
	// MustExist makes opening fail if the store does not exist: it is not made, nor of an empty file.
	MustExist bool
	// Queue is how many appends may wait for the writer. If there are more, an append
	// fails with receiver.ErrBusy. 0: 1,024, twice the connections that a
	// receiver.Server accepts.
	Queue int
	// Poll is how often a waiting reader checks the file for changes by other
	// processes. 0: 100 ms, which costs 0.1 % of a core.
	Poll time.Duration
	// BusyTimeout bounds how long a write waits for another program's write.
	// 0: 5 s.
	BusyTimeout time.Duration

	// LittleMemory makes writer and readers keep an eighth of the pages in memory that they
	// keep otherwise, and half of the rejected deliveries wait to be written. At the highest
	// rates of deliveries, it reads more pages again.
	LittleMemory bool

	// Replicated says that another program, such as Litestream, replicates the store: it
	// writes a little into the store, and copies the write-ahead log into the file, which the
	// writer leaves to it unless the log gets 16 times as long as otherwise. What it writes
	// can't be told from damage, so less of that is noticed; lost events are.
	Replicated bool

	// OnDamage is called once when damage of the store is noticed, by Open or later. It
	// must not call the Log. May be nil.
	OnDamage func(error)
	// OnMissing is called when the file or its write-ahead log is moved or removed, with an
	// [Error], and with nil when they are back. Nothing is stored meanwhile. No append is
	// needed to notice it. It must not call the Log. May be nil.
	OnMissing func(error)

	// Keep is how long events and rejected deliveries are kept; 0: forever. The
	// package's documentation says what retention deletes.
	Keep time.Duration
	// KeepEvents is how many events are kept, the newest; 0: all. With both, an
	// event is kept only if both keep it.
	KeepEvents int64

	// pragmas are run on each new writing connection. For tests of failures.
	pragmas func() []string
	// maxRecent is how many recent keys of messages there are before they become a run, and how
	// many new rows before some of their ids are added to the tree. Only tests set it.
	maxRecent int
	// logPages is how long the write-ahead log may be before it is copied into the file, and
	// pageBytes bounds a page of events or rows. Only tests set them.
	logPages  int64
	pageBytes int
	// elapsed returns the time that passed since any moment; nil: by the machine.
	elapsed func() time.Duration
	// ticks makes the writer check the clock and retention. For tests, besides time.
	ticks <-chan struct{}
	// pruned is called after each step of retention. For tests.
	pruned func(more bool)
	// reading is called before the keys of all messages are read, which it can fail. For tests.
	reading func(ctx context.Context) error
	// beforeCopy is called by the copier before it verifies the log. afterCommit is called by the
	// writer after a transaction while the copier is busy, and says whether the writer waits until it
	// is done. For tests.
	beforeCopy  func(ctx context.Context)
	afterCommit func() (wait bool)
}

// prunes reports whether retention deletes anything.
func (o *Options) prunes() bool { return o.Keep > 0 || o.KeepEvents > 0 }

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Queue <= 0 {
		o.Queue = 1024
	}
	if o.Poll <= 0 {
		o.Poll = 100 * time.Millisecond
	}
	if o.BusyTimeout <= 0 {
		o.BusyTimeout = 5 * time.Second
	}
	if o.maxRecent <= 0 {
		o.maxRecent = 4096 // twice as many gain little
	}
	if o.logPages <= 0 {
		o.logPages = checkpointPages
		if o.Replicated {
			o.logPages *= 16
		}
	}
	if o.beforeCopy == nil {
		o.beforeCopy, o.afterCommit = func(context.Context) {}, func() bool { return false }
	}
	if o.pageBytes <= 0 {
		o.pageBytes = receiver.PageBytes
	}
	return o
}
