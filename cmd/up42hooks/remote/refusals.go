package remote

import (
	"log/slog"
	"sync"
	"time"
)

// refusals logs who is not let in, no more than some lines a minute: strangers must not fill the
// log. It is safe for concurrent use.
type refusals struct {
	logger *slog.Logger

	mu      sync.Mutex
	began   time.Time
	logged  int
	skipped int
}

func newRefusals(l *slog.Logger) *refusals { return &refusals{logger: l} }

func (r *refusals) log(message string, args ...any) {
	skipped, ok := r.mayLog(time.Now())
	if !ok {
		return
	}
	if skipped > 0 {
		r.logger.Warn("ssh: lines about clients that were not let in were left out", "skipped", skipped)
	}
	r.logger.Warn("ssh: "+message, args...)
}

func (r *refusals) mayLog(now time.Time) (skipped int, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now.Sub(r.began) >= time.Minute {
		r.began, r.logged = now, 0
		skipped, r.skipped = r.skipped, 0
	}
	if r.logged >= refusalsLogged {
		r.skipped++
		return 0, false
	}
	r.logged++
	return skipped, true
}
