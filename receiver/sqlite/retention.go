package sqlite

import (
	"context"
	"database/sql/driver"
	"math"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

const (
	// pruneEvents is how many events go in one transaction, which deliveries
	// may have to wait for: a few milliseconds.
	pruneEvents = 256
	// pruneLook is how often retention looks whether there is something to do.
	pruneLook = time.Minute
)

// pruneSome takes away some of what need not be kept any longer, and returns
// when to go on: while there is more, retention has a twentieth of the writer's
// time. What can't be written now may be at the next look.
func (w *writer) pruneSome() time.Duration {
	began := time.Now()
	p := pruning{w, w.options.Now()}
	more, err := p.due()
	if err == nil && more {
		err = w.commit(p.events, p.rejected, p.minutes)
	}
	if err != nil {
		// Nobody waits for this, and whoever writes next says what is wrong.
		_ = w.drop()
		more = false
	}
	if w.options.pruned != nil {
		w.options.pruned(more)
	}
	if !more {
		return pruneLook
	}
	return max(10*time.Millisecond, 20*time.Since(began))
}

// pruning is a step of retention at a time.
type pruning struct {
	*writer
	now time.Time
}

// since is the time of arrival, in microseconds since 1970, of the oldest that
// need be kept.
func (p *pruning) since() int64 {
	if p.options.Keep <= 0 {
		return math.MinInt64
	}
	return p.now.Add(-p.options.Keep).UnixMicro()
}

// due says whether there is something to take away, without writing.
func (p *pruning) due() (bool, error) {
	ctx := context.Background()
	if err := p.connect(ctx); err != nil {
		return false, err
	}
	if err := p.present(); err != nil {
		return false, err
	}
	var t totals
	if err := t.load(p.conn); err != nil {
		return false, err
	}
	old, err := p.expired(&t, 1)
	if err != nil || len(old) > 0 {
		return len(old) > 0, err
	}
	return p.conn.has(ctx, oneRejectedBefore, p.since())
}

// expired are the oldest events that need not be kept, up to a number. They end
// where the first is to be kept, so that what is kept has no holes but for
// events that outlast their time because somebody needs them.
func (p *pruning) expired(t *totals, limit int) (seqs []int64, err error) {
	last := int64(math.MinInt64)
	if p.options.KeepEvents > 0 {
		last = t.LastSeq - p.options.KeepEvents
	}
	since, ended := p.since(), false
	err = p.conn.each(context.Background(), oldest, []driver.NamedValue{{Ordinal: 1, Value: int64(limit)}}, func(v []driver.Value) error {
		seq, received := number(v[0]), number(v[1])
		if ended = ended || seq > last && received >= since; !ended {
			seqs = append(seqs, seq)
		}
		return nil
	})
	return seqs, err
}

// events takes events away, and the rows that end with them.
func (p *pruning) events(t *totals) error {
	seqs, err := p.expired(t, pruneEvents)
	if err != nil || len(seqs) == 0 {
		return err
	}
	gone := make(map[int64]bool, len(seqs))
	for _, seq := range seqs {
		gone[seq] = true
		p.sql.dropEvents.add(seq)
	}
	if err := p.sql.dropEvents.run(p.conn); err != nil {
		return err
	}
	t.Deleted += int64(len(seqs))
	for _, code := range []int64{1, 2} {
		if err := p.rows(t, code, gone, seqs[0], seqs[len(seqs)-1]); err != nil {
			return err
		}
	}
	return nil
}

// rows takes away the final rows of a kind whose last event is gone. One that
// is not final stays, with what its events said of it: an order may wait for
// longer than its events are kept.
func (p *pruning) rows(t *totals, code int64, gone map[int64]bool, first, last int64) error {
	var ended []boardRow
	args := []driver.NamedValue{{Ordinal: 1, Value: code}, {Ordinal: 2, Value: first}, {Ordinal: 3, Value: last}}
	err := p.conn.each(context.Background(), rowsOfEvents, args, func(v []driver.Value) error {
		r := boardRow{place: number(v[0])}
		r.row.Key = receiver.Key{Kind: kindOf(code), ID: string(blob(v[1]))}
		err := decodeState(string(blob(v[3])), &r.row)
		if r.row.Final && gone[number(v[2])] {
			ended = append(ended, r)
		}
		return err
	})
	if err != nil {
		return err
	}
	for i := range ended {
		if err := p.conn.change(dropRow, ended[i].place); err != nil {
			return err
		}
		if _, err := p.conn.run(dropPlace, []driver.NamedValue{{Ordinal: 1, Value: ended[i].place}, {Ordinal: 2, Value: code}, {Ordinal: 3, Value: []byte(ended[i].row.ID)}}); err != nil {
			return err
		}
		p.board.forget(ended[i].row.Key)
	}
	t.addRows(kindOf(code), -int64(len(ended)))
	return nil
}

// rejected takes away rejected deliveries that are too old.
func (p *pruning) rejected(*totals) error {
	_, err := p.conn.run(dropRejectedBefore, []driver.NamedValue{{Ordinal: 1, Value: p.since()}})
	return err
}

// minutes takes away those that no event is found by any longer.
func (p *pruning) minutes(*totals) error {
	_, err := p.conn.run(dropMinutes, nil)
	return err
}
