package sqlite

import (
	"cmp"
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"sync/atomic"

	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
	"github.com/up42/up42-webhooks/receiver/sqlite/fileid"
	"github.com/up42/up42-webhooks/receiver/sqlite/guard"
)

// damage is whether a store that is open for writing is damaged. A damaged store is not
// written any more, until [Repair]: a mark beside it says so to the next start. It is
// safe for concurrent use.
type damage struct {
	file   string
	marks  bool
	notice func(error)

	mu  sync.Mutex
	err atomic.Pointer[Error]
}

// get returns the damage, nil if none is known.
func (d *damage) get() error {
	if e := d.err.Load(); e != nil {
		return e
	}
	return nil
}

// check takes note of an error if it is a sign of damage. It returns the error.
func (d *damage) check(err error) error {
	if errors.Is(err, ErrDamaged) {
		d.set(err)
	}
	return err
}

// set notes the first sign of damage.
func (d *damage) set(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.err.Load() != nil {
		return
	}
	e := &Error{File: d.file, Failure: ErrDamaged, Cause: err}
	if known := (*Error)(nil); errors.As(err, &known) {
		e.Cause = known.Cause
	}
	if d.marks {
		if err := guard.MarkDamaged(d.file, fmt.Sprint(e.Cause)); err != nil {
			e.Cause = errors.Join(e.Cause, fmt.Errorf("and this can't be noted beside it: %w", err))
		}
	}
	d.err.Store(e)
	if d.notice != nil {
		d.notice(e)
	}
}

// inspect looks for damage when the store is opened: what an earlier receiver noticed, and
// events that are missing though one of them may have been answered. It takes a
// millisecond, however large the store is, unless another program seems to have written to
// it: then its whole structure is checked.
func (d *damage) inspect(ctx context.Context, o Options) error {
	sign, err := lacksItsEnd(ctx, d.file, o)
	if sign != "" || err != nil {
		return d.note(sign, err)
	}
	m, ok, err := guard.ReadMark(d.file)
	if err != nil || !ok {
		return explain(d.file, "look at its mark", err)
	}
	if m.Damage != "" {
		d.set(errors.New(m.Damage))
		return nil
	}
	return d.note(compareWithMark(ctx, d.file, m, o))
}

// note takes note of a sign of damage, if there is one, or of an error that is one.
func (d *damage) note(sign string, err error) error {
	if sign != "" {
		d.set(errors.New(sign))
	}
	return d.check(explain(d.file, "look at it", err))
}

// lacksItsEnd returns how much the last page of a file lacks, or "". SQLite does not notice it.
// A write-ahead log may have the whole page.
func lacksItsEnd(ctx context.Context, file string, o Options) (sign string, err error) {
	info, err := os.Stat(file)
	if err != nil || info.Size()%pageSize == 0 || logSize(file) > 0 {
		return "", err
	}
	c, err := conn.Open(ctx, conn.Source(file, conn.ReadOnly, o.BusyTimeout))
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	whole, err := c.Int(ctx, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
	if failure, _ := failureOf(err); failure == ErrInterrupted { // while the store was made
		return "", nil
	}
	if err != nil || info.Size() >= whole || logSize(file) > 0 {
		return "", err
	}
	return fmt.Sprintf("its file was cut from %d bytes to %d", whole, info.Size()), nil
}

// logSize returns the size of a file's write-ahead log, 0 without a log.
func logSize(file string) int64 {
	info, err := os.Stat(file + "-wal")
	if err != nil {
		return 0
	}
	return info.Size()
}

// compareWithMark returns how a store differs from what its mark says, or "".
func compareWithMark(ctx context.Context, file string, m guard.Mark, o Options) (sign string, err error) {
	c, err := conn.Open(ctx, conn.Source(file, conn.ReadOnly, o.BusyTimeout)+"&_query_only=1")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	if tables, err := c.Int(ctx, "SELECT count(*) FROM sqlite_schema"); err != nil {
		return "", err
	} else if tables == 0 {
		return "", &Error{File: file, Failure: ErrDamaged, Cause: errors.New(missingSince(0, m))}
	}
	if foreign, err := isForeign(file, m); err != nil || foreign {
		if err == nil {
			sign, err = quickCheck(ctx, c)
		}
		if err != nil || sign != "" {
			return sign, err
		}
	}
	var t counters
	if err := t.load(c); err != nil {
		return "", err
	}
	return missingSince(t.LastSeq, m), nil
}

// missingSince says which events are missing at the end of a store.
func missingSince(last int64, m guard.Mark) string {
	if last >= m.Stored {
		return ""
	}
	return fmt.Sprintf("the events %d to %d were stored, and are missing: its write-ahead log or the file was replaced or cut", last+1, m.Stored)
}

// isForeign reports whether somebody else has written to the file since the receiver did,
// or whether its write-ahead log was written for another file.
func isForeign(file string, m guard.Mark) (bool, error) {
	store, err := fileid.StatAll(file)
	if err != nil || m.Written != 0 && store.Written != m.Written {
		return true, err
	}
	log, err := fileid.Stat(file + "-wal")
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return log.Size > 0 && store.Inode != m.Inode, err
}

// quickCheck returns the first problem of the structure of a file, or "".
func quickCheck(ctx context.Context, c *conn.Conn) (problem string, err error) {
	err = c.Each(ctx, "PRAGMA quick_check(1)", func(v []driver.Value) error {
		if text, _ := v[0].(string); text != "ok" {
			problem = text
		}
		return nil
	})
	return problem, err
}

// lacksTables explains that a store for a reader has no tables: there was no event yet,
// or they are lost.
func lacksTables(file string) error {
	if m, ok, err := guard.ReadMark(file); err != nil {
		return explain(file, "look at its mark", err)
	} else if ok && (m.Stored > 0 || m.Damage != "") {
		return &Error{File: file, Failure: ErrDamaged, Cause: errors.New(cmp.Or(m.Damage, missingSince(0, m)))}
	}
	return &Error{File: file, Failure: ErrMissing}
}

// checkEmpty refuses an empty or missing file if a write-ahead log or a mark says that
// there should be a store: SQLite would delete the log, and with it events.
func checkEmpty(file string) error {
	if logSize(file) > 0 {
		return &Error{File: file, Failure: ErrDamaged, Cause: errors.New("it is gone or empty, but its write-ahead log is there: put the file back if you have it")}
	}
	m, _, err := guard.ReadMark(file)
	if err != nil {
		return explain(file, "look at its mark", err)
	}
	if m.Stored > 0 || m.Damage != "" {
		cause := cmp.Or(m.Damage, fmt.Sprintf("it is gone or empty, and had the events up to %d: put it back if you have it", m.Stored))
		return &Error{File: file, Failure: ErrDamaged, Cause: errors.New(cause)}
	}
	return explain(file, "remove its old mark", guard.RemoveMark(file))
}

// KnownDamage returns what a receiver has noted about damage of a store, or "". It reads
// only the note, so it works for a store of any size, and for one that can't be opened.
func KnownDamage(file string) (string, error) {
	m, _, err := guard.ReadMark(file)
	return m.Damage, explain(file, "look at its mark", err)
}
