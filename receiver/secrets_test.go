package receiver_test

import (
	"context"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
)

func TestEventsRecordTheWebhookOfTheirSecret(t *testing.T) {
	r := newRig(t)
	p := signature.Policy{Secrets: []string{"configured", "of a webhook", "both"}}
	r.handler.SetPolicy(p, receiver.SecretInfo{}, receiver.SecretInfo{Ref: "7f3a", Webhook: "7f3a"}, receiver.SecretInfo{Webhook: "9b21"})
	for i, key := range p.Secrets {
		status, _ := r.do(signed(t, r.url, order("o", "PLACED", string(rune('a'+i))), key))
		require.Equal(t, http.StatusOK, status)
	}
	events := r.events()
	require.Len(t, events, 3)
	for i, want := range []receiver.Event{{Secret: "0"}, {Secret: "7f3a", Webhook: "7f3a"}, {Secret: "2", Webhook: "9b21"}} {
		assert.Equal(t, want.Secret, events[i].Secret)
		assert.Equal(t, want.Webhook, events[i].Webhook)
	}
}

func TestANewPolicyReplacesTheSecretInfos(t *testing.T) {
	r := newRig(t)
	r.handler.SetPolicy(signature.Policy{Secrets: []string{secret}}, receiver.SecretInfo{Ref: "7f3a", Webhook: "7f3a"})
	r.handler.SetPolicy(signature.Policy{Secrets: []string{secret}})
	r.deliver(order("o", "PLACED", "m"))
	e := r.events()[0]
	assert.Equal(t, receiver.SecretRef("0"), e.Secret)
	assert.Empty(t, e.Webhook)
}

func TestOnRejectedIsCalled(t *testing.T) {
	var mu sync.Mutex
	var reasons []receiver.Reason
	r := newRig(t, func(o *rigOptions) {
		o.handler.OnRejected = func(reason receiver.Reason) {
			mu.Lock()
			defer mu.Unlock()
			reasons = append(reasons, reason)
		}
	})
	r.deliver(order("o", "PLACED", "m"))
	r.do(signed(t, r.url, order("o", "PLACED", "n"), "another secret"))
	mu.Lock()
	defer mu.Unlock()
	assert.Equal(t, []receiver.Reason{signature.SignatureMismatch}, reasons)
	assert.Empty(t, r.rejected(1)[0].Webhook)
}

func TestSecretsAreRefreshedBeforeARejection(t *testing.T) {
	var r *rig
	refreshes := 0
	r = newRig(t, func(o *rigOptions) {
		o.handler.RefreshSecrets = func(context.Context) bool {
			refreshes++
			r.handler.SetPolicy(signature.Policy{Secrets: []string{secret, "new"}})
			return refreshes == 1
		}
	})
	r.deliver(order("o", "PLACED", "m1"))
	assert.Zero(t, refreshes, "a good signature needs no refresh")
	status, _ := r.do(signed(t, r.url, order("o", "PLACED", "m2"), "new"))
	assert.Equal(t, http.StatusOK, status)
	assert.Equal(t, receiver.SecretRef("1"), r.events()[1].Secret)
	status, _ = r.do(signed(t, r.url, order("o", "PLACED", "m3"), "never"))
	assert.Equal(t, http.StatusUnauthorized, status)
	assert.Equal(t, 2, refreshes)

	stale := signed(t, r.url, order("o", "PLACED", "m4"), secret)
	stale.Header.Set("Signature-Input", `up42-sig=("date" "digest");created=1600000000`)
	status, _ = r.do(stale)
	assert.Equal(t, http.StatusUnauthorized, status)
	assert.Equal(t, 2, refreshes, "another secret would not help")
}
