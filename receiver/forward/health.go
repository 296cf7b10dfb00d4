package forward

import (
	"time"

	"github.com/up42/up42-webhooks/receiver/retry"
)

// While a target is ill, the wait between two attempts grows from firstWait to
// longestPause. Each attempt is with another event, so the target is asked with one event
// at a time.
const longestPause = time.Minute

// shakyFor is how long after a failure a target is shaky.
const shakyFor = time.Minute

// An event that fails is no reason to let others wait. A target for which all events fail
// is. So a target has credit: each event that fails at its first attempt costs one, and each
// answer that shows that the target works gives some. Without credit it is ill. If it then
// takes an event after all, it gets the most credit: it seems to fail for some events only.
const (
	firstCredit = 10
	credit      = 10 // for one answer
	mostCredit  = 50
)

// health knows whether a target takes any events, and when it may be asked again if not.
type health struct {
	credit   int
	failures int       // attempts in a row while it is ill
	asked    int       // answers in a row that ask to be left alone
	next     time.Time // when it may be asked again, while it is ill
	leave    time.Time // until when it asked to be left alone
	failedAt time.Time // when an attempt failed last
}

func (h *health) ill() bool { return h.credit <= 0 }

// shaky says that the target failed lately.
func (h *health) shaky(now time.Time) bool {
	return !h.failedAt.IsZero() && now.Sub(h.failedAt) < shakyFor
}

// works notes an answer that shows that the target works.
func (h *health) works() {
	if h.ill() {
		h.credit = mostCredit
	}
	*h = health{credit: min(h.credit+credit, mostCredit), failedAt: h.failedAt}
}

// symptom is a failed attempt.
type symptom struct {
	// first says that the event was not tried before. An event that fails again says
	// nothing new about the target.
	first bool
	// probe says that the target was ill when the attempt began.
	probe bool
	// all says that the failure is about all events. after is how long the target asks to
	// wait.
	all   bool
	after time.Duration
}

// failed notes a failed attempt. The target is believed how long to leave it alone when a
// second event is told so: the first time it may have been about that one event.
func (h *health) failed(now time.Time, s symptom) {
	wasIll := h.ill()
	h.failedAt = now
	switch {
	case s.all:
		h.credit = 0
	case s.first && !wasIll:
		h.credit--
	}
	if !h.ill() {
		return
	}
	if !wasIll || s.probe {
		h.failures++
		h.postpone(now.Add(retry.Jitter(retry.Backoff(h.failures, firstWait, longestPause))))
	}
	if s.all && s.after > 0 {
		if h.asked++; h.asked > 1 {
			h.postpone(now.Add(s.after))
			h.leave = h.next
		}
	}
}

// pause is how long an ill target is not asked. An event whose time is over waits only if
// the target asked for that.
func (h *health) pause(now time.Time, over bool) time.Duration {
	if over {
		return h.leave.Sub(now)
	}
	return h.next.Sub(now)
}

func (h *health) postpone(until time.Time) {
	if until.After(h.next) {
		h.next = until
	}
}
