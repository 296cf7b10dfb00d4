package receiver

import (
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"

	"golang.org/x/time/rate"
)

// notes tells the owner what happens, without letting a flood of bad requests
// become a flood of log lines.
type notes struct {
	log     *slog.Logger
	limit   *rate.Limiter
	skipped atomic.Int64

	failing atomic.Bool
	telling sync.Mutex // held while storing is told
	storing func(error)
}

func newNotes(l *slog.Logger, storing func(error)) *notes {
	if l == nil {
		l = slog.New(slog.DiscardHandler)
	}
	if storing == nil {
		storing = func(error) {}
	}
	return &notes{log: l, limit: rate.NewLimiter(5, 20), storing: storing}
}

func (n *notes) rejected(r *http.Request, reason Reason) {
	n.say("rejected a delivery", "reason", string(reason), "from", r.RemoteAddr, "method", r.Method)
}

func (n *notes) wrongPath(asked, from, path string) {
	n.say("nothing lives at this path", "path", asked, "deliveries go to", path, "from", from)
}

func (n *notes) say(msg string, args ...any) {
	if !n.limit.Allow() {
		n.skipped.Add(1)
		return
	}
	if s := n.skipped.Swap(0); s > 0 {
		args = append(args, "not logged before this", s)
	}
	n.log.Warn(msg, args...)
}

// notStored and stored say the first of a run of failures and its end.
func (n *notes) notStored(err error) { n.turn(true, err) }

func (n *notes) stored() {
	if n.failing.Load() { // the usual case takes no lock
		n.turn(false, nil)
	}
}

func (n *notes) turn(failing bool, err error) {
	n.telling.Lock()
	defer n.telling.Unlock()
	if n.failing.Swap(failing) == failing {
		return
	}
	if failing {
		n.log.Error("can't store deliveries; senders are told to try again", "error", err)
	} else {
		n.log.Info("deliveries are stored again")
	}
	n.storing(err)
}
