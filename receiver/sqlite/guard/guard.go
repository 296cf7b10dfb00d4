// Package guard notices when somebody else changes the files of a store while a receiver
// writes to it: removes, replaces, cuts or overwrites them.
//
// SQLite would write on without an error, and deliveries would be answered that are
// lost. The writer of a store asks before each transaction and tells what it did after
// it. A question takes three system calls, and reads the head of the write-ahead log.
//
// A second defence is the [Mark]: it says up to which event deliveries were answered, so
// that the next start can tell whether they are all there.
package guard

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"time"

	"github.com/up42/up42-webhooks/receiver/sqlite/fileid"
	"github.com/up42/up42-webhooks/receiver/sqlite/wal"
)

// The files are not where they were. Nothing is lost if they are put back.
var (
	ErrMoved      = errors.New("the file does not have its name any more")
	ErrIncomplete = errors.New("the write-ahead log does not have its name any more")
)

// Torn is the error if a file was cut or overwritten. Its text says which, and how.
type Torn string

func (t Torn) Error() string { return string(t) }

func torn(format string, args ...any) error { return Torn(fmt.Sprintf(format, args...)) }

// contentError returns an error about the content of a file as a Torn. One of the system says
// nothing about the content: the next look may succeed.
func contentError(err error) error {
	if err == nil || errors.As(err, new(*fs.PathError)) {
		return err
	}
	return Torn(err.Error())
}

// Guard watches the files of one store, for its only writer. It is not safe for
// concurrent use.
type Guard struct {
	store string
	file  fileid.File
	// log and logFile are nil and zero until the first transaction.
	log     *wal.Log
	logFile fileid.File
	// logRead is when the log was written last, before all of it was verified.
	logRead int64
	mark    *os.File // nil without a mark
	marks   bool
	shared  bool
	notices *notices // nil: the system has none
	// copying says that a checkpoint writes to the file.
	copying bool
}

// Options are what a guard does.
type Options struct {
	// Marks: it writes the store's mark.
	Marks bool
	// Shared: another program writes to the log and copies it into the file, as SQLite lets
	// it. So the content of both is not checked, only whether they are in their places.
	Shared bool
}

// New makes a guard for a store that the writer has just opened. The caller closes it.
func New(store string, o Options) (*Guard, error) {
	g := &Guard{store: store, marks: o.Marks, shared: o.Shared}
	var err error
	if g.file, err = fileid.StatAll(store); err == nil {
		g.notices = watch(store)
	}
	return g, err
}

// Close ends the watch. The mark stays; see [RemoveMark].
func (g *Guard) Close() (err error) {
	if g.log != nil {
		err = g.log.Close()
	}
	if g.mark != nil {
		err = errors.Join(err, g.mark.Close())
	}
	err = errors.Join(err, g.notices.close())
	g.log, g.mark, g.notices = nil, nil, nil
	return err
}

// Check checks that the files are as the writer left them. The error is [ErrMoved],
// [ErrIncomplete], a [Torn], or that of the system.
func (g *Guard) Check() error {
	now, err := fileid.StatAll(g.store)
	switch {
	case err != nil || now.ID != g.file.ID:
		return ErrMoved
	case now.Size < g.file.Size:
		return torn("its file was cut from %d bytes to %d", g.file.Size, now.Size)
	case g.shared:
		g.file = now
		return g.checkLog()
	case g.copying:
		return g.checkLog()
	case now.Written != g.file.Written && !g.onlyTouched():
		return errForeign
	case now.Written != g.file.Written:
		g.file.Written = now.Written
		g.note(writtenAt, now.Written)
	}
	return g.checkLog()
}

// errForeign means that somebody else has written to the store's file.
const errForeign Torn = "another program wrote to its file; if it replicates the store, as Litestream does, the receiver needs --replicated"

// onlyTouched reports whether the file has a new time because somebody gave it one, as touch
// and programs for backups do, and not because somebody wrote to it.
func (g *Guard) onlyTouched() bool {
	const tries = 20 // the system tells it after the change
	for range tries {
		written, touched := g.notices.read()
		if written || touched || g.notices == nil {
			return !written && touched
		}
		time.Sleep(time.Millisecond)
	}
	return false
}

// checkLog checks the write-ahead log.
func (g *Guard) checkLog() error {
	if g.log == nil {
		return nil
	}
	log, err := fileid.Stat(g.store + "-wal")
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && log.ID != g.logFile.ID:
		return ErrIncomplete
	case err != nil:
		return err
	case g.shared:
		return nil
	case log.Size < g.logFile.Size:
		return torn("its write-ahead log was cut from %d bytes to %d", g.logFile.Size, log.Size)
	}
	return contentError(g.log.Check())
}

// Verify looks for what [Guard.Check] can't notice. It is called now and then, also while there
// are transactions. It notices that somebody wrote to the file and gave it its old time again.
// And it verifies the whole log, if it was written since the last call: asking for the time
// of the last write with each transaction makes transactions slower.
func (g *Guard) Verify() error {
	if g.shared {
		return nil
	}
	if written, _ := g.notices.read(); written && !g.copying {
		return errForeign
	}
	if g.log == nil {
		return nil
	}
	now, err := fileid.StatAll(g.store + "-wal")
	if err != nil || now.Written == g.logRead {
		return err
	}
	if _, err := g.log.Advance(false); err != nil {
		return contentError(err)
	}
	if err := g.log.VerifyAll(); err != nil {
		return contentError(err)
	}
	g.logRead = now.Written
	return nil
}

