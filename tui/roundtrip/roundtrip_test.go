package roundtrip_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/receiver/sqlite"
	"github.com/up42/up42-webhooks/tui/roundtrip"
)

var known = signature.Policy{Secrets: []string{"another", secret}}

// run tests a webhook with both event types.
func (r *rig) run(t *testing.T, change func(*client.Webhook, *roundtrip.Options)) (roundtrip.Result, []roundtrip.Result, error) {
	t.Helper()
	w := r.webhook(receiver.OrderStatus, receiver.JobStatus)
	var reports []roundtrip.Result
	o := roundtrip.Options{
		API: &r.up42, Log: r.log, Wait: 5 * time.Second,
		Progress: func(r roundtrip.Result) { reports = append(reports, r) },
	}
	if change != nil {
		change(&w, &o)
	}
	r.up42.webhook = w
	if r.up42.events == nil {
		r.up42.events = w.Events
	}
	result, err := roundtrip.Run(t.Context(), w, o)
	return result, reports, err
}

func TestProven(t *testing.T) {
	r := newRig(t, known)
	result, reports, err := r.run(t, nil)
	require.NoError(t, err)
	assert.True(t, result.Proven())
	assert.True(t, result.Sent)
	assert.True(t, result.Done)
	assert.Equal(t, []string{"date", "digest"}, result.Components)
	require.Len(t, result.Events, 2)
	for i, e := range result.Events {
		assert.Equal(t, []string{"message-0", "message-1"}[i], e.MessageID)
		assert.Equal(t, receiver.Verified, e.Verdict)
		assert.Equal(t, receiver.SecretRef("1"), e.Secret)
		assert.Equal(t, "sha-256", e.Digest)
		assert.Equal(t, int64(i+1), e.Seq)
		assert.False(t, e.ByTime)
		assert.Empty(t, e.Cause)
		assert.Less(t, e.Took, time.Minute)
	}
	require.NotEmpty(t, reports)
	assert.Equal(t, []roundtrip.Event{{Name: receiver.OrderStatus}, {Name: receiver.JobStatus}}, reports[0].Events, "at first, nothing is known")
	assert.Equal(t, result, reports[len(reports)-1], "the last progress is the result")
}

func TestArrivalsShowBeforeUP42Answers(t *testing.T) {
	r := newRig(t, known)
	arrived := make(chan struct{})
	r.before = func() { <-arrived }
	_, reports, err := r.run(t, func(_ *client.Webhook, o *roundtrip.Options) {
		progress := o.Progress
		o.Progress = func(r roundtrip.Result) {
			if progress(r); !r.Sent && r.Events[0].Arrived && r.Events[1].Arrived {
				close(arrived)
			}
		}
	})
	require.NoError(t, err)
	for _, r := range reports {
		if !r.Sent {
			assert.False(t, r.Proven(), "only UP42's answer proves which one is genuine")
		}
	}
}

// Deliveries that are not from this test don't count.
func TestOtherDeliveriesAreNotTakenForIt(t *testing.T) {
	r := newRig(t, known)
	foreign := r.up42
	foreign.webhook = r.webhook()
	foreign.deliver(t.Context(), receiver.OrderStatus, "earlier")
	r.before = func() {
		foreign.deliver(t.Context(), receiver.OrderStatus, "message-of-another-test")
		foreign.secret = "forged"
		foreign.deliver(t.Context(), receiver.OrderStatus, "message-0")
	}
	result, _, err := r.run(t, nil)
	require.NoError(t, err)
	assert.True(t, result.Proven())
	assert.Equal(t, int64(2), result.Events[0].Seq)
}

