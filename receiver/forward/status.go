package forward

import (
	"log/slog"
	"sync"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// warnEvery is the least time between two warnings that a target fails.
const warnEvery = time.Minute

// Status is the state of a target.
type Status struct {
	// Cursor is the Seq up to which all events are done. Ahead is how many later ones are
	// done as well.
	Cursor, Ahead int64
	// Failing is since when the target takes nothing although events are sent, zero if
	// it takes them. Err is the newest error then; it comes from outside.
	Failing time.Time
	Err     string
	// LastSent is when the target last took an event, zero if it took none since the
	// start.
	LastSent time.Time
	// Sent and GivenUp count events since the start.
	Sent, GivenUp int64
}

// statusKeeper keeps the status of a target and logs its changes. It is safe for
// concurrent use.
type statusKeeper struct {
	log *slog.Logger

	mu     sync.Mutex
	status Status
	// warned says that the failing was logged, warnedAt when that was done last.
	warned   bool
	warnedAt time.Time
}

func (k *statusKeeper) get() Status {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.status
}

// unreachable notes that the target can't be reached at the start.
func (k *statusKeeper) unreachable(err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.status.Failing, k.status.Err = time.Now(), err.Error()
	k.warned, k.warnedAt = true, time.Now()
	k.log.Warn("the target can't be used now; events are kept for it", "error", err)
}

// sent notes that the target took an event.
func (k *statusKeeper) sent() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.warned && !k.status.Failing.IsZero() {
		k.log.Info("the target takes events again", "after", time.Since(k.status.Failing).Round(time.Second))
	}
	k.status.Failing, k.status.Err = time.Time{}, ""
	k.status.Sent++
	k.status.LastSent = time.Now()
}

// failed notes that the target did not take an event. It logs only the first failure in a
// row, and that not too often: a target may refuse some events and take others.
func (k *statusKeeper) failed(seq int64, tries int, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.status.Failing.IsZero() {
		k.status.Failing = time.Now()
		if k.warned = time.Since(k.warnedAt) >= warnEvery; k.warned {
			k.warnedAt = time.Now()
			k.log.Warn("the target does not take an event; it is kept and sent again", "seq", seq, "tries", tries, "error", err)
		}
	}
	k.status.Err = err.Error()
}

// gaveUp notes that an event was given up.
func (k *statusKeeper) gaveUp(seq int64, tries int, why error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.log.Error("gave up an event", "seq", seq, "tries", tries, "error", why)
	k.status.GivenUp++
}

// moved notes a checkpoint that was loaded or saved.
func (k *statusKeeper) moved(p receiver.Checkpoint) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.status.Cursor, k.status.Ahead = p.Cursor, p.Ahead()
}
