package receiver

import (
	"cmp"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/up42/up42-webhooks/receiver/limit"
)

// ownerLog writes log lines for the owner of the receiver. It limits their rate, so
// that a flood of bad requests does not become a flood of log lines. It is safe for
// concurrent use.
type ownerLog struct {
	log     *slog.Logger
	limit   *rate.Limiter
	skipped atomic.Int64
	probes  rate.Sometimes
}

// newOwnerLog makes an ownerLog. The logger may be nil: then nothing is logged.
func newOwnerLog(l *slog.Logger) *ownerLog {
	if l == nil {
		l = slog.New(slog.DiscardHandler)
	}
	const perSecond, burst = 5, 20
	return &ownerLog{log: l, limit: rate.NewLimiter(perSecond, burst), probes: rate.Sometimes{First: 1, Interval: time.Hour}}
}

func (o *ownerLog) rejected(e *Event) {
	if !o.may() {
		return
	}
	log := o.next()
	if cause := e.Cause(); !cause.IsZero() {
		log = log.With("cause", cause.What)
	}
	log.Warn("rejected a delivery", "reason", string(e.Reason), "from", e.Proof.Remote, "method", e.Proof.Method)
}

// refused logs that a request did not reach the handler.
func (o *ownerLog) refused(cause string) {
	if cause == "" {
		o.warn("refused a request that is not HTTP, is too long or never ended")
		return
	}
	o.warn("refused a request that is not HTTP", "cause", cause)
}

// probed logs a request that only asks whether somebody is there. Health checks come every
// few seconds, so it logs one of them an hour.
func (o *ownerLog) probed(r *http.Request) {
	o.probes.Do(func() {
		o.warn("got a request that is no delivery; more of them are only counted", "method", r.Method, "from", r.RemoteAddr)
	})
}

func (o *ownerLog) conflict(r Receipt, from string) {
	o.warn("stored an event that has the message id of an earlier one and another body", "seq", r.Seq, "conflictsWith", r.ConflictsWith, "from", from)
}

func (o *ownerLog) unknownPath(asked, from, path string) {
	o.warn("got a request to an unknown path", "path", asked, "expected", path, "from", from)
}

// limited logs that a limit has acted on an address.
func (o *ownerLog) limited(l limit.Limit, from string) {
	o.warn(cmp.Or(limitTexts[l], "a limit was reached"), "limit", string(l), "from", from)
}

var limitTexts = map[limit.Limit]string{
	limit.IdleConnection: "closed an idle connection for a new one",
	limit.SlowConnection: "closed a slow connection for a new one",
	limit.PeerShare:      "closed a connection for one of another sender that has fewer",
	limit.Connections:    "refused a connection: all others are busy; see --max-connections",
	limit.SlowBody:       "stopped reading a body that came too slowly",
	limit.BodyMemory:     "refused a large body: others need the memory; see --body-memory",
	limit.OpenFiles:      "could not open a file for a connection; see ulimit -n",
	limit.HeaderLines:    "refused a request with too many header lines",
}

func (o *ownerLog) warn(msg string, args ...any) {
	if o.may() {
		o.next().Warn(msg, args...)
	}
}

// may says whether a line may be written now. It counts those that may not.
func (o *ownerLog) may() bool {
	ok := o.limit.Allow()
	if !ok {
		o.skipped.Add(1)
	}
	return ok
}

// next returns the log for the next line, which says how many were left out before it.
func (o *ownerLog) next() *slog.Logger {
	if s := o.skipped.Swap(0); s > 0 {
		return o.log.With("skipped", s)
	}
	return o.log
}

// storeState logs and reports when deliveries can't be stored any more, and when they
// can again: only the first failure of several counts. It is safe for concurrent use.
type storeState struct {
	log      *slog.Logger
	onChange func(error)

	failing atomic.Bool
	mu      sync.Mutex // held during onChange, so that calls come one after the other
}

// newStoreState makes a storeState. onChange may be nil.
func newStoreState(l *slog.Logger, onChange func(error)) *storeState {
	if onChange == nil {
		onChange = func(error) {}
	}
	return &storeState{log: l, onChange: onChange}
}

func (s *storeState) failed(err error) { s.set(true, err) }

func (s *storeState) stored() {
	if s.failing.Load() { // the usual case takes no lock
		s.set(false, nil)
	}
}

func (s *storeState) set(failing bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failing.Swap(failing) == failing {
		return
	}
	if failing {
		s.log.Error("can't store deliveries; senders are told to try again", "error", err)
	} else {
		s.log.Info("deliveries are stored again")
	}
	s.onChange(err)
}
