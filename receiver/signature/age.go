package signature

import (
	"slices"
	"time"

	"github.com/up42/up42-webhooks/receiver/timestamp"
)

// Age says whether a signature proves how old a request is. `created` proves nothing,
// because it is not signed.
type Age string

// The ages. The zero value is that of a request whose body is not covered, or that was
// not accepted: then nothing was looked at.
const (
	// AgeByDate and AgeByTimestamp prove the age: a covered date is in its window, or the
	// timestamp of the covered body is.
	AgeByDate      Age = "date"
	AgeByTimestamp Age = "timestamp"
	// The others don't prove it. No date is covered, and the body's timestamp is missing,
	// can't be read, or is further than Policy.MaxMessageAge from now.
	TimestampMissing    Age = "timestamp-missing"
	TimestampUnreadable Age = "timestamp-unreadable"
	TimestampOld        Age = "timestamp-old"
	TimestampAhead      Age = "timestamp-ahead"
)

// Proved says that the age is proved.
func (a Age) Proved() bool { return a == AgeByDate || a == AgeByTimestamp }

// proveAge sets Age and Timestamp for a request whose body is covered. A covered date was
// checked before. It reads the body only if no date is covered.
func (v *Verifier) proveAge(res *Result, body []byte, now time.Time) {
	if slices.Contains(res.Components, "date") {
		res.Age = AgeByDate
		return
	}
	raw := bodyTimestamp(body)
	at, err := timestamp.FromJSON(raw)
	switch age := now.Sub(at); {
	case err != nil:
		res.Age = TimestampUnreadable
		return
	case at.IsZero():
		res.Age = TimestampMissing
		return
	case age > v.policy.MaxMessageAge:
		res.Age = TimestampOld
	case age < -v.policy.MaxMessageAge:
		res.Age = TimestampAhead
	default:
		res.Age = AgeByTimestamp
	}
	res.Timestamp = at
}
