package checks

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
)

// Event returns what is wrong with an event that could be decoded, or "". One bit is enough to make a verified
// event of a rejected delivery, or of an event with another body.
func Event(e *receiver.Event) string {
	switch {
	case e.Verdict == receiver.Rejected || e.Verdict == receiver.Unknown:
		return "is " + string(e.Verdict)
	case e.Reason != "":
		return "was rejected"
	case !HasItsTimes(e):
		return "has an impossible time"
	case !hasItsBody(e):
		return "has a body that does not fit its digest, or is no JSON"
	default:
		return ""
	}
}

// hasItsBody reports whether the body of an event fits the digest that the receiver compared it with, or
// is JSON if there was none.
func hasItsBody(e *receiver.Event) bool {
	if e.Proof.Digest == "" {
		return json.Valid(e.Raw)
	}
	header := http.Header{}
	for _, h := range e.Headers {
		header.Add(h.Name, h.Value)
	}
	_, err := signature.CheckDigest(signature.Request{Header: header, Body: e.Raw})
	return err == nil
}

// HasItsTimes reports whether an export can have the times of a delivery.
func HasItsTimes(e *receiver.Event) bool { return IsTime(e.ReceivedAt) && IsTime(e.Admitted) }

// IsTime reports whether the year of a time has four digits.
func IsTime(t time.Time) bool { y := t.UTC().Year(); return y >= 0 && y <= 9999 }
