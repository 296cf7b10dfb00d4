package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/batch"
	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
	"github.com/up42/up42-webhooks/receiver/sqlite/guard"
	"github.com/up42/up42-webhooks/receiver/sqlite/places"
	"github.com/up42/up42-webhooks/receiver/sqlite/rejected"
)

// statements are the writer's statements for many rows.
type statements struct {
	addEvents, deleteEvents, addRejected *conn.Bulk
}

func newStatements() statements {
	return statements{
		addEvents:    conn.NewBulk(`INSERT INTO event_log (seq, received, verdict, envelope, body) VALUES `, `(?, ?, ?, ?, ?)`, ``),
		deleteEvents: conn.NewBulk(`DELETE FROM event_log WHERE seq IN (`, `?`, `)`),
		addRejected:  conn.NewBulk(`INSERT INTO rejected_log (seq, received, verdict, envelope, body) VALUES `, `(?, ?, ?, ?, ?)`, ``),
	}
}

// clear removes what a failed batch left behind.
func (s *statements) clear() {
	s.addEvents.Clear()
	s.deleteEvents.Clear()
	s.addRejected.Clear()
}

const (
	begin  = `BEGIN IMMEDIATE`
	commit = `COMMIT`

	beginReading = `BEGIN`
	rollback     = `ROLLBACK`

	// dataVersion changes when another connection commits.
	dataVersion = `PRAGMA data_version`

	// A minute keeps its first event.
	addMinute = `INSERT INTO minutes (minute, seq) VALUES (?, ?) ON CONFLICT DO NOTHING`

	deleteOneRejected = `DELETE FROM rejected_log WHERE seq = ?`

	trimRejected = `DELETE FROM rejected_log WHERE seq <= (SELECT seq FROM rejected_log ORDER BY seq DESC LIMIT 1 OFFSET ?)`
)

// step is a part of a transaction. It updates the counters.
type step func(*counters) error

// commit runs steps in one transaction, and saves the counters with them. After an error
// the caller must call failed.
func (w *writer) commit(steps ...step) error {
	ctx := context.Background()
	if err := w.damage.get(); err != nil {
		return err
	}
	if err := w.connect(ctx); err != nil {
		return err
	}
	if err := w.checkFiles(); err != nil {
		return err
	}
	if _, err := w.conn.Run(begin); err != nil {
		return err
	}
	if err := w.reload(ctx); err != nil {
		return err
	}
	t := w.counters
	for _, do := range steps {
		if err := do(&t); err != nil {
			return err
		}
	}
	if err := t.save(w.conn); err != nil {
		return err
	}
	if _, err := w.conn.Run(commit); err != nil {
		return err
	}
	changed := w.counters != t
	w.counters = t
	w.rows.Age()
	return w.committed(changed)
}

// reload reads again what the writer has in memory of the store, if another connection
// has written since. It is called in the transaction, so that this stays true until
// COMMIT.
func (w *writer) reload(ctx context.Context) error {
	v, err := w.conn.Int(ctx, dataVersion)
	if err != nil || v == w.version {
		return err
	}
	if err := errors.Join(w.counters.load(w.conn), w.dedup.Load(w.conn), w.index.Load(w.conn), w.rows.Load(w.conn)); err != nil {
		return err
	}
	w.tail.Clear() // some events may be deleted
	w.version = v
	return w.learn()
}

// newEvent is an event that a batch adds to the store.
type newEvent struct {
	receiver.Event
	envelope []byte
}

// addBatch stores the events of a batch and counts the duplicates.
func (w *writer) addBatch(t *counters, requests []*batch.Request) error {
	if len(requests) == 0 {
		return nil
	}
	w.events, w.before = w.events[:0], t.LastSeq
	// Those of an earlier batch are still here after a transaction that failed, and in a
	// restore, which has no readers.
	clear(w.records)
	w.records = w.records[:0]
	defer func() { clear(w.events) }()
	if err := w.deduplicate(t, requests); err != nil {
		return err
	}
	if err := w.addEvents(); err != nil {
		return err
	}
	return w.updateRows(t)
}

// deduplicate finds the events of a batch that are new, and gives them their seq.
func (w *writer) deduplicate(t *counters, requests []*batch.Request) error {
	for _, r := range requests {
		for i := range r.Entries {
			w.dedup.Want(&r.Entries[i].Delivery.Key)
		}
	}
	if err := w.dedup.Lookup(w.conn); err != nil {
		return err
	}
	for _, r := range requests {
		for i := range r.Entries {
			if err := w.addEntry(t, &r.Entries[i]); err != nil {
				return err
			}
		}
	}
	return w.dedup.Save(w.conn)
}

