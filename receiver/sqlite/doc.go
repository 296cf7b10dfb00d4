// Package sqlite keeps a [receiver.Log] in one SQLite file, the store.
//
// # Writing
//
// One goroutine has the only connection that writes. It stores all deliveries that are
// queued in one transaction (group commit): it finds the duplicates, updates the rows of
// orders and jobs, and answers the senders after COMMIT. With synchronous=FULL an event
// that was answered is on disk and survives a power cut. Nothing may weaken that.
//
// # Reading
//
// Readers have read-only connections in WAL mode. They don't wait for the writer, the
// writer doesn't wait for them, and they never run a checkpoint. They also see what other
// processes write, so a second program can view the store at the same time.
//
// # Searching
//
// A search reads the event index, which has a line for each 512 events with all that
// filters ask of them, 43 bytes for an event, and then only those events that match. The
// newest events are in no line yet. Measured with a million events: one order takes 20 ms
// of processor time, a word that nothing has 0.4 s; to decode all events takes 16 s, SQLite's
// instr over all bodies 1.4 s.
//
// # Damage
//
// The writer asks guard before each transaction whether its files are as it left them,
// and checks the write-ahead log before it is copied into the file. After the first sign
// of damage, from there or from any statement of SQLite, nothing is written any more, and
// a mark beside the store says so. [Log.Verify] finds all that counts as such a sign. [Repair] makes a new store of what salvage can read.
//
// # Retention
//
// With Options.Keep or Options.KeepEvents the writer deletes the oldest events, a few
// hundred at a time and in a twentieth of its time. The package aging says which are old,
// although clocks jump. The age of an admitted event counts from its admission. The writer
// keeps an event until each reader with a checkpoint is done with it, and as long as it is
// on a list of failures. What stays:
//
//   - The keys of messages, about 40 bytes each. A delivery that is sent again after its
//     event was deleted is still a duplicate.
//   - Rows. A final row is deleted with the last of its events. Any other row stays until
//     it is final. A late event of a deleted row makes a new row.
//   - The counters, which count all events that were ever stored. Counts.Deleted is how
//     many of them are deleted.
//
// The file does not shrink by itself, since new events use the free space. [Compact]
// returns it to the disk: it writes a new file and renames it.
//
// # Speed
//
// The cost of a transaction is the number of pages that it changes, since SQLite writes
// whole pages. So events are only added at the end of their table and have no index
// besides seq; to find events by time there is a table with one line a minute. The keys of
// messages are random; sorted runs keep them from scattering. The ids of rows, which are few,
// have a tree, and get into it in bulk.
//
// Each thing that exists for speed has its measurement, and the benchmark that shows it,
// in its doc comment:
//
//   - batch.Batcher: a batch waits for half of the senders
//   - dedup.Index: keys of messages, in sorted runs with a Bloom filter
//   - rowcache.Cache and its index: rows and their ids
//   - conn: below database/sql, and one statement for many rows
//   - fileid: the question whether the files are still there
//   - pageSize in connect.go: the size of a page
//
// # Packages
//
// This package has the log, its writer and its readers. The packages below it have no
// knowledge of it:
//
//   - aging: which events are old
//   - conn: a connection to a SQLite file below database/sql
//   - codec: the blobs in the store
//   - batch: requests, and how they are collected into batches
//   - dedup: the keys of messages
//   - runs: records under random keys
//   - eventindex: what filters ask of events
//   - rowcache: the rows of orders and jobs
//   - places: where in time admitted events came
//   - rejected: rejected deliveries that are not written yet
//   - exchange: the format of exports
//   - fileid: identifies files
//   - wal: reads SQLite's write-ahead log
//   - vacuum: copies a file as small as possible
//   - worker: does slow work beside the writer
//   - guard: notices when somebody else changes the files of a store
//   - checks: finds what is wrong in the small tables
//   - salvage: reads what is left of a damaged store
package sqlite