func TestCause(t *testing.T) {
	for name, tc := range map[string]struct {
		policy  signature.Policy
		up42    func(*up42)
		change  func(*client.Webhook, *roundtrip.Options)
		arrived bool
		verdict receiver.Verdict
		reason  receiver.Reason
		cause   string
	}{
		"secret not known": {
			policy:  signature.Policy{Secrets: []string{"another"}},
			arrived: true, verdict: receiver.Rejected, reason: signature.SignatureMismatch,
			cause: "does not know this webhook's secret",
		},
		"no secret known": {
			arrived: true, verdict: receiver.Rejected, reason: signature.NoSecret, cause: "knows no secret",
		},
		"webhook without a secret": {
			policy: known, up42: func(u *up42) { u.secret = "" },
			change:  func(w *client.Webhook, _ *roundtrip.Options) { w.Secret = "" },
			arrived: true, verdict: receiver.Rejected, reason: signature.MissingSignature, cause: "the webhook has no secret",
		},
		"signature lost on the way": {
			policy: known, up42: func(u *up42) { u.secret = "" },
			arrived: true, verdict: receiver.Rejected, reason: signature.MissingSignature, cause: "drops headers",
		},
		"unsigned and allowed": {
			policy: signature.Policy{AllowUnsigned: true}, up42: func(u *up42) { u.secret = "" },
			change:  func(w *client.Webhook, _ *roundtrip.Options) { w.Secret = "" },
			arrived: true, verdict: receiver.Unsigned, cause: "has no secret",
		},
		"body not covered": {
			policy: known, up42: func(u *up42) { u.components = []string{"date"} },
			arrived: true, verdict: receiver.Partial, cause: "the signature covers date, but no digest",
		},
		"an old body and no date": {
			policy: known, up42: func(u *up42) { u.components, u.old = []string{"digest"}, 50*time.Hour },
			arrived: true, verdict: receiver.Partial,
			cause: "it is not proved that it is recent: no date is signed and the body's timestamp is 2 days old (--max-message-age is 24 h)",
		},
		"digest required": {
			policy:  signature.Policy{Secrets: []string{secret}, RequireDigest: true},
			up42:    func(u *up42) { u.components = []string{"date"} },
			arrived: true, verdict: receiver.Rejected, reason: signature.DigestRequired, cause: "--require-digest",
		},
		"other list pinned": {
			policy:  signature.Policy{Secrets: []string{secret}, Components: []string{"digest"}},
			arrived: true, verdict: receiver.Rejected, reason: signature.UnexpectedComponents,
			cause: "the signature covers date, digest, which is not the pinned list",
		},
		"clock behind": {
			policy: known, up42: func(u *up42) { u.now = func() time.Time { return time.Now().Add(-time.Hour) } },
			arrived: true, verdict: receiver.Rejected, reason: signature.Stale, cause: "too old: the clocks differ",
		},
		"clock ahead": {
			policy: known, up42: func(u *up42) { u.now = func() time.Time { return time.Now().Add(time.Hour) } },
			arrived: true, verdict: receiver.Rejected, reason: signature.Future, cause: "ahead: the clocks differ",
		},
		"body changed": {
			policy: known, up42: func(u *up42) { u.body = func(b []byte) []byte { return append(b, ' ') } },
			arrived: true, verdict: receiver.Rejected, reason: signature.DigestMismatch, cause: "not the one that was signed",
		},
		"URL leads elsewhere": {
			policy: known, up42: func(u *up42) { u.nowhere = true },
			change: func(w *client.Webhook, o *roundtrip.Options) {
				w.URL = "https://old.example.com/hook\x1b[31m"
				o.PointsHere, o.Here = func(string) bool { return false }, "https://new.example.com/hook"
			},
			cause: `https://old.example.com/hook\u001b[31m leads elsewhere, this receiver is at https://new.example.com/hook`,
		},
		"URL leads elsewhere, own one not known": {
			policy: known, up42: func(u *up42) { u.nowhere = true },
			change: func(_ *client.Webhook, o *roundtrip.Options) { o.PointsHere = func(string) bool { return false } },
			cause:  "--public-url",
		},
		"another store": {
			policy: known, up42: func(u *up42) { u.nowhere = true },
			change: func(_ *client.Webhook, o *roundtrip.Options) { o.PointsHere = func(string) bool { return true } },
			cause:  "whether this is the receiver's store",
		},
		"not reachable": {
			policy: known,
			change: func(w *client.Webhook, _ *roundtrip.Options) { w.URL = "http://127.0.0.1:1/" },
			cause:  "UP42 could not deliver it (HTTP 0): check whether http://127.0.0.1:1/ can be reached",
		},
		"not tested": {
			policy: known, up42: func(u *up42) { u.events = []string{} },
			cause: "UP42 ran no test at all",
		},
		"sums only, no tests": {
			policy: known, up42: func(u *up42) { u.events, u.bare = []string{}, true },
			cause: "UP42 ran no test at all",
		},
		"sums only, not reachable": {
			policy: known, up42: func(u *up42) { u.bare = true },
			change: func(w *client.Webhook, _ *roundtrip.Options) { w.URL = "http://127.0.0.1:1/" },
			cause:  "UP42 could not deliver it: check whether",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, tc.policy)
			if tc.up42 != nil {
				tc.up42(&r.up42)
			}
			result, _, err := r.run(t, func(w *client.Webhook, o *roundtrip.Options) {
				if !tc.arrived {
					o.Wait = 10 * time.Millisecond
				}
				if tc.change != nil {
					tc.change(w, o)
				}
			})
			require.NoError(t, err)
			assert.True(t, result.Done)
			assert.False(t, result.Proven())
			require.Len(t, result.Events, 2)
			for _, e := range result.Events {
				assert.Equal(t, tc.arrived, e.Arrived)
				assert.Equal(t, tc.verdict, e.Verdict)
				assert.Equal(t, tc.reason, e.Reason)
				assert.Contains(t, e.Cause, tc.cause)
				assert.Contains(t, e.Cause, e.Altered)
				assert.NotContains(t, e.Cause, secret)
				assert.NotContains(t, e.Cause, "\x1b")
			}
			assert.Nil(t, result.Components)
		})
	}
}

