package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/up42/up42-webhooks/receiver"
)

// importChunk is how many lines go into one transaction.
const importChunk = 500

// restore makes the store that was exported, beside the file, and gives it the
// file's name once it is whole.
func restore(ctx context.Context, file string, in *importLines) (done ImportResult, err error) {
	aside := file + ".importing"
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return ImportResult{}, explain(file, "make its folder", err)
	}
	if err := removeStore(aside); err != nil {
		return ImportResult{}, explain(aside, "remove what an import left", err)
	}
	defer func() { err = errors.Join(err, explain(aside, "remove it", removeStore(aside))) }()
	if err := create(aside); err != nil {
		return ImportResult{}, err
	}
	w, err := newWriter(ctx, aside, Options{}.withDefaults())
	if err != nil {
		return ImportResult{}, err
	}
	r := restoring{writer: w, in: in}
	err = r.all(ctx)
	if err := errors.Join(explain(aside, "write to it", err), explain(aside, "close it", w.close())); err != nil {
		return ImportResult{}, err
	}
	return r.done, replace(file, aside)
}

// replace puts a store in the place of one that is empty, or of none.
func replace(file, aside string) error {
	// What a reader has open still has its write-ahead log beside it, which
	// would be taken for that of the new file.
	if info, err := os.Stat(file + "-wal"); err == nil && info.Size() > 0 {
		return &Error{File: file, Failure: ErrLocked}
	}
	if err := removeStore(file); err != nil {
		return explain(file, "replace it", err)
	}
	if err := os.Rename(aside, file); err != nil {
		return explain(file, "replace it", err)
	}
	return explain(file, "replace it", syncFolder(filepath.Dir(file)))
}

