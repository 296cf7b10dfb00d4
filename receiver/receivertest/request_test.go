package receivertest_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/signature"
)

func TestSignedRequestsAreVerified(t *testing.T) {
	body := []byte(`{"event":"order.status"}`)
	at := time.Unix(1790000000, 0)
	for secret, covered := range map[string]bool{"correct horse": true, "": false} {
		req := receivertest.SignedRequestAt(t, "http://hooks.example.com", body, secret, at)
		v := signature.New(signature.Policy{Secrets: []string{"correct horse"}, AllowUnsigned: true})
		res, err := v.Verify(signature.Request{Header: req.Header, Host: req.Host, Body: body}, at)
		require.NoError(t, err)
		assert.Equal(t, covered, res.BodyCovered)
	}
	req := receivertest.SignedRequest(t, "http://hooks.example.com", body, "correct horse")
	assert.NotEmpty(t, req.Header.Get("Signature"))
}

func TestVectorsCanBeJudged(t *testing.T) {
	for _, v := range receivertest.Vectors(t) {
		_, err := signature.New(v.Policy()).Verify(v.Request(t), v.Time())
		assert.Equal(t, v.Expect.Reason != "", err != nil, v.Name)
	}
}
