package receiver_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
)

// FuzzDelivery checks that what is decoded is JSON with a name, and that its event makes the
// same rows before and after another event.
func FuzzDelivery(f *testing.F) {
	f.Add([]byte(recorded))
	for _, v := range receivertest.Vectors(f) {
		f.Add([]byte(v.Raw))
	}
	f.Add([]byte(`{"event":"order.status","body":{"orderId":"o","status":"FULFILLED","statusIsFinal":true}}`))
	f.Add([]byte(`{"event":"job.status","messageId":"m","body":{"jobId":"j","tasks":[{"id":"t","status":"RUNNING"}],"status":"\ud800"}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := receiver.Decode(raw)
		if err != nil {
			assert.NotEmpty(t, err.Error())
			return
		}
		assert.True(t, json.Valid(raw), "only JSON has an event")
		assert.NotEmpty(t, m.Name)
		e := &receiver.Event{Seq: 1, Verdict: receiver.Verified, Raw: raw, Message: m, ReceivedAt: receivertest.Start}
		other := receivertest.Order("o", "PLACED")
		other.Seq = 2
		one, two := receiver.NewRowSet(), receiver.NewRowSet()
		one.Apply(e)
		one.Apply(other)
		two.Apply(other)
		two.Apply(e)
		assert.Equal(t, one, two)
	})
}