// addEntry decides whether an entry is a new event, one that conflicts with an earlier
// event, or a duplicate. An event that is restored keeps its conflict; those of an earlier
// version have none.
func (w *writer) addEntry(t *counters, n *batch.Entry) error {
	if n.Admits > 0 {
		deleted, err := w.conn.Run(deleteOneRejected, n.Admits)
		if n.Receipt.Gone = err == nil && deleted == 0; err != nil || n.Receipt.Gone {
			return err
		}
	}
	received := codec.Received(n.Event, w.options.Now)
	t.arrived(received)
	e := *n.Event // a copy, since the event belongs to the caller
	conflict := e.ConflictsWith != 0
	superseded := false // an event that is restored, whose message is known with more trust by a later one
	if !conflict {
		repeats, conflicts, err := w.dedup.Check(w.conn, n.Delivery)
		switch {
		case err != nil:
			return err
		case repeats > n.Seq && n.Seq != 0:
			superseded = true
		case repeats != 0:
			if !n.History {
				t.Duplicates++
			}
			n.Receipt = receiver.Receipt{Seq: repeats, Duplicate: true}
			return nil
		case conflicts != 0 && (n.Seq == 0 || conflicts < n.Seq):
			e.ConflictsWith, n.Envelope = conflicts, codec.AppendConflict(n.Envelope, conflicts)
		}
		conflict = conflicts != 0
	}
	t.LastSeq = max(t.LastSeq+1, n.Seq)
	t.addEvent(&e)
	e.Seq, e.ReceivedAt = t.LastSeq, time.UnixMicro(received).UTC()
	n.Receipt = receiver.Receipt{Seq: e.Seq, ConflictsWith: e.ConflictsWith}
	w.events = append(w.events, newEvent{e, n.Envelope})
	if superseded {
		return nil
	}
	return w.dedup.Add(w.conn, n.Delivery, e.Seq, conflict)
}

func (w *writer) addEvents() error {
	for i := range w.events {
		e := &w.events[i].Event
		// Retention and the search by time depend on the order of these times. The envelope
		// of an admitted event has its arrival.
		micros := e.Entered().UnixMicro()
		r := codec.Record{Seq: e.Seq, Received: micros, Verdict: codec.VerdictCode(e.Verdict), Envelope: w.events[i].envelope, Body: conn.NotNull(e.Raw)}
		w.statements.addEvents.Add(r.Seq, r.Received, r.Verdict, r.Envelope, r.Body)
		w.records = append(w.records, r)
		if err := w.addMinute(minuteOf(micros), e.Seq); err != nil {
			return err
		}
		w.index.Add(e)
	}
	if err := w.statements.addEvents.Run(w.conn); err != nil {
		return err
	}
	return errors.Join(w.addPlaces(), w.index.Save(w.conn))
}

// addPlaces notes where in time the admitted events came.
func (w *writer) addPlaces() error {
	for i := range w.events {
		e := &w.events[i].Event
		if e.Admitted.IsZero() {
			continue
		}
		if err := places.Add(w.conn, e, minuteOf(e.ReceivedAt.UnixMicro())); err != nil {
			return fmt.Errorf("the place of event %d: %w", e.Seq, err)
		}
	}
	return nil
}

func (w *writer) addMinute(minute, seq int64) error {
	if minute == w.minute {
		return nil
	}
	w.minute = minute
	_, err := w.conn.Run(addMinute, minute, seq)
	return err
}

// minuteOf returns the minute since 1970 of a time in microseconds.
func minuteOf(micros int64) int64 {
	const long = 60_000_000
	m := micros / long
	if micros%long < 0 {
		m--
	}
	return m
}

// updateRows folds the new events into their rows.
func (w *writer) updateRows(t *counters) error {
	for i := range w.events {
		w.rows.Want(&w.events[i].Event)
	}
	if err := w.rows.Read(w.conn); err != nil {
		return err
	}
	for i := range w.events {
		if kind, isNew := w.rows.Apply(&w.events[i].Event); isNew {
			t.Rows.Add(kind, 1)
		}
	}
	return w.rows.Save(w.conn)
}

// changeCheckpoints makes the changes of a batch in the order of the requests.
func (w *writer) changeCheckpoints(requests []*batch.Request) error {
	for _, r := range requests {
		if r.Change == nil {
			continue
		}
		if err := r.Change(w.conn); err != nil {
			return fmt.Errorf("checkpoints: %w", err)
		}
	}
	return nil
}

