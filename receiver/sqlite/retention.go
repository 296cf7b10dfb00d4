package sqlite

import (
	"context"
	"database/sql/driver"
	"math"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
)

const (
	// pruneEvents is how many events one transaction deletes. A delivery may have to
	// wait for it: a few milliseconds.
	pruneEvents = 256
	// pruneInterval is how often retention checks whether there is something to delete.
	pruneInterval = time.Minute
)

const (
	// The oldest events, without those that a reader needs.
	selectOldest = `SELECT seq, received FROM event_log
		WHERE seq <= (SELECT coalesce(min(cursor), 9223372036854775807) FROM checkpoints) AND seq NOT IN (SELECT seq FROM failures)
		ORDER BY seq LIMIT ?`
	deleteMinutes    = `DELETE FROM minutes WHERE minute < (SELECT max(minute) FROM minutes WHERE seq <= (SELECT min(seq) FROM event_log))`
	selectRowsBySeq  = `SELECT number, id, test, seq, state FROM rows WHERE kind = ? AND seq BETWEEN ? AND ?`
	hasRejectedUntil = `SELECT 1 FROM rejected_log WHERE received < ? LIMIT 1`
	deleteRejected   = `DELETE FROM rejected_log WHERE received < ?`
)

// pruneSome deletes some of what need not be kept, and returns when to go on. As long as
// there is more, retention has a twentieth of the writer's time. If it can't delete now,
// it tries again at the next check.
func (w *writer) pruneSome() time.Duration {
	began := time.Now()
	p := pruning{w, w.options.Now()}
	more, err := p.hasExpired()
	if err == nil && more {
		err = w.commit(p.deleteEvents, p.deleteRejected, p.deleteMinutes)
	}
	if err != nil {
		// Nobody waits for the result. The next batch reports what is wrong.
		_ = w.disconnect()
		more = false
	}
	if w.options.pruned != nil {
		w.options.pruned(more)
	}
	if !more {
		return pruneInterval
	}
	return max(10*time.Millisecond, 20*time.Since(began))
}

// pruning is one step of retention.
type pruning struct {
	*writer
	now time.Time
}

// keepSince is the time of arrival, in microseconds since 1970, from which on everything
// is kept.
func (p *pruning) keepSince() int64 {
	if p.options.Keep <= 0 {
		return math.MinInt64
	}
	return p.now.Add(-p.options.Keep).UnixMicro()
}

// hasExpired reports whether there is something to delete. It does not write.
func (p *pruning) hasExpired() (bool, error) {
	ctx := context.Background()
	if err := p.connect(ctx); err != nil {
		return false, err
	}
	if err := p.checkFiles(); err != nil {
		return false, err
	}
	var t counters
	if err := t.load(p.conn); err != nil {
		return false, err
	}
	old, err := p.expired(&t, 1)
	if err != nil || len(old) > 0 {
		return len(old) > 0, err
	}
	return p.conn.Has(ctx, hasRejectedUntil, p.keepSince())
}

// expired returns the oldest events that need not be kept, at most limit. It stops at the
// first event that is to be kept. So the events that stay have no gaps, except after
// those that stay longer because a reader needs them.
func (p *pruning) expired(t *counters, limit int) (seqs []int64, err error) {
	last := int64(math.MinInt64)
	if p.options.KeepEvents > 0 {
		last = t.LastSeq - p.options.KeepEvents
	}
	since, ended := p.keepSince(), false
	err = p.conn.Each(context.Background(), selectOldest, func(v []driver.Value) error {
		seq, received := conn.Int(v[0]), conn.Int(v[1])
		if ended = ended || seq > last && received >= since; !ended {
			seqs = append(seqs, seq)
		}
		return nil
	}, int64(limit))
	return seqs, err
}

// deleteEvents deletes events, and the rows that end with them.
func (p *pruning) deleteEvents(t *counters) error {
	seqs, err := p.expired(t, pruneEvents)
	if err != nil || len(seqs) == 0 {
		return err
	}
	deleted := make(map[int64]bool, len(seqs))
	for _, seq := range seqs {
		deleted[seq] = true
		p.statements.deleteEvents.Add(seq)
	}
	if err := p.statements.deleteEvents.Run(p.conn); err != nil {
		return err
	}
	t.Deleted += int64(len(seqs))
	for _, kind := range receiver.Kinds() {
		if err := p.deleteRows(t, kind, deleted, seqs[0], seqs[len(seqs)-1]); err != nil {
			return err
		}
	}
	return nil
}

// expiredRow is a row that retention deletes.
type expiredRow struct {
	receiver.Row
	number int64
}

// deleteRows deletes the final rows of a kind whose last event is deleted, which is
// between first and last. A row that is not final stays with what its events said: an
// order may wait for longer than its events are kept.
func (p *pruning) deleteRows(t *counters, kind receiver.Kind, deleted map[int64]bool, first, last int64) error {
	code, _ := kind.Code()
	var ended []expiredRow
	err := p.conn.Each(context.Background(), selectRowsBySeq, func(v []driver.Value) error {
		r := expiredRow{number: conn.Int(v[0])}
		r.Key = receiver.Key{Kind: kind, ID: string(conn.Blob(v[1])), Test: conn.Int(v[2]) != 0}
		err := codec.DecodeState(conn.Blob(v[4]), &r.Row)
		if r.Final && deleted[conn.Int(v[3])] {
			ended = append(ended, r)
		}
		return err
	}, code, first, last)
	if err != nil {
		return err
	}
	for i := range ended {
		if err := p.rows.Delete(p.conn, ended[i].Key, ended[i].number); err != nil {
			return err
		}
	}
	t.Rows.Add(kind, -int64(len(ended)))
	return nil
}

// deleteRejected deletes rejected deliveries that are too old.
func (p *pruning) deleteRejected(*counters) error {
	_, err := p.conn.Run(deleteRejected, p.keepSince())
	return err
}

// deleteMinutes deletes the minutes before that of the oldest event.
func (p *pruning) deleteMinutes(*counters) error {
	_, err := p.conn.Run(deleteMinutes)
	return err
}
