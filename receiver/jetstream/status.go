package jetstream

import (
	"log/slog"
	"sync"
	"time"
)

// warnEvery is the least time between two warnings about the same thing.
const warnEvery = time.Minute

// Status is the state of a member of a team.
type Status struct {
	// Server is the server that the member is connected to, "" if it is not connected.
	Server string
	// Failing is since when the member can't use the stream, zero if it can. Err says why.
	Failing time.Time
	Err     string
	// Cursor is the Seq up to which the stream has all events of the store.
	Cursor int64
	// Published counts the events that the stream took since the start, Known those that it
	// had already, GivenUp those that it will never take.
	Published, Known, GivenUp int64
	// LastPublished is when the stream last took an event, zero if it took none.
	LastPublished time.Time
}

// statusKeeper keeps the status and logs its changes. It is safe for concurrent use.
type statusKeeper struct {
	log *slog.Logger

	mu       sync.Mutex
	status   Status
	warned   string // the error that was logged last
	warnedAt time.Time
	unsaved  bool // the checkpoint could not be saved
}

func (k *statusKeeper) get() Status {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.status
}

func (k *statusKeeper) change(how func(*Status)) {
	k.mu.Lock()
	defer k.mu.Unlock()
	how(&k.status)
}

// connected notes a connection whose stream is as it should be.
func (k *statusKeeper) connected(server string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.status.Server = server
	k.log.Info("connected to the team's stream", "server", server)
}

// failed notes why the stream can't be used. It logs an error once a minute, and a new one at once.
func (k *statusKeeper) failed(err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	text := err.Error()
	if k.status.Failing.IsZero() {
		k.status.Failing = time.Now()
	}
	k.status.Err = text
	if text == k.warned && time.Since(k.warnedAt) < warnEvery {
		return
	}
	k.warned, k.warnedAt = text, time.Now()
	k.log.Warn("the team's stream can't be used; events wait in the store", "error", text)
}

// disconnected notes the end of a connection.
func (k *statusKeeper) disconnected() { k.change(func(s *Status) { s.Server = "" }) }

// publishes notes that all events up to one are in the stream.
func (k *statusKeeper) publishes(cursor int64) {
	k.change(func(s *Status) {
		s.Cursor = cursor
		s.Failing, s.Err = time.Time{}, ""
	})
}

// published notes an answer. known says that the stream had the event already.
func (k *statusKeeper) published(known bool) {
	k.change(func(s *Status) {
		if known {
			s.Known++
			return
		}
		s.Published++
		s.LastPublished = time.Now()
	})
}

func (k *statusKeeper) gaveUp(seq int64, why error) {
	k.change(func(s *Status) { s.GivenUp++ })
	k.log.Error("the team's stream will never take an event", "seq", seq, "error", why)
}

// saved notes whether the checkpoint could be saved.
func (k *statusKeeper) saved(err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if failed := err != nil; failed != k.unsaved {
		k.unsaved = failed
		if failed {
			k.log.Error("can't save how far the team's stream is", "error", err)
		}
	}
}
