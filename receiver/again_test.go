package receiver_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
)

const rightSecret = "the right one"

// rejectedOnce has a receiver reject one delivery, and returns what is kept of it.
func rejectedOnce(t *testing.T, change func(*http.Request), options ...func(*rigOptions)) (*rig, *receiver.Event) {
	t.Helper()
	r := newRig(t, options...)
	req := signed(t, r.url, order("o", "PLACED", "m"), rightSecret)
	if change != nil {
		change(req)
	}
	r.do(req)
	return r, r.rejected(1)[0]
}

func policy(change ...func(*signature.Policy)) signature.Policy {
	p := signature.Policy{Secrets: []string{rightSecret}}
	for _, f := range change {
		f(&p)
	}
	return p
}

// What the owner mends makes a delivery good, which is judged as of its arrival.
func TestARejectedDeliveryIsGoodAfterTheMistakeIsMended(t *testing.T) {
	onlyDate := func(req *http.Request) {
		req.Header.Del("Signature")
		req.Header.Del("Signature-Input")
		require.NoError(t, signature.Sign(signature.Request{Header: req.Header, Host: req.Host}, rightSecret, []string{"date"}, time.Now()))
	}
	for reason, tc := range map[receiver.Reason]struct {
		before  signature.Policy
		change  func(*http.Request)
		options func(*rigOptions)
		verdict receiver.Verdict
	}{
		signature.NoSecret:             {verdict: receiver.Verified},
		signature.SignatureMismatch:    {before: signature.Policy{Secrets: []string{"wrong"}}, verdict: receiver.Verified},
		signature.UnexpectedComponents: {before: policy(func(p *signature.Policy) { p.Components = []string{"host"} }), verdict: receiver.Verified},
		signature.DigestRequired:       {before: policy(func(p *signature.Policy) { p.RequireDigest = true }), change: onlyDate, verdict: receiver.Partial},
		receiver.WrongCredentials: {
			before: policy(), change: func(req *http.Request) { req.SetBasicAuth("ada", "wrong") }, verdict: receiver.Verified,
			options: func(o *rigOptions) { o.handler.BasicAuth = "ada:lovelace" },
		},
	} {
		t.Run(string(reason), func(t *testing.T) {
			r, e := rejectedOnce(t, tc.change, func(o *rigOptions) {
				o.policy = tc.before
				if tc.options != nil {
					tc.options(o)
				}
			})
			require.Equal(t, reason, e.Reason)
			r.handler.SetPolicy(policy(), receiver.SecretInfo{Ref: "7f3a", Webhook: "7f3a"})
			good, err := r.handler.JudgeAgain(e)
			require.NoError(t, err)
			assert.Equal(t, tc.verdict, good.Verdict)
			assert.Equal(t, e.ReceivedAt, good.ReceivedAt)
			assert.Equal(t, "m", good.MessageID)
			assert.Equal(t, e.Raw, good.Raw)
			assert.Equal(t, e.Proof.Remote, good.Proof.Remote)
			assert.Equal(t, "7f3a", good.Webhook)
			assert.Empty(t, good.Reason)

			r.handler.SetPolicy(signature.Policy{Secrets: []string{"neither"}})
			_, err = r.handler.JudgeAgain(e)
			assert.ErrorIs(t, err, signature.SignatureMismatch)
		})
	}
}

// Age counts from the arrival, by the rules of now.
func TestADeliveryIsJudgedAgainAsOfItsArrival(t *testing.T) {
	now := time.Now()
	r, e := rejectedOnce(t, nil, func(o *rigOptions) {
		o.policy.Secrets = []string{"wrong"}
		o.handler.Now = func() time.Time { return now }
	})
	r.handler.SetPolicy(policy())
	now = now.Add(1000 * time.Hour)
	good, err := r.handler.JudgeAgain(e)
	require.NoError(t, err)
	assert.Equal(t, receiver.Verified, good.Verdict)
	assert.False(t, good.Ahead)

	later := *e
	later.ReceivedAt = e.ReceivedAt.Add(time.Hour)
	_, err = r.handler.JudgeAgain(&later)
	assert.ErrorIs(t, err, signature.Stale, "it was stale when it came")
}

