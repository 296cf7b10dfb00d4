package verify

import (
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
)

// Record is what --json prints of a judgement.
type Record struct {
	Verdict     receiver.Verdict `json:"verdict"`
	Reason      receiver.Reason  `json:"reason"`
	Secret      *int             `json:"secret"`
	Components  []string         `json:"components"`
	Created     *int64           `json:"created"`
	BodyCovered bool             `json:"bodyCovered"`
	// AgeProblem says why the age of a covered body is not proved.
	AgeProblem signature.Age `json:"ageProblem,omitempty"`
	// Cause is what has probably changed the request on its way.
	Cause string `json:"cause,omitempty"`
	// Status is that of the answer to a request that is no delivery.
	Status int `json:"status,omitempty"`
}

// record returns the record. If the request is rejected, it names no secret, like the
// receiver.
func (j judgement) record() Record {
	r := Record{Verdict: j.verdict, Reason: j.reason, Components: j.result.Components, Cause: j.cause.What}
	if r.Components == nil {
		r.Components = []string{}
	}
	if j.result.Created != 0 {
		r.Created = &j.result.Created
	}
	if j.verdict == unmatched {
		r.Status = j.status
	}
	if j.taken() {
		r.BodyCovered = j.result.BodyCovered
		if !j.result.Age.Proved() {
			r.AgeProblem = j.result.Age
		}
		if j.result.Secret >= 0 {
			r.Secret = &j.result.Secret
		}
	}
	return r
}
