package receiver

import (
	"strconv"
	"time"

	"github.com/up42/up42-webhooks/receiver/signature"
)

// ProofOf returns what a verifier found out. Method, Path and Remote are empty.
func ProofOf(v *signature.Verifier, res *signature.Result) Proof {
	p := Proof{Label: res.Label, Components: res.Components, Created: res.Created, Digest: res.Digest, BodyCovered: res.BodyCovered, Age: res.Age}
	if res.Age != "" && res.Age != signature.AgeByDate {
		p.MaxMessageAge = v.MaxMessageAge()
	}
	return p
}

// ExplainAge says how the age of a signed delivery is proved, or why it is not. off is how
// old the body's timestamp was on arrival, negative if it was ahead. limit is
// --max-message-age. The text can follow a colon and has no full stop. It is empty for an
// age that was not looked at.
func ExplainAge(a signature.Age, off, limit time.Duration) string {
	const noDate = "no date is signed and the body's timestamp "
	switch a {
	case "":
		return ""
	case signature.AgeByDate:
		return "proved by the signed date"
	case signature.AgeByTimestamp:
		return "proved by the body's timestamp, as no date is signed"
	case signature.TimestampMissing:
		return "no date is signed and the body has no timestamp"
	case signature.TimestampUnreadable:
		return noDate + "can't be read"
	case signature.TimestampOld:
		return noDate + "is " + beyond(off, limit) + " old (--max-message-age is " + span(limit) + ")"
	case signature.TimestampAhead:
		return noDate + "is " + beyond(-off, limit) + " ahead (--max-message-age is " + span(limit) + ")"
	default:
		return "not proved: this version of up42hooks has no explanation for " + strconv.Quote(string(a))
	}
}

// AgeWords says how the event's age is proved, or why it is not. It is empty if the body
// is not covered.
func (e *Event) AgeWords() string {
	return ExplainAge(e.Proof.Age, e.ReceivedAt.Sub(e.Timestamp), e.Proof.MaxMessageAge)
}

// beyond returns the text of a duration that is longer than a limit.
func beyond(d, limit time.Duration) string {
	if s := span(d); s != span(limit) {
		return s
	}
	return "more than " + span(limit)
}

// span returns a duration in its largest unit of which it has two or more, rounded down.
// A second less than two days is two days.
func span(d time.Duration) string {
	if d > time.Hour {
		d = d.Round(time.Minute)
	}
	for _, u := range [...]struct {
		name string
		size time.Duration
	}{{"days", 24 * time.Hour}, {"h", time.Hour}, {"min", time.Minute}} {
		if n := d / u.size; n >= 2 {
			return strconv.FormatInt(int64(n), 10) + " " + u.name
		}
	}
	return strconv.FormatInt(int64(d/time.Second), 10) + " s"
}
