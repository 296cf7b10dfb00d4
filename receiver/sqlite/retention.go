package sqlite

import (
	"context"
	"database/sql/driver"
	"slices"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/aging"
	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
	"github.com/up42/up42-webhooks/receiver/sqlite/eventindex"
	"github.com/up42/up42-webhooks/receiver/sqlite/places"
)

const (
	// pruneEvents is how many events one transaction deletes while deliveries come. One may
	// have to wait for it: a few milliseconds. pruneMany is how many it deletes while none
	// come, or if more come than are deleted. Twice as many are not quicker for each event.
	pruneEvents, pruneMany = 256, 1024
	// While deliveries come, retention has this share of the writer's time: from the least
	// for a few events to the most for largeBacklog and more, and a larger one yet if more come
	// than are deleted.
	leastShare, mostShare, growingShare = 0.05, 0.5, 0.67
	largeBacklog                        = 10_000
	// pruneInterval is how often retention checks whether there is something to delete.
	pruneInterval = time.Minute
)

const (
	// The oldest events, without those that a reader needs.
	selectOldest = `SELECT seq, received FROM event_log
		WHERE seq <= (SELECT coalesce(min(cursor), 9223372036854775807) FROM checkpoints) AND seq NOT IN (SELECT seq FROM failures)
		ORDER BY seq LIMIT ?`
	newestSeq  = `SELECT coalesce(max(seq), 0) FROM event_log`
	countKept  = `SELECT count(*) FROM event_log WHERE seq IN (SELECT seq FROM failures WHERE seq <= ?)`
	selectSome = `SELECT seq, received FROM event_log WHERE seq <= ? ORDER BY seq DESC LIMIT ?`
	// The line of the oldest event, and those of later minutes, are needed to find
	// events by time, also if the clock went back.
	deleteMinutes = `DELETE FROM minutes WHERE seq < (SELECT min(seq) FROM event_log)
		AND minute < (SELECT minute FROM minutes WHERE seq <= (SELECT min(seq) FROM event_log) ORDER BY seq DESC LIMIT 1)`
	earliestMinute = `SELECT coalesce(min(minute), -1) FROM minutes WHERE minute BETWEEN ? AND ?`
	lastInMinutes  = `SELECT coalesce(max(seq), 0) FROM (SELECT seq FROM minutes WHERE minute >= ? AND minute < ? ORDER BY minute DESC LIMIT 64)`
	deleteJumps    = `DELETE FROM clock_jumps WHERE seq < (SELECT min(seq) FROM event_log) AND rejected < (SELECT coalesce(min(seq), 9223372036854775807) FROM rejected_log)
		AND number < (SELECT max(number) FROM clock_jumps)`
	selectRowsBySeq = `SELECT number, id, test, seq, state FROM rows WHERE kind = ? AND seq BETWEEN ? AND ?`
	selectRejected  = `SELECT seq, received FROM rejected_log ORDER BY seq`
	deleteRejected  = `DELETE FROM rejected_log WHERE seq <= ?`
)

// pace says how retention shares the writer's time with deliveries.
type pace struct {
	// batches is how many batches the writer had stored before the last step.
	batches int
	// backlog is the largest number of events that was to be deleted since the last time that
	// there was none: the share stays until all is done, also if as many come meanwhile.
	backlog int64
	// last is how many were to be deleted before the last step, 0 if there was none. growing
	// says that there were more before a later step.
	last    int64
	growing bool
}

// limit returns how many events the next step may delete.
func (p *pace) limit(busy bool) int {
	if busy && !p.growing {
		return pruneEvents
	}
	return pruneMany
}

// note notes how many events were to be deleted before a step.
func (p *pace) note(backlog int64) {
	p.growing = p.growing || p.last > 0 && backlog >= p.last
	p.last, p.backlog = backlog, max(p.backlog, backlog)
}

// pause returns how long retention leaves the writer to deliveries after a step.
func (p *pace) pause(took time.Duration, busy bool) time.Duration {
	if !busy {
		return 0
	}
	share := max(leastShare, mostShare*min(1, float64(p.backlog)/largeBacklog))
	if p.growing {
		share = growingShare
	}
	return max(10*time.Millisecond, time.Duration(float64(took)*(1/share-1)))
}

// pruneSome deletes some of what need not be kept, and returns when to go on. If it can't
// delete now, it tries again at the next check.
func (w *writer) pruneSome() time.Duration {
	began := time.Now()
	w.checkClock()
	busy := w.batches != w.pace.batches
	w.pace.batches = w.batches
	p := pruning{writer: w, limit: w.pace.limit(busy)}
	some, err := p.hasExpired()
	if err == nil && some {
		err = w.commit(p.deleteEvents, p.deleteRejected, p.deleteMinutes, p.deleteBlocks, p.deletePlaces, p.deleteJumps)
		w.tail.Drop(p.eventsEnd)
	}
	if err != nil {
		// Nobody waits for the result. The next batch reports what is wrong.
		_ = w.failed(err)
	}
	more := err == nil && p.deleted == p.limit // if fewer were deleted, others can wait for the next check
	if w.options.pruned != nil {
		w.options.pruned(more)
	}
	if !more {
		w.pace = pace{batches: w.batches}
		return pruneInterval
	}
	w.pace.note(p.backlog)
	return w.pace.pause(time.Since(began), busy)
}

