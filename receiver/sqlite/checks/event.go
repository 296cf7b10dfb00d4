package checks

import (
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// Event returns what is wrong with an event that could be decoded, or "". One bit is enough to make a verified
// event of a rejected delivery.
func Event(e *receiver.Event) string {
	switch {
	case e.Verdict == receiver.Rejected || e.Verdict == receiver.Unknown:
		return "is " + string(e.Verdict)
	case e.Reason != "":
		return "was rejected"
	case !HasItsTimes(e):
		return "has an impossible time"
	default:
		return ""
	}
}

// HasItsTimes reports whether an export can have the times of a delivery.
func HasItsTimes(e *receiver.Event) bool { return IsTime(e.ReceivedAt) && IsTime(e.Admitted) }

// IsTime reports whether the year of a time has four digits.
func IsTime(t time.Time) bool { y := t.UTC().Year(); return y >= 0 && y <= 9999 }
