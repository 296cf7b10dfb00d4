package sqlite

import (
	"context"
	"errors"
	"io/fs"
	"sync"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
	"github.com/up42/up42-webhooks/receiver/sqlite/fileid"
)

// watch wakes waiters when the store changes: at once after a change by this log, and by
// polling the file after a change by another process.
type watch struct {
	file   string
	source string
	poll   time.Duration
	// opened is the file of a viewer, which goes on reading it when another one has its
	// name. Zero in a receiver, which checks its files by itself.
	opened fileid.ID

	mu      sync.Mutex
	current receiver.Version
	state   state
	changed chan struct{} // closed with the next change

	// polling is held by the waiter that polls, for all of them.
	polling     sync.Mutex
	conn        *conn.Conn // nil if it could not be opened again
	dataVersion int64      // of the file at the last poll
	polledAt    time.Time
}

// state is what changes when somebody writes to the store. Each number only grows.
type state struct{ events, rejected, duplicates, unmatched int64 }

func (t *counters) state() state { return state{t.LastSeq, t.Rejected, t.Duplicates, t.Unmatched} }

func newWatch(ctx context.Context, file string, o Options) (*watch, error) {
	w := &watch{
		file: file, source: conn.Source(file, conn.ReadOnly, o.BusyTimeout) + "&_query_only=1&_pragma=cache_size(-64)",
		poll: o.Poll, current: 1, changed: make(chan struct{}),
	}
	if err := w.open(ctx); err != nil {
		return nil, explain(file, "open it for reading", err)
	}
	if o.ReadOnly {
		f, err := fileid.Stat(file)
		if err != nil {
			return nil, explain(file, "open it for reading", errors.Join(err, w.close()))
		}
		w.opened = f.ID
	}
	if err := w.pollFile(); err != nil {
		return nil, explain(file, "open it for reading", errors.Join(err, w.close()))
	}
	return w, nil
}

func (w *watch) open(ctx context.Context) error {
	c, err := conn.Open(ctx, w.source)
	if err == nil {
		w.conn, w.dataVersion = c, unknown
	}
	return err
}

func (w *watch) close() error {
	if w.conn == nil {
		return nil
	}
	err := w.conn.Close()
	w.conn = nil
	return err
}

// reopen closes the connection, and reads the store with another one.
func (w *watch) reopen() error {
	w.polling.Lock()
	defer w.polling.Unlock()
	return errors.Join(w.close(), w.pollFile())
}

func (w *watch) version() receiver.Version {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.current
}

// lastEvent returns the newest event that is known.
func (w *watch) lastEvent() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.state.events
}

// update notes a state of the store. States may come in any order: since their numbers
// only grow, an older state changes nothing.
func (w *watch) update(s state) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s.events = max(s.events, w.state.events)
	s.rejected = max(s.rejected, w.state.rejected)
	s.duplicates = max(s.duplicates, w.state.duplicates)
	s.unmatched = max(s.unmatched, w.state.unmatched)
	if s == w.state {
		return
	}
	w.state = s
	w.current++
	close(w.changed)
	w.changed = make(chan struct{})
}

// wait blocks until the version differs from seen, and returns it.
func (w *watch) wait(ctx context.Context, seen receiver.Version) (receiver.Version, error) {
	timer := time.NewTimer(w.poll)
	defer timer.Stop()
	for {
		w.mu.Lock()
		current, changed := w.current, w.changed
		w.mu.Unlock()
		if current != seen {
			return current, nil
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-changed:
		case <-timer.C:
			if err := w.pollOnce(); err != nil {
				return 0, err
			}
			timer.Reset(w.poll)
		}
	}
}

// pollOnce polls the file, unless another waiter does or has just done it.
func (w *watch) pollOnce() error {
	if !w.polling.TryLock() {
		return nil
	}
	defer w.polling.Unlock()
	if time.Since(w.polledAt) < w.poll/2 {
		return nil
	}
	return w.pollFile()
}

// pollFile asks SQLite whether another connection has written, which takes a few
// microseconds. Only then it reads the state.
func (w *watch) pollFile() error {
	w.polledAt = time.Now()
	if w.opened != (fileid.ID{}) {
		if f, err := fileid.Stat(w.file); err == nil && f.ID != w.opened || errors.Is(err, fs.ErrNotExist) {
			return ErrReplaced
		}
	}
	ctx := context.Background()
	if w.conn == nil {
		if err := w.open(ctx); err != nil {
			return err
		}
	}
	v, err := w.conn.Int(ctx, dataVersion)
	if err != nil || v == w.dataVersion {
		return err
	}
	var t counters
	if err := t.load(w.conn); err != nil {
		return err
	}
	w.dataVersion = v
	w.update(t.state())
	return nil
}
