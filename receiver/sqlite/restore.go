package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/folder"
	"github.com/up42/up42-webhooks/receiver/safe"
	"github.com/up42/up42-webhooks/receiver/sqlite/batch"
	"github.com/up42/up42-webhooks/receiver/sqlite/beside"
	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
	"github.com/up42/up42-webhooks/receiver/sqlite/dedup"
	"github.com/up42/up42-webhooks/receiver/sqlite/exchange"
	"github.com/up42/up42-webhooks/receiver/sqlite/guard"
	"github.com/up42/up42-webhooks/receiver/sqlite/rowcache"
)

const insertRejected = `INSERT INTO rejected_log (seq, received, verdict, envelope, body) VALUES (?, ?, ?, ?, ?)`

// restore makes the store that was exported beside the file, and renames it to the file
// when it is complete.
func restore(ctx context.Context, file string, in *exchange.Reader) (result ImportResult, err error) {
	temp := file + beside.Importing
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return ImportResult{}, explain(file, "make its folder", err)
	}
	defer func() { err = errors.Join(err, explain(temp, "remove it", removeStore(temp))) }()
	if result, err = build(ctx, temp, in); err != nil {
		return ImportResult{}, err
	}
	return result, replace(file, temp)
}

// build makes the store that was exported, in a file that has nobody else's interest. It
// is closed and on disk at the end.
func build(ctx context.Context, temp string, in *exchange.Reader) (ImportResult, error) {
	if err := removeStore(temp); err != nil {
		return ImportResult{}, explain(temp, "remove the rest of an earlier try", err)
	}
	if err := create(temp); err != nil {
		return ImportResult{}, err
	}
	w, err := newWriter(ctx, temp, Options{}.withDefaults(), &damage{file: temp})
	if err != nil {
		return ImportResult{}, err
	}
	r := restoring{writer: w, in: in}
	err = r.all(ctx)
	if !ofTheExport(err) {
		err = explain(temp, "write to it", err)
	}
	if err := errors.Join(err, explain(temp, "close it", w.close())); err != nil {
		return ImportResult{}, err
	}
	return r.result, inOneFile(temp)
}

// inOneFile returns an error if a store that was closed has something in its write-ahead log:
// SQLite does not say so if it could not copy that into the file.
func inOneFile(file string) error {
	if logSize(file) == 0 {
		return nil
	}
	return &Error{File: file, Failure: ErrDisk, Cause: errors.New("its write-ahead log could not be copied into it")}
}

// replace replaces a store that is empty, or that does not exist, with another file.
func replace(file, by string) error {
	// If somebody has the empty store open, its write-ahead log may not be empty, and
	// would be taken for the log of the new file.
	if info, err := os.Stat(file + "-wal"); err == nil && info.Size() > 0 {
		return &Error{File: file, Failure: ErrLocked}
	}
	if err := removeStore(file); err != nil {
		return explain(file, "replace it", err)
	}
	if err := os.Rename(by, file); err != nil {
		return explain(file, "replace it", err)
	}
	return explain(file, "replace it", folder.Sync(filepath.Dir(file)))
}

