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
// # The file
//
// What costs time is the number of pages that a transaction touches, since each
// goes to the disk as a whole. So events are only ever added at the end and
// carry no index; what lists need of them (when a minute began) is a table of
// one line a minute. Keys that come in random order are in two trees only, the
// ids of rows and the messages seen, and they go there a thousand at a time.
package sqlite
