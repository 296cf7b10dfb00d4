package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/errno"
	"github.com/up42/up42-webhooks/receiver/safe"
	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
	"github.com/up42/up42-webhooks/receiver/sqlite/guard"
)

// What can be wrong with a store, and what to do about it. Use errors.Is to tell them
// apart. In the text of an [Error] they follow the file's name, which also takes
// the place of FILE, for a shell.
const (
	ErrMissing     receiver.Error = "does not exist yet: start the receiver first, it makes the store"
	ErrLocked      receiver.Error = "is locked by another program: stop that program, or try again when it is done"
	ErrReadOnly    receiver.Error = "can't be written: give yourself write permission to the file and its folder, or choose another file"
	ErrDenied      receiver.Error = "can't be opened: check the permissions of the file and its folder, or choose another file"
	ErrDamaged     receiver.Error = "is damaged, or not a store: stop the receiver and run up42hooks store repair --store FILE, which saves what can be read and keeps the old file"
	ErrLinked      receiver.Error = "has several names (hard links), and its newest events may be in a write-ahead log beside another one: remove all names but the one that the receiver uses (find / -samefile FILE), or use a copy; nothing was changed"
	ErrRepairing   receiver.Error = "is being repaired, or its repair was interrupted: run up42hooks store repair --store FILE once more"
	ErrForeign     receiver.Error = "belongs to another program: choose another file; nothing was changed"
	ErrNothing     receiver.Error = "has nothing of a store in it: choose another file; if it was a store, move it away, and a new one is made; nothing was changed"
	ErrNewer       receiver.Error = "was written by a newer version: install that version, or choose another file; nothing was changed"
	ErrOlder       receiver.Error = "was written by an older version: export it with that version (up42hooks store export) and import it into a new store with this one (up42hooks store import); nothing was changed"
	ErrInterrupted receiver.Error = "was interrupted in the middle of a change: start the receiver once, it undoes the unfinished change"
	ErrFull        receiver.Error = "has no room left: free some space on its disk"
	ErrDisk        receiver.Error = "can't be read or written, its disk fails: check the disk"
	ErrNoWAL       receiver.Error = "is where no write-ahead log can be kept (a network drive?): choose a file on a local disk"
	ErrMoved       receiver.Error = "was moved or deleted while in use: put it back, or end the receiver and run up42hooks store repair --store FILE, which makes a new one"
	ErrShared      receiver.Error = "lost the content of the file whose name ends in -shm while in use: start this program again, which makes it again; nothing is lost"
	ErrIncomplete  receiver.Error = "lost its write-ahead log (the file whose name ends in -wal) while in use: put that back, or end the receiver in order, which saves its content"
	ErrReplaced    receiver.Error = "was moved, deleted or replaced while it was read: start this program again"
	ErrViewer      receiver.Error = "was opened for viewing only"
)

// Error is a failure of a store. Its text is one line: which file, what is wrong with it,
// and what to do.
type Error struct {
	// File is the store's path.
	File string
	// Failure is one of the package's Err constants.
	Failure receiver.Error
	// Cause is the error of the system. May be nil.
	Cause error
}

func (e *Error) Error() string {
	if e.Cause == nil {
		return fmt.Sprintf("store %s %s", e.File, e.Words())
	}
	return fmt.Sprintf("store %s %s (%v)", e.File, e.Words(), e.Cause)
}

// Words returns what is wrong, and what to do about it.
func (e *Error) Words() string {
	return strings.ReplaceAll(string(e.Failure), "FILE", safe.Word(e.File))
}

// Unwrap returns the failure and the cause.
func (e *Error) Unwrap() []error {
	if e.Cause == nil {
		return []error{e.Failure}
	}
	return []error{e.Failure, e.Cause}
}

// explain returns err as an [Error], if it is known what is wrong with the file.
// Otherwise it adds what was being done. An error of a context stays as it is.
func explain(file, doing string, err error) error {
	var known *Error
	var named receiver.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.As(err, &named):
		return &Error{File: file, Failure: named}
	}
	if f, ok := failureOf(err); ok {
		return &Error{File: file, Failure: f, Cause: err}
	}
	return fmt.Errorf("store %s: %s: %w", file, doing, err)
}

// ofTheExport reports whether an error is about what is imported, and not about the new store.
func ofTheExport(err error) bool {
	_, known := failureOf(err)
	return !known && !errors.As(err, new(*sqlite.Error)) && !errors.As(err, new(receiver.Error))
}

func failureOf(err error) (receiver.Error, bool) {
	var se *sqlite.Error
	if errors.As(err, &se) {
		if se.Code() == sqlite3.SQLITE_ERROR && isDamagedSchema(se.Error()) {
			return ErrDamaged, true
		}
		return failureOfCode(se.Code())
	}
	switch {
	case errno.Is(err, syscall.ENOSPC), errno.Is(err, syscall.EDQUOT):
		return ErrFull, true
	case errno.Is(err, syscall.EIO):
		return ErrDisk, true
	case errno.Is(err, syscall.EROFS), errors.Is(err, fs.ErrPermission):
		return ErrReadOnly, true
	case errno.Is(err, syscall.ETXTBSY): // Windows renames and removes no file that is open
		return ErrLocked, true
	case errors.Is(err, codec.ErrInvalid), errors.As(err, new(guard.Torn)):
		return ErrDamaged, true
	case errors.Is(err, guard.ErrMoved):
		return ErrMoved, true
	case errors.Is(err, guard.ErrIncomplete):
		return ErrIncomplete, true
	}
	return "", false
}

// isDamagedSchema reports whether the words of an error say that the first pages of a file are damaged,
// or old ones.
func isDamagedSchema(words string) bool {
	return strings.Contains(words, "no such table") || strings.Contains(words, "unsupported file format")
}

// isShort reports whether SQLite has read too little: the file or its log was cut, or the connection
// was opened while the log was away. The writer's looks at its files tell which.
func isShort(err error) bool {
	var se *sqlite.Error
	return errors.As(err, &se) && se.Code() == sqlite3.SQLITE_IOERR_SHORT_READ
}

// isWriting reports whether SQLite could not write to a file, or sync it.
func isWriting(err error) bool {
	var se *sqlite.Error
	if !errors.As(err, &se) {
		return false
	}
	switch se.Code() {
	case sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_DIR_FSYNC, sqlite3.SQLITE_IOERR_TRUNCATE:
		return true
	}
	return false
}

// failureOfCode names the failure of a SQLite result code. A full disk can also show in
// the file of the shared memory.
func failureOfCode(code int) (receiver.Error, bool) {
	switch code {
	case sqlite3.SQLITE_IOERR_SHMSIZE:
		return ErrFull, true
	case sqlite3.SQLITE_IOERR_SHORT_READ: // the file or its log was cut
		return ErrDamaged, true
	case sqlite3.SQLITE_IOERR_IN_PAGE: // only that file is mapped into memory
		return ErrShared, true
	case sqlite3.SQLITE_READONLY_ROLLBACK:
		return ErrInterrupted, true
	}
	switch code & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL:
		return ErrLocked, true
	case sqlite3.SQLITE_READONLY:
		return ErrReadOnly, true
	case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return ErrDenied, true
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return ErrDamaged, true
	case sqlite3.SQLITE_FULL:
		return ErrFull, true
	case sqlite3.SQLITE_IOERR:
		return ErrDisk, true
	default:
		return "", false
	}
}