// removeStore removes a file and the files that SQLite makes beside it, if they exist.
func removeStore(file string) error {
	for _, suffix := range []string{"-wal", "-shm", guard.Suffix, ""} {
		if err := os.Remove(file + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// restoring is an import into a new store.
type restoring struct {
	*writer
	in           *exchange.Reader
	result       ImportResult
	pending      []*batch.Request // events that are not stored yet
	size         int              // of their bodies
	lastSeq      int64            // of the last event
	lastMessage  int64            // the last event that a message without its event names
	lastRejected int64            // the last rejected delivery
	rowsDeleted  bool             // the rows that the events made were deleted
	lastRow      int64            // the number of the last row
	complete     bool             // the last line was there
}

func (r *restoring) all(ctx context.Context) error {
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := r.commit(func(t *counters) (err error) {
			more, err = r.chunk(t)
			return err
		})
		if err != nil {
			return err
		}
	}
	if !r.complete {
		return exchange.ErrIncomplete
	}
	return r.check(ctx)
}

// check looks for what no single line shows, such as a checkpoint after the last event.
func (r *restoring) check(ctx context.Context) error {
	v := verifier{ctx: ctx, conn: r.conn, last: r.lastSeq, lastMessage: r.lastMessage}
	if err := v.counters.load(v.conn); err != nil {
		return err
	}
	for _, check := range []func() error{v.checkMessages, v.checkTables, v.checkNumbers} {
		if err := check(); err != nil {
			return err
		}
	}
	if len(v.Problems) > 0 {
		return exchange.Unsound("import: %s", safe.Line(v.Problems[0]))
	}
	return nil
}

// chunk imports some lines. more is false at the end.
func (r *restoring) chunk(t *counters) (more bool, err error) {
	for range importChunk {
		l, err := r.in.Next()
		if err != nil {
			return false, err
		}
		if l == nil {
			return false, r.endChunk(t)
		}
		if r.complete {
			return false, r.in.Wrap(errors.New("there is more after the last line"))
		}
		if err := r.add(t, l); err != nil {
			return false, r.in.Wrap(err)
		}
		if r.size >= importBytes {
			break
		}
	}
	return true, r.endChunk(t)
}

func (r *restoring) endChunk(t *counters) error {
	return errors.Join(r.flush(t), r.dedup.Save(r.conn))
}

func (r *restoring) add(t *counters, l *exchange.Line) error {
	if l.Event != nil {
		return r.addEvent(l.Event)
	}
	if err := r.flush(t); err != nil {
		return err
	}
	switch {
	case l.Message != nil:
		return r.addMessage(l.Message)
	case l.Rejected != nil:
		return r.addRejected(l.Rejected)
	case l.Row != nil:
		return r.addRow(t, l.Row)
	case l.Checkpoint != nil:
		return r.addCheckpoint(l.Checkpoint)
	case l.Failure != nil:
		f := l.Failure
		return saveFailure(r.conn, receiver.Failure{Reader: string(f.Reader), Seq: f.Seq, At: f.At, Tries: f.Tries, Reason: string(f.Reason)})
	case l.ClockJump != nil:
		j := l.ClockJump
		return r.conn.Change(addJump, j.Seq, j.Rejected, j.At, j.Jump)
	case l.Counters != nil:
		return r.finish(t, l.Counters)
	default:
		return errors.New("it has nothing that this version knows")
	}
}

func (r *restoring) addMessage(m *exchange.Message) error {
	if len(m.Key) != len(dedup.Key{}) || m.Trust > receiver.FullTrust || m.Seq < 1 {
		return exchange.Changed("it has no message")
	}
	r.lastMessage = max(r.lastMessage, m.Seq)
	return r.dedup.Restore(r.conn, dedup.Key(m.Key), dedup.Message{Trust: m.Trust, Seq: m.Seq, Body: dedup.Digest(m.Body)})
}

// addEvent adds an event with its own seq. flush stores it.
func (r *restoring) addEvent(x *exchange.Event) error {
	e, err := r.in.Event(x)
	if err != nil {
		return err
	}
	if r.rowsDeleted || e.Seq <= r.lastSeq {
		return exchange.Changed("event %d is not in its order", e.Seq)
	}
	q, err := batch.NewRequest(e)
	if err != nil {
		return err
	}
	q.Entries[0].Seq, r.lastSeq = e.Seq, e.Seq
	r.pending, r.size = append(r.pending, q), r.size+len(e.Raw)
	return nil
}

// flush stores the pending events.
func (r *restoring) flush(t *counters) error {
	if err := r.addBatch(t, r.pending); err != nil {
		return err
	}
	for _, q := range r.pending {
		switch n := &q.Entries[0]; {
		case !n.Receipt.Duplicate:
			r.result.Events++
		case r.in.Earlier:
			r.result.Duplicates++
		default:
			return fmt.Errorf("event %d repeats event %d", n.Seq, n.Receipt.Seq)
		}
	}
	r.pending, r.size = nil, 0
	return nil
}

func (r *restoring) addRejected(x *exchange.Event) error {
	e, err := x.Event()
	if err != nil {
		return err
	}
	if e.Seq <= r.lastRejected {
		return exchange.Changed("the rejected delivery %d is not in its order", e.Seq)
	}
	r.lastRejected = e.Seq
	r.result.Rejected++
	return r.conn.Change(insertRejected,
		e.Seq, e.ReceivedAt.UnixMicro(), codec.VerdictCode(e.Verdict), codec.AppendRejected(nil, e, e.Cause().What), conn.NotNull(e.Raw))
}

// addRow adds a row as it was exported.
func (r *restoring) addRow(t *counters, x *exchange.Row) error {
	if err := r.deleteRows(t); err != nil {
		return err
	}
	if x.Number <= r.lastRow {
		return exchange.Changed("row %q is not in its order", string(x.ID))
	}
	r.lastRow = x.Number
	row := rowcache.Exported{
		Key: receiver.Key{Kind: receiver.Kind(x.Kind), ID: string(x.ID), Test: x.Test}, Number: x.Number, Seq: x.Seq, State: x.State, Updates: x.Updates,
	}
	switch err := r.rows.Restore(r.conn, row); {
	case errors.Is(err, codec.ErrInvalid):
		return exchange.Changed("row %q has a kind, a state or updates that can't be read", string(x.ID))
	case err != nil:
		return fmt.Errorf("row %q: %w", string(x.ID), err)
	}
	t.Rows.Add(row.Kind, 1)
	return nil
}

// deleteRows deletes the rows that the events made, once.
func (r *restoring) deleteRows(t *counters) error {
	if r.rowsDeleted {
		return nil
	}
	r.rowsDeleted, t.Rows = true, receiver.RowCounts{}
	return r.rows.DeleteAll(r.conn)
}

func (r *restoring) addCheckpoint(x *exchange.Checkpoint) error {
	p := receiver.Checkpoint{Cursor: x.Cursor}
	for _, s := range x.Done {
		p.Done = append(p.Done, receiver.Span(s))
	}
	if err := checkCheckpoint(string(x.Reader), p); err != nil {
		return exchange.Unsound("%w", err)
	}
	return saveCheckpoint(r.conn, string(x.Reader), p)
}

// finish checks that what was imported is what was exported.
func (r *restoring) finish(t *counters, x *exchange.Counters) error {
	r.complete = true
	if r.in.HasRows {
		if err := r.deleteRows(t); err != nil {
			return err
		}
	}
	want := countersOf(x)
	if r.in.Earlier && !r.in.HasRows {
		want.Rows = t.Rows
	}
	if r.in.Earlier {
		want.Conflicts = t.Conflicts
	}
	want.Deleted += r.result.Duplicates
	if t.Events() != want.Events() || t.Rows != want.Rows || t.LastSeq > want.LastSeq {
		return fmt.Errorf("lines are missing: it has %d events and rows of %v, its last line says %d and %v: export the store once more", t.Events(), t.Rows, want.Events(), want.Rows)
	}
	*t = want
	return nil
}
