package sqlite

import (
	"context"
	"database/sql/driver"
	"time"

	"github.com/up42/up42-webhooks/receiver/sqlite/aging"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
)

// clockInterval is how often the writer looks whether the clock has jumped. It also looks
// before each batch.
const clockInterval = 10 * time.Second

const (
	addJump     = `INSERT INTO clock_jumps (seq, rejected, at, jump) VALUES (?, ?, ?, ?)`
	selectJumps = `SELECT seq, rejected, at, jump FROM clock_jumps ORDER BY number`
	// A clock that jumps all the time must not fill the store.
	trimJumps = `DELETE FROM clock_jumps WHERE number <= (SELECT max(number) FROM clock_jumps) - 1000`
)

// startClock tells the clock where the store is when the receiver starts. It returns when
// to check it; the caller stops that.
func (w *writer) startClock() *time.Ticker {
	look := time.NewTicker(clockInterval)
	if w.clock == nil || w.conn == nil { // damaged
		look.Stop()
		return look
	}
	var t counters
	var newest time.Time
	jumps, err := readJumps(context.Background(), w.conn)
	if err == nil {
		err = t.load(w.conn)
	}
	if err == nil {
		err = w.conn.Each(context.Background(), lastEvent, func(v []driver.Value) error {
			newest = time.UnixMicro(conn.Int(v[1]))
			return nil
		})
	}
	if err != nil {
		return look // whatever is wrong with the store, the next batch reports it
	}
	if moved := w.clock.Start(aging.Jump{Seq: t.LastSeq, Rejected: t.Rejected}, newest, jumps); moved != 0 {
		w.jumped(moved, nil)
	}
	return look
}

// checkClock stores that the clock has jumped, if it has.
func (w *writer) checkClock() {
	if w.clock == nil {
		return
	}
	by := w.clock.Jump()
	if by == 0 {
		return
	}
	start := w.clock.StartedAt()
	if atStart := w.clock.Jumped(by); atStart > 0 {
		start.By = atStart
		w.jumped(by, &start)
		return
	}
	w.jumped(by, nil)
}

// jumped stores a jump, after another one that became known by it. What can't be stored
// now is stored with the next jump or the next time that the clock is checked.
func (w *writer) jumped(by time.Duration, earlier *aging.Jump) {
	now := w.clock.Now()
	if earlier != nil {
		earlier.At = now
		w.jumps = append(w.jumps, *earlier)
	}
	// Seq is set when the jump is stored: nothing is stored in between.
	w.jumps = append(w.jumps, aging.Jump{Seq: unknown, At: now, By: by})
	w.storeJumps()
	if w.options.ClockJumped != nil {
		w.options.ClockJumped(by)
	}
}

// storeJumps stores the jumps that are not stored yet.
func (w *writer) storeJumps() {
	if len(w.jumps) == 0 {
		return
	}
	err := w.commit(func(t *counters) error {
		for _, j := range w.jumps {
			if j.Seq == unknown {
				j.Seq, j.Rejected = t.LastSeq, t.Rejected
				t.arrival = min(t.arrival, j.At.UnixMicro()) // nothing comes later than now
			}
			if _, err := w.conn.Run(addJump, j.Seq, j.Rejected, j.At.UnixMicro(), j.By.Microseconds()); err != nil {
				return err
			}
		}
		_, err := w.conn.Run(trimJumps)
		return err
	})
	if err != nil {
		_ = w.failed(err) // the next batch reports what is wrong
		return
	}
	w.jumps = w.jumps[:0]
}

// readJumps returns the jumps of the clock, oldest first.
func readJumps(ctx context.Context, c *conn.Conn) (all []aging.Jump, err error) {
	err = c.Each(ctx, selectJumps, func(v []driver.Value) error {
		all = append(all, aging.Jump{
			Seq: conn.Int(v[0]), Rejected: conn.Int(v[1]), At: time.UnixMicro(conn.Int(v[2])).UTC(),
			By: time.Duration(conn.Int(v[3])) * time.Microsecond,
		})
		return nil
	})
	return all, err
}
