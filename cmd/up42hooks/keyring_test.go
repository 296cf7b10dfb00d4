package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// keyhole is a keyring on a real handler and store, and what tries keys on it.
type keyhole struct {
	*testing.T
	keys *keyring
	h    *receiver.Handler
	log  *sqlite.Log
	n    int
}

func newKeyhole(t *testing.T, p signature.Policy) *keyhole {
	log, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "events.db"), sqlite.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, log.Close()) })
	k := &keyhole{T: t, log: log, keys: newKeyring(p, func(url string) bool { return url == "https://here" })}
	k.h = receiver.NewHandler(receiver.HandlerOptions{Log: log}, p)
	k.keys.equip(k.h)
	return k
}

// try delivers an event that a secret signs; ok is false where it is refused.
func (k *keyhole) try(secret string) (e *receiver.Event, ok bool) {
	k.Helper()
	k.n++
	body := []byte(`{"event":"order.status","messageId":"` + strings.Repeat("m", k.n) + `","body":{"orderId":"o","status":"PLACED"}}`)
	req := httptest.NewRequest(http.MethodPost, receiver.DefaultPath, bytes.NewReader(body))
	r := signature.Request{Header: req.Header, Host: req.Host, Body: body}
	require.NoError(k, signature.Sign(r, secret, signature.DefaultComponents(), time.Now()))
	rec := httptest.NewRecorder()
	k.h.ServeHTTP(rec, req)
	if rec.Code != http.StatusOK {
		return nil, false
	}
	events, err := k.log.Events(k.Context(), receiver.EventQuery{Limit: 1})
	require.NoError(k, err)
	return events[0], true
}

func TestKeyringTellsTheWebhook(t *testing.T) {
	k := newKeyhole(t, signature.Policy{Secrets: []string{"configured", "of both"}})
	_, ok := k.try("mine")
	require.False(t, ok, "not known yet")
	k.keys.learn([]client.Webhook{
		{ID: "a", Secret: "mine"},
		{ID: "b", Secret: "of both"},
		{ID: "c", Secret: "shared", URL: "https://here"},
		{ID: "d", Secret: "shared", URL: "https://there"},
		{ID: "e", Secret: "two", URL: "https://here"},
		{ID: "f", Secret: "two", URL: "https://here"},
		{ID: "g"},
	})
	for secret, want := range map[string]receiver.Event{
		"configured": {Secret: "0"},
		"of both":    {Secret: "1", Webhook: "b"},
		"mine":       {Secret: "a", Webhook: "a"},
		"shared":     {Secret: "c", Webhook: "c"},
		"two":        {Secret: "several webhooks"},
	} {
		e, ok := k.try(secret)
		require.True(t, ok, secret)
		assert.Equal(t, want.Secret, e.Secret, secret)
		assert.Equal(t, want.Webhook, e.Webhook, secret)
	}

	k.keys.learn(nil)
	_, ok = k.try("mine")
	assert.False(t, ok, "a webhook that is gone signs nothing any more")
	k.keys.configure(signature.Policy{Secrets: []string{"another"}})
	_, ok = k.try("configured")
	assert.False(t, ok)
	_, ok = k.try("another")
	assert.True(t, ok)
}

func TestPinningHoldsAtOnceAndAcrossLearning(t *testing.T) {
	k := newKeyhole(t, signature.Policy{Secrets: []string{"configured"}})
	assert.Nil(t, k.keys.pinned())
	k.keys.pin([]string{"digest"})
	k.keys.learn([]client.Webhook{{ID: "a", Secret: "mine"}})
	assert.Equal(t, []string{"digest"}, k.keys.pinned())
	_, ok := k.try("mine")
	assert.False(t, ok)
}

// answers are what UP42 says, one call after the other; the last one stays.
type answers struct {
	list  []any
	calls []time.Time
}

func (a *answers) Webhooks(context.Context) ([]client.Webhook, error) {
	a.calls = append(a.calls, time.Now())
	next := a.list[min(len(a.calls), len(a.list))-1]
	if err, ok := next.(error); ok {
		return nil, err
	}
	return next.([]client.Webhook), nil
}

func TestKeyringStaysFresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var logged bytes.Buffer
		down := errors.New("no route")
		api := &answers{list: []any{down, down, []client.Webhook{{ID: "a", Secret: "mine"}}}}
		k := newKeyring(signature.Policy{}, func(string) bool { return false })
		ctx, stop := context.WithCancel(t.Context())
		tried, done := make(chan struct{}), make(chan struct{})
		began := time.Now()
		go func() {
			defer close(done)
			k.follow(ctx, api, func() { close(tried) }, slog.New(slog.NewTextHandler(&logged, nil)))
		}()
		<-tried
		assert.Zero(t, time.Since(began))

		time.Sleep(time.Minute + time.Second) // time is the bubble's
		synctest.Wait()
		require.Len(t, api.calls, 2)
		assert.Equal(t, refreshEvery, api.calls[1].Sub(began))

		assert.True(t, k.doubt(ctx), "in doubt it looks again at once, and waits for that")
		require.Len(t, api.calls, 3)
		assert.Equal(t, "a", k.webhooks[0].ID)
		assert.Equal(t, 1, strings.Count(logged.String(), "no route"), "the same failure is said once")

		stop()
		<-done
	})
}

func TestAFloodOfDoubtsAsksSeldom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := &answers{list: []any{[]client.Webhook{}}}
		k := newKeyring(signature.Policy{}, func(string) bool { return false })
		ctx, stop := context.WithCancel(t.Context())
		tried, done := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(done)
			k.follow(ctx, api, func() { close(tried) }, slog.New(slog.DiscardHandler))
		}()
		<-tried
		for range 1000 {
			k.doubt(ctx)
		}
		assert.LessOrEqual(t, len(api.calls), 1+doubtsAtOnce+1)
		for range 50 {
			time.Sleep(time.Second)
			k.doubt(ctx)
		}
		assert.LessOrEqual(t, len(api.calls), 1+doubtsAtOnce+7)
		stop()
		<-done
	})
}

func TestWhatTheScreenKnowsReplacesNothingThatItDoesNot(t *testing.T) {
	k := newKeyhole(t, signature.Policy{})
	k.keys.learn([]client.Webhook{{ID: "a", Secret: "mine"}, {ID: "b", Secret: "old"}})
	k.keys.hear([]client.Webhook{{ID: "b", Secret: "new"}, {ID: "c", Secret: "third"}})
	for secret, want := range map[string]bool{"mine": true, "old": false, "new": true, "third": true} {
		_, ok := k.try(secret)
		assert.Equal(t, want, ok, secret)
	}
	select {
	case <-k.keys.doubted:
	default:
		t.Error("UP42 is to be asked what is true")
	}
}