// Committed notes a transaction, and how long the log is now, in pages. last is the last
// event that is stored. changed says that the transaction has changed the store: one that
// writes what was there already is not in the log.
func (g *Guard) Committed(last int64, changed bool) (pages int64, err error) {
	log, err := fileid.Stat(g.store + "-wal")
	switch {
	case errors.Is(err, fs.ErrNotExist) && !changed && g.log == nil:
		return 0, nil
	case errors.Is(err, fs.ErrNotExist), err == nil && g.log != nil && log.ID != g.logFile.ID:
		return 0, ErrIncomplete
	case err != nil:
		return 0, err
	}
	if g.log == nil {
		if g.log, err = wal.Open(g.store + "-wal"); err != nil {
			g.log = nil
			return 0, err
		}
	}
	g.logFile = log
	if pages, err = g.advance(changed); err != nil {
		return 0, contentError(err)
	}
	return pages, g.setStored(last)
}

// Failed notes that a transaction failed: the log may have a part of it.
func (g *Guard) Failed() {
	if g.log != nil && !g.shared {
		g.log.Doubt()
	}
}

// Closing calls end, which closes a connection that writes to the store. On Windows the file may have
// another time then: it is certain to have that of a write only when the handle is closed that wrote
// (https://learn.microsoft.com/windows/win32/sysinfo/file-times), and SQLite does not sync the file if it
// could copy only a part of the log.
func (g *Guard) Closing(end func() error) error {
	if runtime.GOOS != "windows" || g.shared || g.copying || g.Check() != nil {
		return end()
	}
	err := end()
	if now, failed := fileid.StatAll(g.store); failed == nil && now.ID == g.file.ID {
		g.file.Written = now.Written
		g.note(writtenAt, now.Written)
	}
	return err
}

// advance returns how long the log is. Another program may have emptied it since, or begun it
// again.
func (g *Guard) advance(changed bool) (pages int64, err error) {
	if !g.shared {
		return g.log.Advance(changed)
	}
	if pages, err = g.log.Advance(false); err != nil {
		pages, err = 0, g.log.Close()
		g.log = nil
	}
	return pages, err
}

// BeforeCheckpoint checks what SQLite is about to copy from the log into the file.
func (g *Guard) BeforeCheckpoint() error {
	if err := g.begin(); err != nil || g.log == nil || g.shared {
		return err
	}
	if err := g.log.Verify(); err != nil {
		g.copying = false
		return contentError(err)
	}
	return nil
}

func (g *Guard) begin() error {
	if err := g.Check(); err != nil || g.log == nil {
		return err
	}
	if written, _ := g.notices.read(); written && !g.copying && !g.shared {
		return errForeign
	}
	g.note(writtenAt, 0)
	g.copying = true
	return nil
}

// Checkpoint is a checkpoint that another goroutine runs, while there are transactions.
type Checkpoint struct{ log *wal.Log } // nil: it is not verified

// BeginCheckpoint is BeforeCheckpoint for such a checkpoint. Until EndCheckpoint it is the
// checkpoint that writes to the file. Pages of later transactions, which it may copy too, are
// verified when the next one begins, and before SQLite begins the log again.
func (g *Guard) BeginCheckpoint() (*Checkpoint, error) {
	if err := g.begin(); err != nil {
		return nil, err
	}
	if g.shared {
		return &Checkpoint{}, nil
	}
	return &Checkpoint{g.log.Copy()}, nil
}

// Verify verifies the log. The other goroutine calls it, before the checkpoint.
func (c *Checkpoint) Verify() error {
	if c.log == nil {
		return nil
	}
	return contentError(c.log.Verify())
}

// EndCheckpoint is AfterCheckpoint for such a checkpoint.
func (g *Guard) EndCheckpoint(c *Checkpoint) error {
	if c.log != nil {
		g.log.Adopt(c.log)
	}
	return g.AfterCheckpoint()
}

// AfterCheckpoint notes that the checkpoint has written to the file.
func (g *Guard) AfterCheckpoint() error {
	g.copying = false
	g.notices.read()
	now, err := fileid.StatAll(g.store)
	if err != nil || now.ID != g.file.ID {
		return ErrMoved
	}
	g.file = now
	if !g.shared { // else the time says nothing
		g.note(writtenAt, now.Written)
	}
	return nil
}

// note writes a number into the mark. Nobody waits until it is on disk: an older one does
// no harm.
func (g *Guard) note(at, number int64) {
	if g.mark != nil {
		_, _ = g.mark.WriteAt(fmt.Appendf(nil, "%020d", number), at)
	}
}

// setStored writes the last event into the mark. It makes the mark if it is missing.
func (g *Guard) setStored(last int64) error {
	if !g.marks {
		return nil
	}
	if g.mark == nil {
		m := Mark{Inode: g.file.Inode, Stored: last, Written: g.file.Written}
		if g.shared {
			m.Written = 0
		}
		f, err := os.OpenFile(g.store+Suffix, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		if _, err := f.WriteString(m.text()); err != nil {
			return errors.Join(err, f.Close())
		}
		g.mark = f
		return nil
	}
	g.note(storedAt, last)
	return nil
}