func TestEventTypesThatOneSideDoesNotKnow(t *testing.T) {
	r := newRig(t, known)
	r.events = []string{receiver.OrderStatus, "scene.status"}
	result, _, err := r.run(t, nil)
	require.NoError(t, err)
	require.Len(t, result.Events, 3)
	assert.True(t, result.Events[0].Proven())
	assert.Equal(t, receiver.JobStatus, result.Events[1].Name)
	assert.Contains(t, result.Events[1].Cause, "ran no test of this event")
	assert.Equal(t, "scene.status", result.Events[2].Name)
	assert.True(t, result.Events[2].Proven())
	assert.False(t, result.Proven())
}

// Older answers of UP42 have only sums: then a test event is found by its name.
func TestSumsOnly(t *testing.T) {
	r := newRig(t, known)
	r.bare = true
	result, _, err := r.run(t, nil)
	require.NoError(t, err)
	assert.True(t, result.Proven())
	for _, e := range result.Events {
		assert.True(t, e.ByTime)
		assert.Empty(t, e.MessageID)
	}
}

func TestUP42Refuses(t *testing.T) {
	r := newRig(t, known)
	refusal := &client.Error{Call: "test the webhook", Status: 404}
	r.err = refusal
	result, reports, err := r.run(t, nil)
	require.ErrorIs(t, err, refusal)
	assert.True(t, result.Done)
	assert.False(t, result.Sent)
	assert.True(t, reports[len(reports)-1].Done)
}

func TestCancel(t *testing.T) {
	r := newRig(t, known)
	ctx, cancel := context.WithCancel(t.Context())
	r.up42.webhook = r.webhook(receiver.OrderStatus)
	r.events = []string{receiver.OrderStatus}
	r.nowhere, r.before = true, cancel
	_, err := roundtrip.Run(ctx, r.up42.webhook, roundtrip.Options{API: &r.up42, Log: r.log})
	require.ErrorIs(t, err, context.Canceled)
}

func TestLogThatCannotBeRead(t *testing.T) {
	r := newRig(t, known)
	log, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "events.db"), sqlite.Options{})
	require.NoError(t, err)
	r.nowhere, r.events = true, []string{receiver.OrderStatus}
	r.before = func() { assert.NoError(t, log.Close()) }
	_, err = roundtrip.Run(t.Context(), r.webhook(receiver.OrderStatus), roundtrip.Options{API: &r.up42, Log: log})
	require.ErrorIs(t, err, receiver.ErrClosed)
	_, err = roundtrip.Run(t.Context(), r.webhook(receiver.OrderStatus), roundtrip.Options{API: &r.up42, Log: log})
	assert.True(t, errors.Is(err, receiver.ErrClosed))
}

func TestJSON(t *testing.T) {
	r := newRig(t, known)
	r.nowhere = true
	result, _, err := r.run(t, func(_ *client.Webhook, o *roundtrip.Options) { o.Wait = time.Millisecond })
	require.NoError(t, err)
	result.Events[0].Arrived, result.Events[0].Took = true, 1500*time.Microsecond
	text, err := json.Marshal(result)
	require.NoError(t, err)
	assert.Contains(t, string(text), `"tookMs":1.5`)
	assert.Contains(t, string(text), `"tookMs":null`)
	assert.False(t, bytes.Contains(text, []byte(secret)), "it has a secret: %s", text)
}

// An event that UP42 could not deliver is not waited for as long as one that it
// delivered.
func TestNoLongWaitForWhatUP42CouldNotDeliver(t *testing.T) {
	for name, bare := range map[string]bool{"each by itself": false, "sums only": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, known)
			r.bare = bare
			began := time.Now()
			result, reports, err := r.run(t, func(w *client.Webhook, o *roundtrip.Options) {
				w.URL, o.Wait = "http://127.0.0.1:1/", time.Hour
			})
			require.NoError(t, err)
			assert.Less(t, time.Since(began), time.Minute)
			require.Len(t, result.Events, 2)
			assert.True(t, result.Events[0].Undelivered)
			assert.Equal(t, result.Events[0].Cause, result.Events[1].Cause, "both have the same cause")
			early := false
			for _, r := range reports {
				early = early || !r.Done && r.Sent && r.Events[0].Undelivered && r.Events[1].Undelivered
			}
			assert.True(t, early, "progress is reported before the wait is over")
		})
	}
}
