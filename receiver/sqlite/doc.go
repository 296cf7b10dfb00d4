// Package sqlite keeps a [receiver.Log] in one SQLite file.
//
// # Writing
//
// One goroutine owns the only connection that writes. It takes whatever
// deliveries are queued into one transaction (group commit), de-duplicates them
// against the store, projects their rows and answers each sender after COMMIT,
// with synchronous=FULL: an event that was answered is still there after a power
// cut. Nothing here may weaken that.
//
// # Reading
//
// Readers have read-only connections of their own in WAL mode: they neither
// wait for the writer nor hold it up, and they never checkpoint. They see what
// other processes write as well, so a second program on the same file is a
// viewer, not an error.
//
// # Retention
//
// With Options.Keep or KeepEvents the writer takes the oldest events away, some
// hundred at a time and in a twentieth of its time, but none that a reader of
// the ledger has not done or gave up on. What stays:
//
//   - The keys of their messages, about 30 bytes each: a delivery that is sent
//     again after its event is gone still is a duplicate (wire.md §3).
//   - Rows. One that is final goes with the last of its events, any other stays
//     until it is final, however old it gets. A late event of a row that is gone
//     begins it anew.
//   - The counters, which count what was ever stored; Counts.Deleted says how
//     much of that is gone.
//
// The file does not shrink by itself: new events fill the room. [Compact] gives
// it back.
//
// # The file
//
// What costs time is the number of pages that a transaction touches, since each
// goes to the disk as a whole. So events are only ever added at the end and
// carry no index; what lists need of them (when a minute began) is a table of
// one line a minute. Keys that come in random order are in two trees only, the
// ids of rows and the messages seen, and they go there a thousand at a time.
package sqlite
