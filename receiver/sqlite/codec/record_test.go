package codec

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
)

func TestARecordGivesItsEvent(t *testing.T) {
	at := time.Date(2026, 11, 23, 10, 0, 0, 1000, time.UTC)
	sent := receiver.Event{Webhook: "w", Reason: "some-reason"}
	r := Record{Seq: 7, Received: at.UnixMicro(), Verdict: VerdictCode(receiver.Partial), Envelope: AppendEnvelope(nil, &sent), Body: []byte(`{"event":"x","messageId":"m"}`)}
	e, err := r.Event()
	require.NoError(t, err)
	assert.EqualValues(t, 7, e.Seq)
	assert.Equal(t, at, e.ReceivedAt)
	assert.Equal(t, receiver.Partial, e.Verdict)
	assert.Equal(t, "w", e.Webhook)
	assert.Equal(t, "m", e.MessageID)
	assert.Equal(t, len(r.Envelope)+len(r.Body), r.Size())
	r.Body[0] = 'x'
	assert.EqualValues(t, '{', e.Raw[0], "the event has its own memory")

	r.Body = []byte("not JSON")
	e, err = r.Event()
	require.NoError(t, err)
	assert.Empty(t, e.MessageID)
	r.Envelope = nil
	_, err = r.Event()
	require.ErrorIs(t, err, ErrInvalid)
	assert.ErrorContains(t, err, "event 7")
}

func TestReceivedUsesTheClockForAnEventWithoutATime(t *testing.T) {
	now := time.UnixMicro(5)
	clock := func() time.Time { return now }
	assert.EqualValues(t, 5, Received(&receiver.Event{}, clock))
	assert.EqualValues(t, 3, Received(&receiver.Event{ReceivedAt: time.UnixMicro(3)}, clock))
}

func TestVerdictsHaveCodes(t *testing.T) {
	for _, v := range []receiver.Verdict{receiver.Verified, receiver.Trusted, receiver.Partial, receiver.Unsigned, receiver.Rejected} {
		assert.Equal(t, v, VerdictOf(VerdictCode(v)))
	}
	assert.Equal(t, receiver.Unknown, VerdictOf(99), "a newer version stored it")
	assert.Equal(t, receiver.NoTrust, VerdictOf(99).Trust())
	assert.Equal(t, "Update up42hooks.", VerdictOf(99).Words().Todo)
}

func TestWithoutHeadersKeepsTheJudgement(t *testing.T) {
	e := receiver.Event{
		Reason: "some-reason", Headers: []receiver.Header{{Name: "A", Value: strings.Repeat("x", 1000)}},
		Proof: receiver.Proof{Method: "POST", Remote: "127.0.0.1:1"},
	}
	var short receiver.Event
	require.NoError(t, DecodeEnvelope(WithoutHeaders(AppendEnvelope(nil, &e)), &short))
	assert.Empty(t, short.Headers)
	assert.EqualValues(t, "some-reason", short.Reason)
	assert.Equal(t, e.Proof, short.Proof)

	e.Proof.Path = strings.Repeat("x", 2000)
	short = receiver.Event{}
	require.NoError(t, DecodeEnvelope(WithoutHeaders(AppendEnvelope(nil, &e)), &short))
	assert.Equal(t, receiver.Proof{Remote: "127.0.0.1:1"}, short.Proof)
	assert.Equal(t, []byte{9}, WithoutHeaders([]byte{9}), "an invalid envelope stays as it is")
}
