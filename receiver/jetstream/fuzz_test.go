package jetstream_test

import (
	"encoding/json"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/jetstream"
	"github.com/up42/up42-webhooks/receiver/receivertest"
)

// FuzzDecode checks that any message of a stream is refused, or is an event with trust whose
// body is that of the message, and which is the same after it was published again.
func FuzzDecode(f *testing.F) {
	const details = `{"secret":"a","webhook":"b","ahead":true,"proof":{"label":"up42-sig","components":["date","digest"],"created":1790000000,"digest":"sha-256","bodyCovered":true},"headers":[["Date","d"],["X","\u001b[2J"]]}`
	const received = "2026-01-02T03:04:05.6Z"
	f.Add("up42._.order.x.y", "1", "verified", received, "", details, []byte(`{"event":"order.status","messageId":"m","body":{"orderId":"o","status":"PLACED"}}`))
	f.Add("up42.a.job.x.y", "1", "trusted", received, received, "{}", []byte(`{"event":"job.status","body":{"jobId":7,"status":"RUNNING"}}`))
	f.Add("up42.x", "2", "verified", received, "", "{}", []byte(`{"event":"x"}`))
	f.Add("orders.x", "1", "rejected", "now", "now", "[", []byte("hello"))
	for _, v := range receivertest.Vectors(f) {
		f.Add("up42._._._._", "1", string(v.Expect.Verdict), received, "", details, v.Request(f).Body)
	}
	f.Fuzz(func(t *testing.T, subject, version, verdict, received, admitted, details string, body []byte) {
		h := nats.Header{
			"Up42hooks-Version": {version}, "Up42hooks-Verdict": {verdict}, "Up42hooks-Received-At": {received},
			"Up42hooks-Admitted-At": {admitted}, "Up42hooks-Details": {details},
		}
		e, err := jetstream.Decode(subject, h, body)
		if err != nil {
			assert.NotEmpty(t, err.Error())
			return
		}
		assert.NotEqual(t, receiver.NoTrust, e.Verdict.Trust())
		assert.Equal(t, string(body), string(e.Raw))
		assert.True(t, json.Valid(body))
		m := jetstream.Encode("w", e)
		again, err := jetstream.Decode(m.Subject, m.Header, m.Data)
		require.NoError(t, err)
		assert.Equal(t, e, again)
	})
}
