package verify

import (
	"context"
	"fmt"
	"time"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config/secrets"
	"github.com/up42/up42-webhooks/cmd/up42hooks/verify/capture"
	"github.com/up42/up42-webhooks/cmd/up42hooks/verify/replay"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/altered"
	"github.com/up42/up42-webhooks/receiver/signature"
)

// unmatched is the verdict on a request that a receiver does not take for a delivery.
const unmatched receiver.Verdict = "unmatched"

// judgement is the verdict on a captured request, with what led to it.
type judgement struct {
	request *capture.Request
	config  *config.Config
	policy  signature.Policy
	now     time.Time
	// result explains the verdict. It decides nothing.
	result  signature.Result
	proof   receiver.Proof
	verdict receiver.Verdict
	reason  receiver.Reason
	cause   altered.Cause
	// secrets are the problems of the configured secrets.
	secrets []secrets.Finding
	// event is the delivery as the receiver judged it. It is nil if the request is not a delivery.
	event *receiver.Event
	// status is that of the receiver's answer, 0 if it gives none.
	status int
}

// judge gives a request to a receiver that has this configuration.
func judge(ctx context.Context, r *capture.Request, c *config.Config, p signature.Policy, now time.Time) (judgement, error) {
	j := judgement{request: r, config: c, policy: p, now: now, verdict: unmatched}
	made, err := replay.Request(ctx, r.Wire, receiver.HandlerOptions{
		Path: c.Path, MaxBody: c.MaxBody, BasicAuth: c.BasicAuth, Now: func() time.Time { return now },
	}, p)
	if err != nil {
		return j, err
	}
	j.status, j.result.Secret = made.Status, -1
	e := made.Event
	if e == nil {
		return j, nil
	}
	j.event = e
	j.verdict, j.reason, j.proof, j.cause = e.Verdict, e.Reason, e.Proof, e.Cause()
	switch j.reason {
	case receiver.MethodNotAllowed, receiver.BodyTooLarge, receiver.WrongCredentials:
		return j, nil // the signature is not looked at
	}
	if r.Flaw == "" {
		j.result, _ = signature.New(p).Verify(signature.Request{Header: r.Header, Host: r.Host, Body: r.Body, Folded: r.Folded, Repeated: r.Repeated}, now)
	}
	return j, nil
}

// taken reports whether the receiver stores the request as an event.
func (j judgement) taken() bool { return j.verdict != receiver.Rejected && j.verdict != unmatched }

// unmatchedWords says why the request is no delivery.
func (j judgement) unmatchedWords() string {
	switch j.status {
	case 404:
		return fmt.Sprintf("the receiver takes deliveries at %s (--path), and answers 404 elsewhere", j.config.Path)
	case 405:
		return "a " + j.request.Method + " is no delivery: the receiver answers 405"
	case 431:
		return "the headers are larger than the 32 KiB that the receiver reads: it answers 431"
	case 0:
		return "the receiver does not take it for a request, and closes the connection"
	case 200, 204:
		return fmt.Sprintf("it is no delivery: the receiver answers %d, and stores nothing", j.status)
	default:
		return fmt.Sprintf("the receiver does not take it for a request that it can judge, and answers %d", j.status)
	}
}