// pruning is one step of retention.
type pruning struct {
	*writer
	judge *aging.Judge // nil: nothing is deleted for its age
	// rejectedEnd is the last rejected delivery to delete, 0 to keep all.
	rejectedEnd int64
	eventsEnd   int64 // the last event that was deleted
	limit       int   // of events to delete
	deleted     int   // how many were
	backlog     int64 // how many events are to be deleted, about
}

// hasExpired reports whether there is something to delete. It does not write.
func (p *pruning) hasExpired() (bool, error) {
	ctx := context.Background()
	if err := p.damage.get(); err != nil {
		return false, err
	}
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
	if err := p.judgeAges(ctx); err != nil {
		return false, err
	}
	old, err := p.expired(&t)
	return len(old) > 0 || p.rejectedEnd > 0, err
}

// judgeAges finds out what is old, unless everything is kept.
func (p *pruning) judgeAges(ctx context.Context) error {
	if p.options.Keep <= 0 {
		return nil
	}
	jumps, err := readJumps(ctx, p.conn)
	if err != nil {
		return err
	}
	// Until a jump is stored, it is not known which events came before it.
	if len(p.jumps) > 0 {
		return nil
	}
	p.judge, err = p.clock.Judge(p.options.Keep, jumps, func(first, last int64) (minute int64, ok bool, err error) {
		minute, err = p.conn.Int(ctx, earliestMinute, first, last)
		return minute, minute >= 0, err
	})
	if err != nil {
		return err
	}
	var run aging.Run
	err = p.conn.Each(ctx, selectRejected, func(v []driver.Value) error {
		seq := conn.Int(v[0])
		run.Add(seq, p.judge.Old(seq, conn.Int(v[1]), true))
		return nil
	})
	p.rejectedEnd = run.End()
	return err
}

// oldUntil returns an event that is old with its neighbours, and so with all before it;
// 0 if all are young. It finds it by its minute, however many younger ones are before it.
func (p *pruning) oldUntil(ctx context.Context) (int64, error) {
	if p.judge == nil {
		return 0, nil
	}
	from, until := p.judge.Minutes()
	last, err := p.conn.Int(ctx, lastInMinutes, from, until)
	if err != nil || last == 0 {
		return 0, err
	}
	all := true
	err = p.conn.Each(ctx, selectSome, func(v []driver.Value) error {
		seq := conn.Int(v[0])
		all = all && p.judge.Old(seq, conn.Int(v[1]), false)
		return nil
	}, last, int64(aging.Neighbours))
	if !all {
		last = 0
	}
	return last, err
}

// expired returns the oldest events that need not be kept, up to the limit. It stops at the
// first event that is to be kept. So the events that stay have no gaps, except after
// those that stay longer because a reader needs them.
func (p *pruning) expired(t *counters) (seqs []int64, err error) {
	excess, last, err := p.tooMany(t)
	if err != nil {
		return nil, err
	}
	until, err := p.oldUntil(context.Background())
	if err != nil {
		return nil, err
	}
	var run aging.Run
	err = p.conn.Each(context.Background(), selectOldest, func(v []driver.Value) error {
		seq := conn.Int(v[0])
		seqs = append(seqs, seq)
		isMore := int64(len(seqs)) <= excess && seq <= last
		run.Add(seq, isMore || seq <= until || p.judge != nil && p.judge.Old(seq, conn.Int(v[1]), false))
		return nil
	}, int64(p.limit))
	end, _ := slices.BinarySearch(seqs, run.End()+1)
	if end > 0 {
		p.backlog = max(min(excess, last-seqs[0]+1), until-seqs[0]+1, int64(end))
	}
	return seqs[:end], err
}

// tooMany returns how many events are more than are to be kept, without those that stay for a reader,
// and the last of them at most. Both must hold. To count the newest events themselves takes the longer
// the more are kept. Their numbers are not enough: some have no event after a repair, or after damage of
// the counter of the last one. What the store counts may be damaged, too.
func (p *pruning) tooMany(t *counters) (excess, last int64, err error) {
	if p.options.KeepEvents <= 0 {
		return 0, 0, nil
	}
	newest, err := p.conn.Int(context.Background(), newestSeq)
	if err != nil {
		return 0, 0, err
	}
	last = newest - p.options.KeepEvents
	kept, err := p.conn.Int(context.Background(), countKept, last)
	return t.Events() - p.options.KeepEvents - kept, last, err
}

// deleteEvents deletes events, and the rows that end with them.
func (p *pruning) deleteEvents(t *counters) error {
	seqs, err := p.expired(t)
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
	p.deleted = len(seqs)
	t.Deleted += int64(len(seqs))
	p.eventsEnd = seqs[len(seqs)-1]
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
	_, err := p.conn.Run(deleteRejected, p.rejectedEnd)
	return err
}

// deleteJumps deletes the jumps of the clock before the oldest event, but the last one.
func (p *pruning) deleteJumps(*counters) error {
	_, err := p.conn.Run(deleteJumps)
	return err
}

// deleteMinutes deletes the minutes before that of the oldest event.
func (p *pruning) deleteMinutes(*counters) error {
	_, err := p.conn.Run(deleteMinutes)
	return err
}

// deletePlaces deletes the places of admitted events that are deleted.
func (p *pruning) deletePlaces(*counters) error { return places.Prune(p.conn) }

// deleteBlocks deletes the lines of the event index whose events are deleted.
func (p *pruning) deleteBlocks(*counters) error { return eventindex.Prune(p.conn) }
