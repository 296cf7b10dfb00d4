package receiver_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/signature"
)

// TestVectors sends the vectors over HTTP, byte for byte.
func TestVectors(t *testing.T) {
	for _, v := range receivertest.Vectors(t) {
		t.Run(v.Name, func(t *testing.T) {
			r := newRig(t, func(o *rigOptions) {
				o.policy = v.Policy()
				o.handler.Now = v.Time
				o.log = receivertest.NewLog()
			})
			answer := r.raw(strings.Replace(string(v.Raw), "\r\n", "\r\nConnection: close\r\n", 1))
			if v.Expect.Verdict == receiver.Rejected {
				assert.Contains(t, answer, "HTTP/1.1 401 ")
				e := r.rejected(1)[0]
				assert.Equal(t, v.Expect.Verdict, e.Verdict)
				assert.Equal(t, v.Expect.Reason, e.Reason)
				return
			}
			assert.Contains(t, answer, "HTTP/1.1 200 ")
			events := r.events()
			require.Len(t, events, 1)
			assert.Equal(t, v.Expect.Verdict, events[0].Verdict)
			assert.Empty(t, events[0].Reason)
		})
	}
}

// vector returns the vector with a name.
func vector(t *testing.T, name string) receivertest.Vector {
	t.Helper()
	for _, v := range receivertest.Vectors(t) {
		if v.Name == name {
			return v
		}
	}
	t.Fatal("there is no vector " + name)
	return receivertest.Vector{}
}

func TestAnAgeThatIsNotProvedIsExplained(t *testing.T) {
	old := vector(t, "no date covered, the body's timestamp is 100 days old")
	for name, tt := range map[string]struct {
		change  func(*rigOptions)
		verdict receiver.Verdict
		words   string
	}{
		"by default": {
			func(*rigOptions) {}, receiver.Partial,
			"no date is signed and the body's timestamp is 100 days old (--max-message-age is 24 h)",
		},
		"a week": {
			func(o *rigOptions) { o.policy.MaxMessageAge = 7 * 24 * time.Hour }, receiver.Partial,
			"no date is signed and the body's timestamp is 100 days old (--max-message-age is 7 days)",
		},
		"a year": {
			func(o *rigOptions) { o.policy.MaxMessageAge = 365 * 24 * time.Hour }, receiver.Verified,
			"proved by the body's timestamp, as no date is signed",
		},
		"a digest is required, and it is there": {
			func(o *rigOptions) { o.policy.RequireDigest = true }, receiver.Partial,
			"no date is signed and the body's timestamp is 100 days old (--max-message-age is 24 h)",
		},
		"the list is pinned, and it is this one": {
			func(o *rigOptions) { o.policy.Components = []string{"digest"} }, receiver.Partial,
			"no date is signed and the body's timestamp is 100 days old (--max-message-age is 24 h)",
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, func(o *rigOptions) {
				o.policy, o.handler.Now = old.Policy(), old.Time
				tt.change(o)
			})
			r.raw(strings.Replace(string(old.Raw), "\r\n", "\r\nConnection: close\r\n", 1))
			events := r.events() // from the store
			require.Len(t, events, 1)
			e := events[0]
			assert.Equal(t, tt.verdict, e.Verdict)
			assert.True(t, e.Proof.BodyCovered)
			assert.Equal(t, tt.words, e.AgeWords())
			if tt.verdict == receiver.Partial {
				assert.Contains(t, e.Proof.Words(e.Verdict).Long, "proves that the delivery is recent")
			}
		})
	}
}

// A password says who sent a delivery, so its age needs no proof.
func TestAPasswordIsTrustedWithoutAProvedAge(t *testing.T) {
	old := vector(t, "no date covered, the body's timestamp is 100 days old")
	r := newRig(t, func(o *rigOptions) {
		o.policy, o.handler.Now, o.handler.BasicAuth = old.Policy(), old.Time, "ada:lovelace"
	})
	r.raw(strings.Replace(string(old.Raw), "\r\n", "\r\nConnection: close\r\nAuthorization: Basic YWRhOmxvdmVsYWNl\r\n", 1))
	events := r.events()
	require.Len(t, events, 1)
	assert.Equal(t, receiver.Trusted, events[0].Verdict)
	assert.NotEqual(t, signature.AgeByTimestamp, events[0].Proof.Age, "what the signature proves is recorded all the same")
}

func TestExplainAge(t *testing.T) {
	const day = 24 * time.Hour
	for _, tt := range []struct {
		age        signature.Age
		off, limit time.Duration
		want       string
	}{
		{"", 0, 0, ""},
		{signature.AgeByDate, 0, 0, "proved by the signed date"},
		{signature.AgeByTimestamp, time.Hour, day, "proved by the body's timestamp, as no date is signed"},
		{signature.TimestampMissing, 0, day, "no date is signed and the body has no timestamp"},
		{signature.TimestampUnreadable, 0, day, "no date is signed and the body's timestamp can't be read"},
		{signature.TimestampOld, 100 * day, day, "no date is signed and the body's timestamp is 100 days old (--max-message-age is 24 h)"},
		{signature.TimestampOld, 2*day - time.Second, day, "no date is signed and the body's timestamp is 2 days old (--max-message-age is 24 h)"},
		{signature.TimestampOld, 36 * time.Hour, 30 * time.Hour, "no date is signed and the body's timestamp is 36 h old (--max-message-age is 30 h)"},
		{signature.TimestampOld, day + time.Second, day, "no date is signed and the body's timestamp is more than 24 h old (--max-message-age is 24 h)"},
		{signature.TimestampOld, 90 * time.Second, time.Minute, "no date is signed and the body's timestamp is 90 s old (--max-message-age is 60 s)"},
		{signature.TimestampAhead, -2 * day, day, "no date is signed and the body's timestamp is 2 days ahead (--max-message-age is 24 h)"},
		{signature.TimestampAhead, -90 * time.Minute, time.Hour, "no date is signed and the body's timestamp is 90 min ahead (--max-message-age is 60 min)"},
		{"a later one", 0, 0, `not proved: this version of up42hooks has no explanation for "a later one"`},
	} {
		assert.Equal(t, tt.want, receiver.ExplainAge(tt.age, tt.off, tt.limit))
	}
}

func TestWordsOfAPartialVerdict(t *testing.T) {
	covered, uncovered := receiver.Proof{BodyCovered: true}, receiver.Proof{}
	assert.Equal(t, "signed, but the signature does not prove the age", covered.Words(receiver.Partial).Short)
	assert.Equal(t, "signed, but the signature does not cover the body", uncovered.Words(receiver.Partial).Short)
	for _, v := range receiver.Verdicts() {
		assert.NotEmpty(t, covered.Words(v).Short)
		if v != receiver.Partial {
			assert.Equal(t, v.Words(), covered.Words(v))
		}
	}
}
