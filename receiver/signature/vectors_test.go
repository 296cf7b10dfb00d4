package signature_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/signature"
)

func TestVectors(t *testing.T) {
	for _, v := range receivertest.Vectors(t) {
		t.Run(v.Name, func(t *testing.T) {
			res, err := signature.New(v.Policy()).Verify(v.Request(t), v.Time())
			verdict, reason := verdictOf(t, res, err)
			assert.Equal(t, v.Expect.Verdict, verdict)
			assert.Equal(t, v.Expect.Reason, reason)
			if v.Expect.Secret != nil {
				assert.Equal(t, *v.Expect.Secret, res.Secret)
			}
		})
	}
}

// The head is judged before the body comes: each vector gets the same verdict as at once.
func TestVectorsInTwoSteps(t *testing.T) {
	for _, v := range receivertest.Vectors(t) {
		t.Run(v.Name, func(t *testing.T) {
			verifier, r := signature.New(v.Policy()), v.Request(t)
			want, wantErr := verifier.Verify(r, v.Time())
			head := r
			head.Body = nil
			res, err := verifier.VerifyHead(head, v.Time())
			if err == nil {
				err = verifier.VerifyBody(&res, r, v.Time())
			}
			assert.Equal(t, wantErr, err)
			assert.Equal(t, want, res)
		})
	}
}

func verdictOf(t testing.TB, res signature.Result, err error) (receiver.Verdict, signature.Reason) {
	t.Helper()
	var reason signature.Reason
	if err != nil {
		require.True(t, errors.As(err, &reason), "the error is a Reason: %v", err)
	}
	return receiver.VerdictOf(&res, err), reason
}
