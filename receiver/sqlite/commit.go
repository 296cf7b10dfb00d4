package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// step is a part of a transaction; it keeps the counters up to date.
type step func(*totals) error

// commit is one transaction: its steps and the counters, all or nothing. After
// an error the caller drops the connection.
func (w *writer) commit(steps ...step) error {
	ctx := context.Background()
	if err := w.connect(ctx); err != nil {
		return err
	}
	if err := w.present(); err != nil {
		return err
	}
	if _, err := w.conn.run(begin, nil); err != nil {
		return err
	}
	if err := w.refresh(ctx); err != nil {
		return err
	}
	total := w.total
	for _, do := range steps {
		if err := do(&total); err != nil {
			return err
		}
	}
	if err := total.save(w.conn); err != nil {
		return err
	}
	if _, err := w.conn.run(commit, nil); err != nil {
		return err
	}
	w.total = total
	w.board.age()
	w.noteLog()
	return nil
}

// refresh reads anew what the writer keeps of the store, where another
// connection has written since. Called in the transaction, so that it stays
// true until COMMIT.
func (w *writer) refresh(ctx context.Context) error {
	v, err := w.conn.integer(ctx, dataVersion)
	if err != nil || v == w.version {
		return err
	}
	if err := errors.Join(w.total.load(w.conn), w.messages.load(w.conn), w.board.reload(w.conn)); err != nil {
		return err
	}
	w.version = v
	return nil
}

// addBatch stores the events that are new, and counts those that are not.
func (w *writer) addBatch(t *totals, batch []*request) error {
	if len(batch) == 0 {
		return nil
	}
	if err := w.messages.look(w.conn, w.sql, batch); err != nil {
		return err
	}
	w.events = w.events[:0]
	defer func() { clear(w.events) }()
	for _, r := range batch {
		for i := range r.entries {
			w.admit(t, &r.entries[i])
		}
	}
	if err := w.messages.save(w.conn, w.sql); err != nil {
		return err
	}
	if err := w.addEvents(); err != nil {
		return err
	}
	if err := w.board.load(w.conn, w.sql, w.events); err != nil {
		return err
	}
	for i := range w.events {
		if kind, isNew := w.board.apply(&w.events[i].Event); isNew {
			t.addRows(kind, 1)
		}
	}
	return w.board.save(w.conn, w.sql)
}

// admitted is an event that a batch adds to the store.
type admitted struct {
	receiver.Event
	envelope []byte
}

// admit decides whether an entry is an event or a duplicate. An event of less
// trust never makes one of more a duplicate (design.md §4).
func (w *writer) admit(t *totals, n *entry) {
	at, trust := arrival(n.event, w.options.Now), n.event.Verdict.Trust()
	t.arrived(at)
	if m, known := w.messages.find(n.key); known && m.trust >= trust {
		t.Duplicates++
		n.receipt = receiver.Receipt{Seq: m.seq, Duplicate: true}
		return
	}
	t.LastSeq = max(t.LastSeq+1, n.seq)
	t.add(n.event.Verdict)
	n.receipt = receiver.Receipt{Seq: t.LastSeq}
	w.messages.put(n.key, trust, t.LastSeq)
	// A copy, since the caller's event stays as it is.
	e := *n.event
	e.Seq, e.ReceivedAt = t.LastSeq, time.UnixMicro(at).UTC()
	w.events = append(w.events, admitted{e, n.envelope})
}

func (w *writer) addEvents() error {
	for i := range w.events {
		e := &w.events[i].Event
		micros := e.ReceivedAt.UnixMicro()
		w.sql.addEvents.add(e.Seq, micros, verdictCode(e.Verdict), w.events[i].envelope, notNil(e.Raw))
		if err := w.addMinute(minuteOf(micros), e.Seq); err != nil {
			return err
		}
	}
	return w.sql.addEvents.run(w.conn)
}

func (w *writer) addMinute(minute, seq int64) error {
	if minute == w.minute {
		return nil
	}
	w.minute = minute
	_, err := w.conn.run(addMinute, []driver.NamedValue{{Ordinal: 1, Value: minute}, {Ordinal: 2, Value: seq}})
	return err
}

// minuteOf is the minute since 1970 that a time in microseconds lies in.
func minuteOf(micros int64) int64 {
	const long = 60_000_000
	m := micros / long
	if micros%long < 0 {
		m--
	}
	return m
}

// changeLedger makes the changes of the ledger in the order they were asked for.
func (w *writer) changeLedger(batch []*request) error {
	for _, r := range batch {
		if r.change == nil {
			continue
		}
		if err := r.change(w.conn); err != nil {
			return fmt.Errorf("the ledger: %w", err)
		}
	}
	return nil
}

// notNil makes no bytes an empty value: nil would be NULL.
func notNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// addRejected stores rejections and forgets those that are too old to keep.
func (w *writer) addRejected(t *totals, p rejections) error {
	if p.counted == 0 {
		return nil
	}
	t.Rejected += p.counted
	t.arrived(p.arrival)
	seq := t.Rejected - int64(len(p.lines))
	for i := range p.lines {
		seq++
		l := &p.lines[i]
		w.sql.addRejected.add(seq, l.received, verdictCode(receiver.Rejected), l.envelope, l.body)
	}
	if err := w.sql.addRejected.run(w.conn); err != nil {
		return fmt.Errorf("rejections: %w", err)
	}
	_, err := w.conn.run(trimRejected, []driver.NamedValue{{Ordinal: 1, Value: int64(receiver.RejectedKept)}})
	return err
}
