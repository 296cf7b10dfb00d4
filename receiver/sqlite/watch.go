package sqlite

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// watch tells waiters that the store changed: at once where this log changed
// it, and by asking the file, while somebody waits, where another process did.
type watch struct {
	file string
	poll time.Duration

	mu      sync.Mutex
	now     receiver.Version
	latest  state
	changed chan struct{} // closed with the next change

	// asking is held by the waiter that asks the file, for all of them.
	asking  sync.Mutex
	conn    *conn
	seen    int64 // the file's data version when it was asked last
	askedAt time.Time
}

func newWatch(ctx context.Context, file string, o Options) (*watch, error) {
	c, err := dial(ctx, sourceName(file, modeRead, o.BusyTimeout)+"&_query_only=1&_pragma=cache_size(-64)")
	if err != nil {
		return nil, explain(file, "open it for reading", err)
	}
	w := &watch{file: file, poll: o.Poll, now: 1, changed: make(chan struct{}), conn: c, seen: unknown}
	if err := w.ask(); err != nil {
		return nil, explain(file, "open it for reading", errors.Join(err, c.close()))
	}
	return w, nil
}

func (w *watch) close() error { return w.conn.close() }

func (w *watch) version() receiver.Version {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

// saw takes note of a state of the store. States may be told of in any order:
// their numbers only grow, so an older one is no news.
func (w *watch) saw(s state) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s.events = max(s.events, w.latest.events)
	s.rejected = max(s.rejected, w.latest.rejected)
	s.duplicates = max(s.duplicates, w.latest.duplicates)
	if s == w.latest {
		return
	}
	w.latest = s
	w.now++
	close(w.changed)
	w.changed = make(chan struct{})
}

// wait blocks until the version is another than seen.
func (w *watch) wait(ctx context.Context, seen receiver.Version) (receiver.Version, error) {
	timer := time.NewTimer(w.poll)
	defer timer.Stop()
	for {
		w.mu.Lock()
		now, changed := w.now, w.changed
		w.mu.Unlock()
		if now != seen {
			return now, nil
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-changed:
		case <-timer.C:
			if err := w.askInTurn(); err != nil {
				return 0, err
			}
			timer.Reset(w.poll)
		}
	}
}

// askInTurn asks the file unless another waiter just has.
func (w *watch) askInTurn() error {
	if !w.asking.TryLock() {
		return nil
	}
	defer w.asking.Unlock()
	if time.Since(w.askedAt) < w.poll/2 {
		return nil
	}
	return w.ask()
}

// ask asks the file whether any other connection has written, and only then
// what: the first costs a few microseconds.
func (w *watch) ask() error {
	w.askedAt = time.Now()
	v, err := w.conn.integer(context.Background(), dataVersion)
	if err != nil || v == w.seen {
		return err
	}
	var t totals
	if err := t.load(w.conn); err != nil {
		return err
	}
	w.seen = v
	w.saw(t.state())
	return nil
}

// Wait implements receiver.Reader. It hears of this log's own changes at once,
// of another process's within Options.Poll.
func (l *Log) Wait(ctx context.Context, seen receiver.Version) (receiver.Version, error) {
	read, leave, err := l.enter(ctx)
	if err != nil {
		return 0, err
	}
	defer leave()
	v, err := l.watch.wait(read, seen)
	return v, l.readError(ctx, "wait for a change", err)
}
