package sqlite

import "time"

// Options tune a Log. The zero value is right for a receiver.
type Options struct {
	// Now is the clock, for events that come without a time of arrival.
	// nil: time.Now.
	Now func() time.Time
	// ReadOnly opens a viewer: it never writes to the store, and fails where
	// there is none yet. Beside a store that nobody else has open it leaves
	// SQLite's two empty companions (-wal, -shm); the next receiver takes them
	// away.
	ReadOnly bool
	// Queue is how many appends may wait for the writer before a further one
	// fails with receiver.ErrBusy. 0: 1,024, twice the connections that a
	// receiver.Server takes on.
	Queue int
	// Poll is how often the file is asked for what other processes wrote, while
	// somebody waits for it. 0: 100 ms, which costs 0.1 % of a core.
	Poll time.Duration
	// BusyTimeout bounds how long a write waits for another program's write.
	// 0: 5 s.
	BusyTimeout time.Duration

	// Keep is for how long events, and rejected deliveries, are kept; 0: for
	// good. What retention takes away, see the package's documentation.
	Keep time.Duration
	// KeepEvents is how many events are kept, the newest; 0: all. With both, an
	// event stays for as long as both keep it.
	KeepEvents int64

	// pragmas are run on each new writing connection; for tests of faults.
	pragmas func() []string
	// maxRecent is how many messages gather before a quarter of them moves to
	// their tree, and four times how many rows do; other than by default in
	// tests only.
	maxRecent int
	// pruned is told after each look that retention takes; for tests.
	pruned func(left bool)
}

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
		o.maxRecent = 4096 // measured; twice as many gain little more
	}
	return o
}