// removeStore removes a file and SQLite's companions, where there are any.
func removeStore(file string) error {
	for _, suffix := range []string{"-wal", "-shm", ""} {
		if err := os.Remove(file + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// restoring is an import into a store of its own.
type restoring struct {
	*writer
	in      *importLines
	done    ImportResult
	pending []*request // events that are not stored yet
	size    int
	last    int64 // the newest event's place
	rows    bool  // those that the events made were dropped
	place   int64 // of the last row
	whole   bool
}

func (r *restoring) all(ctx context.Context) error {
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := r.commit(func(t *totals) (err error) {
			more, err = r.chunk(t)
			return err
		})
		if err != nil {
			return err
		}
	}
	if !r.whole {
		return errCutShort
	}
	return nil
}

// chunk takes in some lines; more is false at the end.
func (r *restoring) chunk(t *totals) (more bool, err error) {
	for range importChunk {
		l, err := r.in.next()
		if err != nil {
			return false, err
		}
		if l == nil {
			return false, r.flush(t)
		}
		if r.whole {
			return false, r.in.wrong(errors.New("there is more after the last line"))
		}
		if err := r.take(t, l); err != nil {
			return false, r.in.wrong(err)
		}
		if r.size >= maxBatchBytes {
			break
		}
	}
	return true, r.flush(t)
}

func (r *restoring) take(t *totals, l *exportLine) error {
	if l.Event != nil {
		return r.event(l.Event)
	}
	if err := r.flush(t); err != nil {
		return err
	}
	switch {
	case l.Message != nil:
		return r.message(l.Message)
	case l.Rejected != nil:
		return r.rejected(l.Rejected)
	case l.Row != nil:
		return r.row(t, l.Row)
	case l.Progress != nil:
		return r.progress(l.Progress)
	case l.Failure != nil:
		f := l.Failure
		return r.conn.change(putFailure, []byte(f.Reader), f.Seq, f.At.UnixMicro(), int64(f.Tries), []byte(f.Reason))
	case l.Counters != nil:
		return r.counters(t, l.Counters)
	default:
		return errors.New("it holds nothing that is known")
	}
}

func (r *restoring) progress(x *exportProgress) error {
	p := receiver.Checkpoint{Cursor: x.Cursor, Done: x.Done}
	if err := checkProgress(string(x.Reader), p); err != nil {
		return err
	}
	return r.conn.change(putProgress, []byte(x.Reader), p.Cursor, appendPlaces(nil, p.Cursor, p.Done))
}

func (r *restoring) message(m *exportMessage) error {
	if len(m.Key) != len(messageKey{}) || m.Trust > receiver.FullTrust {
		return errCodec
	}
	r.messages.filter.add(messageKey(m.Key))
	_, err := r.conn.run(raiseOrAddMessage, []driver.NamedValue{
		{Ordinal: 1, Value: m.Key}, {Ordinal: 2, Value: int64(m.Trust)}, {Ordinal: 3, Value: m.Seq},
	})
	return err
}

// event takes an event, to be stored at its own place.
func (r *restoring) event(x *exportEvent) error {
	e, err := x.event()
	if err != nil {
		return err
	}
	if r.rows || e.Seq <= r.last {
		return fmt.Errorf("event %d is not where it belongs", e.Seq)
	}
	q, err := newRequest(e)
	if err != nil {
		return err
	}
	q.entries[0].seq, r.last = e.Seq, e.Seq
	r.pending, r.size = append(r.pending, q), r.size+len(e.Raw)
	return nil
}

// flush stores the events that were taken.
func (r *restoring) flush(t *totals) error {
	if err := r.addBatch(t, r.pending); err != nil {
		return err
	}
	for _, q := range r.pending {
		if n := &q.entries[0]; n.receipt.Duplicate {
			return fmt.Errorf("event %d repeats event %d", n.seq, n.receipt.Seq)
		}
		r.done.Events++
	}
	r.pending, r.size = nil, 0
	return nil
}

func (r *restoring) rejected(x *exportEvent) error {
	e, err := x.event()
	if err != nil {
		return err
	}
	r.done.Rejected++
	return r.conn.change(addOneRejected, e.Seq, e.ReceivedAt.UnixMicro(), verdictCode(e.Verdict), appendEnvelope(nil, e), notNil(e.Raw))
}

// dropRows takes away the rows that the events made, once.
func (r *restoring) dropRows(t *totals) error {
	if r.rows {
		return nil
	}
	r.rows, t.Rows = true, receiver.RowCounts{}
	for _, table := range []string{dropRows, dropPlaces} {
		if _, err := r.conn.run(table, nil); err != nil {
			return err
		}
	}
	return nil
}

// row stores a row as it was.
func (r *restoring) row(t *totals, x *exportRow) error {
	code, known := kindCode(receiver.Kind(x.Kind))
	row := receiver.Row{}
	if err := decodeState(string(x.State), &row); err != nil || !known || x.Place <= r.place {
		return fmt.Errorf("row %q: %w", string(x.ID), errCodec)
	}
	if _, err := decodePoints(string(x.Points)); err != nil {
		return fmt.Errorf("row %q: %w", string(x.ID), err)
	}
	if err := r.dropRows(t); err != nil {
		return err
	}
	r.place = x.Place
	t.addRows(receiver.Kind(x.Kind), 1)
	r.sql.addRows.add(x.Place, code, []byte(x.ID), x.Seq, x.State, x.Points)
	r.sql.addPlaces.add(code, []byte(x.ID), x.Place)
	return errors.Join(r.sql.addRows.run(r.conn), r.sql.addPlaces.run(r.conn), r.conn.change(putShelved, x.Place))
}

// counters ends an import: what came must be what was exported.
func (r *restoring) counters(t *totals, x *exportCounters) error {
	r.whole = true
	if r.in.rows {
		if err := r.dropRows(t); err != nil {
			return err
		}
	}
	told := totals{arrival: x.LastArrival, Counts: receiver.Counts{
		LastSeq: x.LastSeq, Verified: x.Verified, Trusted: x.Trusted, Partial: x.Partial, Unsigned: x.Unsigned, Deleted: x.Deleted,
		Rejected: x.Rejected, Duplicates: x.Duplicates, Rows: receiver.RowCounts{x.Orders, x.Jobs},
	}}
	if t.Events() != told.Events() || t.Rows != told.Rows || t.LastSeq > told.LastSeq {
		return fmt.Errorf("there should be %d events, %d orders and %d jobs, not %d, %d and %d: lines are missing",
			told.Events(), told.Rows.Of(receiver.Order), told.Rows.Of(receiver.Job), t.Events(), t.Rows.Of(receiver.Order), t.Rows.Of(receiver.Job))
	}
	*t = told
	return nil
}