// addRejected stores rejected deliveries and deletes those that are too old to keep.
func (w *writer) addRejected(t *counters, b rejected.Batch) error {
	t.Unmatched += b.Unmatched
	if b.Count == 0 {
		return nil
	}
	t.Rejected += b.Count
	t.arrived(b.Arrival)
	seq := t.Rejected - int64(len(b.Records))
	for i := range b.Records {
		seq++
		r := &b.Records[i]
		w.statements.addRejected.Add(seq, r.Received, r.Verdict, r.Envelope, r.Body)
	}
	if err := w.statements.addRejected.Run(w.conn); err != nil {
		return fmt.Errorf("rejected deliveries: %w", err)
	}
	_, err := w.conn.Run(trimRejected, int64(receiver.RejectedKept))
	return err
}

// checkpointPages is how long the write-ahead log may be before it is copied into the file:
// 8 MiB. The more there are, the more often a page changes before it is copied, and the
// longer a start takes after a crash.
const checkpointPages = 1000

// restPages is how much of the log the writer may copy by itself: deliveries wait for that.
func (w *writer) restPages() int64 { return w.options.logPages / 10 }

// maxPages is how long the log may be before deliveries wait for the copier.
func (w *writer) maxPages() int64 { return 4 * w.options.logPages }

// committed notes a transaction. If the log is long enough, the copier copies it into the
// file, as SQLite would do by itself, but after a check, and while the writer goes on. SQLite
// begins the log again when all of it is copied; so in the end the writer copies what came
// meanwhile.
func (w *writer) committed(changed bool) error {
	pages, err := w.guard.Committed(w.counters.LastSeq, changed)
	if err == nil {
		err = w.copyLongLog(pages, changed || w.pages > 0 && pages != w.pages)
	}
	w.pages = pages
	w.incomplete = errors.Is(err, guard.ErrIncomplete)
	return err
}

// copyLongLog copies the log if it is long enough. grown says that the last transaction is in it. The copier
// begins only if the file lacks a part of the log: otherwise SQLite may begin the log again while the
// copier verifies it.
func (w *writer) copyLongLog(pages int64, grown bool) error {
	if err := w.pollCopier(pages > w.maxPages()); err != nil {
		return err
	}
	rest := pages - w.copied
	switch {
	case w.copier.Busy() || pages < w.options.logPages && w.copied == 0:
		return nil
	case rest < 0: // the log began again by itself
		w.copied = 0
		return nil
	}
	if w.copied > 0 && (rest <= w.restPages() || pages > w.maxPages()) {
		if err := w.guard.BeforeCheckpoint(); err != nil {
			return err
		}
		w.copied = 0
		_, err := copyLog(context.Background(), w.conn)
		return w.afterCopy(err, w.guard.AfterCheckpoint())
	}
	if !grown {
		return nil
	}
	begun, err := w.guard.BeginCheckpoint()
	if err != nil {
		return err
	}
	now := &copying{checkpoint: begun}
	w.copied, w.copying = pages, now
	w.copier.Start(func(ctx context.Context, c *conn.Conn) (err error) {
		w.options.beforeCopy(ctx)
		if err := begun.Verify(); err != nil {
			return err
		}
		now.pages, err = copyLog(ctx, c)
		return err
	})
	return nil
}

// pollCopier notes that the copier is done, if it is. With wait it waits for that.
func (w *writer) pollCopier(wait bool) error {
	if w.copier.Busy() && (w.options.afterCommit() || wait) {
		return w.endCopy(<-w.copier.Done())
	}
	select {
	case err := <-w.copier.Done():
		return w.endCopy(err)
	default:
		return nil
	}
}

// copying is what the copier does, or has done.
type copying struct {
	checkpoint *guard.Checkpoint
	pages      int64 // how much of the log the file has then
}

// copyLog copies the write-ahead log into the file, as far as no reader needs the file as it
// is. It returns how many pages of the log are in the file then.
func copyLog(ctx context.Context, c *conn.Conn) (pages int64, err error) {
	err = c.Each(ctx, "PRAGMA wal_checkpoint(PASSIVE)", func(row []driver.Value) error {
		if n, ok := row[2].(int64); ok { // after whether it was locked, and how long the log is
			pages = n
		}
		return nil
	})
	return pages, err
}

// endCopy notes that the copier is done.
func (w *writer) endCopy(err error) error {
	w.copier.Ended()
	w.copied = max(w.copied, w.copying.pages) // with what was written after it began
	return w.afterCopy(err, w.guard.EndCheckpoint(w.copying.checkpoint))
}

// afterCopy notes that the log was copied. An error of that does not matter, unless it is a
// sign of damage: the events are in the log.
func (w *writer) afterCopy(err, checked error) error {
	if err = explain(w.file, "copy its log", err); errors.Is(err, ErrDamaged) {
		return err
	}
	return checked
}