// What was stale, altered, forged or not signed stays out, whatever is allowed now.
func TestWhatWasNotGenuineStaysRejected(t *testing.T) {
	lenient := policy(func(p *signature.Policy) { p.MaxAge, p.AllowUnsigned = 1000*time.Hour, true })
	for name, tc := range map[string]struct {
		before signature.Policy
		change func(*http.Request)
		event  func(*receiver.Event)
		reason receiver.Reason
	}{
		"stale": {
			before: policy(), reason: signature.Stale,
			change: func(req *http.Request) {
				at := time.Now().Add(-time.Hour)
				req.Header.Set("Date", at.UTC().Format(http.TimeFormat))
				req.Header.Del("Signature")
				req.Header.Del("Signature-Input")
				body := []byte(order("o", "PLACED", "m"))
				require.NoError(t, signature.Sign(signature.Request{Header: req.Header, Host: req.Host, Body: body}, rightSecret, nil, at))
			},
		},
		"not signed": {before: policy(), reason: signature.MissingSignature, change: func(req *http.Request) {
			req.Header.Del("Signature")
			req.Header.Del("Signature-Input")
		}},
		"forged":          {reason: signature.SignatureMismatch, change: func(req *http.Request) { req.Header.Set("Signature", "up42-sig="+strings.Repeat("A", 43)+"=") }},
		"another body":    {reason: signature.DigestMismatch, event: func(e *receiver.Event) { e.Raw = []byte(order("o", "CANCELLED", "m")) }},
		"a cut body":      {reason: signature.DigestMismatch, event: func(e *receiver.Event) { e.Raw = e.Raw[:len(e.Raw)-1] }},
		"no headers":      {reason: signature.MissingSignature, event: func(e *receiver.Event) { e.Headers = nil }},
		"folded headers":  {reason: signature.ComponentMalformed, event: func(e *receiver.Event) { e.Plain = false }},
		"another arrival": {reason: signature.Future, event: func(e *receiver.Event) { e.ReceivedAt = e.ReceivedAt.Add(-time.Hour) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, e := rejectedOnce(t, tc.change, func(o *rigOptions) { o.policy = tc.before })
			if tc.event != nil {
				tc.event(e)
			}
			p := lenient
			if name == "another arrival" || name == "no headers" {
				p = policy()
			}
			r.handler.SetPolicy(p)
			_, err := r.handler.JudgeAgain(e)
			assert.ErrorIs(t, err, tc.reason)
		})
	}
}

// A proxy's body limit or ours may change, too.
func TestADeliveryThatWasTooLargeIsGoodUnderALargerLimit(t *testing.T) {
	_, e := rejectedOnce(t, nil, func(o *rigOptions) { o.handler.MaxBody, o.policy = 100, policy() })
	require.Equal(t, receiver.BodyTooLarge, e.Reason)
	r := newRig(t, func(o *rigOptions) { o.policy = policy() })
	_, err := r.handler.JudgeAgain(e)
	assert.NoError(t, err)
	small := newRig(t, func(o *rigOptions) { o.handler.MaxBody, o.policy = 100, policy() })
	_, err = small.handler.JudgeAgain(e)
	assert.ErrorIs(t, err, receiver.BodyTooLarge)
}

func TestNumbersOfDeliveries(t *testing.T) {
	for text, want := range map[string]receiver.Number{"12": {Seq: 12}, "r7": {Seq: 7, Rejected: true}, "R7": {Seq: 7, Rejected: true}} {
		got, ok := receiver.ParseNumber(text)
		assert.True(t, ok, text)
		assert.Equal(t, want, got)
	}
	for _, text := range []string{"", "r", "0", "r0", "-1", "+1", "rr1", "1r", " 1", "1e3", "99999999999999999999"} {
		_, ok := receiver.ParseNumber(text)
		assert.False(t, ok, text)
	}
	assert.Equal(t, "r7", (&receiver.Event{Seq: 7, Verdict: receiver.Rejected}).Number().String())
	assert.Equal(t, "7", (&receiver.Event{Seq: 7, Verdict: receiver.Partial}).Number().String())
}
