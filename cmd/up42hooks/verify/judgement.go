package verify

import (
	"errors"
	"time"

	"github.com/up42/up42-webhooks/cmd/up42hooks/verify/capture"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
)

// judgement is the verdict on a captured request, with what led to it.
type judgement struct {
	request *capture.Request
	policy  signature.Policy
	now     time.Time
	result  signature.Result
	proof   receiver.Proof
	verdict receiver.Verdict
	reason  receiver.Reason
}

// judge does what the receiver does, up to the signature.
func judge(r *capture.Request, p signature.Policy, now time.Time) judgement {
	j := judgement{request: r, policy: p, now: now, verdict: receiver.Rejected}
	if r.Flaw != "" {
		j.reason = receiver.BodyMalformed
		j.result.Secret = -1
		return j
	}
	v := signature.New(p)
	var err error
	j.result, err = v.Verify(signature.Request{Header: r.Header, Host: r.Host, Body: r.Body, Folded: r.Folded, Repeated: r.Repeated}, now)
	_ = errors.As(err, &j.reason) // an error of Verify is always a Reason
	j.verdict, j.proof = receiver.VerdictOf(&j.result, err), receiver.ProofOf(v, &j.result)
	return j
}
