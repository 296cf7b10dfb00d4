package daemon

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
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

// fixture has secrets, with a real handler and store.
type fixture struct {
	*testing.T
	secrets *Secrets
	h       *receiver.Handler
	log     *sqlite.Log
	n       int
}

func newFixture(t *testing.T, p signature.Policy) *fixture {
	log, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "events.db"), sqlite.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, log.Close()) })
	k := &fixture{T: t, log: log, secrets: newSecrets(p, func(url string) bool { return url == "https://here" })}
	k.h = receiver.NewHandler(receiver.HandlerOptions{Log: log}, p)
	k.secrets.attach(k.h, func() {})
	return k
}

// try delivers an event that a secret signs; ok is false if it is refused.
func (k *fixture) try(secret string) (e *receiver.Event, ok bool) {
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

func TestASecretNamesItsWebhook(t *testing.T) {
	k := newFixture(t, signature.Policy{Secrets: []string{"configured", "of both"}})
	_, ok := k.try("mine")
	require.False(t, ok, "not known yet")
	k.secrets.replace([]client.Webhook{
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

	k.secrets.replace(nil)
	_, ok = k.try("mine")
	assert.False(t, ok, "a webhook that is gone signs nothing any more")
	k.secrets.configure(signature.Policy{Secrets: []string{"another"}})
	_, ok = k.try("configured")
	assert.False(t, ok)
	_, ok = k.try("another")
	assert.True(t, ok)
}

func TestPinningHoldsAtOnceAndAfterARefresh(t *testing.T) {
	k := newFixture(t, signature.Policy{Secrets: []string{"configured"}})
	assert.Nil(t, k.secrets.Pinned())
	k.secrets.Pin([]string{"digest"})
	k.secrets.replace([]client.Webhook{{ID: "a", Secret: "mine"}})
	assert.Equal(t, []string{"digest"}, k.secrets.Pinned())
	_, ok := k.try("mine")
	assert.False(t, ok)
}

// answers are what UP42 answers, call by call; the last one is repeated.
type answers struct {
	list []any

	mu    sync.Mutex
	times []time.Time
}

// calls are the times of the calls so far.
func (a *answers) calls() []time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.times)
}

func (a *answers) Webhooks(context.Context) ([]client.Webhook, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.times = append(a.times, time.Now())
	next := a.list[min(len(a.times), len(a.list))-1]
	if err, ok := next.(error); ok {
		return nil, err
	}
	return next.([]client.Webhook), nil
}

func TestSecretsAreRefreshed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var logged bytes.Buffer
		down := errors.New("no route")
		api := &answers{list: []any{down, down, []client.Webhook{{ID: "a", Secret: "mine"}}}}
		k := newSecrets(signature.Policy{}, func(string) bool { return false })
		defer followed(t, k, api, &logged)()
		began := time.Now()
		synctest.Wait()
		require.Len(t, api.calls(), 1, "at once")
		assert.False(t, k.refreshOnUnknownSecret(t.Context()), "UP42 does not answer: no delivery waits for it")

		time.Sleep(refreshEvery)
		synctest.Wait()
		require.Len(t, api.calls(), 2)
		assert.Equal(t, refreshEvery, api.calls()[1].Sub(began))
		time.Sleep(refreshEvery)
		synctest.Wait()
		require.Len(t, api.calls(), 3)
		assert.Equal(t, "a", k.known()[0].ID)

		assert.True(t, k.refreshOnUnknownSecret(t.Context()), "an unknown secret reads them at once, and waits for that")
		require.Len(t, api.calls(), 4)
		assert.Equal(t, 1, strings.Count(logged.String(), "no route"), "the same failure is logged once")
	})
}

// known are the webhooks that the set knows.
func (s *Secrets) known() []client.Webhook {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.webhooks)
}

// followed keeps secrets fresh until the returned function is called.
func followed(t *testing.T, k *Secrets, api lister, log io.Writer) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		k.follow(ctx, api, slog.New(slog.NewTextHandler(log, nil)))
	}()
	return func() {
		cancel()
		<-done
	}
}

func TestUnknownSecretsRefreshSeldom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := &answers{list: []any{[]client.Webhook{}}}
		k := newSecrets(signature.Policy{}, func(string) bool { return false })
		defer followed(t, k, api, io.Discard)()
		synctest.Wait()
		for range 1000 {
			k.refreshOnUnknownSecret(t.Context())
		}
		assert.Len(t, api.calls(), 1+refreshBurst)
		for range 50 {
			time.Sleep(time.Second)
			k.refreshOnUnknownSecret(t.Context())
		}
		assert.InDelta(t, 1+refreshBurst+10, len(api.calls()), 1)
	})
}

func TestARefreshThatFindsANewSecretIsNotCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var all []client.Webhook
		list := []any{all}
		for i := range 20 {
			all = append(all, client.Webhook{ID: fmt.Sprint(i), Secret: client.Secret(fmt.Sprint("secret ", i))})
			list = append(list, slices.Clone(all))
		}
		api := &answers{list: list}
		k := newSecrets(signature.Policy{}, func(string) bool { return false })
		defer followed(t, k, api, io.Discard)()
		synctest.Wait()
		for range 20 {
			assert.True(t, k.refreshOnUnknownSecret(t.Context()))
		}
		assert.Len(t, k.known(), 20)
	})
}

// hanging is a UP42 that does not answer.
type hanging struct{ asked atomic.Int64 }

func (h *hanging) Webhooks(ctx context.Context) ([]client.Webhook, error) {
	h.asked.Add(1)
	<-ctx.Done()
	return nil, ctx.Err()
}

func TestFewDeliveriesWaitForAUP42ThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newSecrets(signature.Policy{}, func(string) bool { return false })
		defer followed(t, k, &hanging{}, io.Discard)()
		synctest.Wait()
		began := time.Now()
		var waited atomic.Int64
		var all sync.WaitGroup
		for range 500 {
			all.Go(func() {
				assert.False(t, k.refreshOnUnknownSecret(t.Context()))
				if time.Since(began) > 0 {
					waited.Add(1)
				}
			})
		}
		all.Wait()
		assert.EqualValues(t, maxWaiting, waited.Load())
		assert.Equal(t, refreshWait, time.Since(began))
		time.Sleep(time.Millisecond)
		began = time.Now()
		assert.False(t, k.refreshOnUnknownSecret(t.Context()))
		assert.Zero(t, time.Since(began), "others have waited long enough")
	})
}

func TestUpdateReplacesOnlyWhatItNames(t *testing.T) {
	k := newFixture(t, signature.Policy{})
	now := time.Now()
	k.secrets.replace([]client.Webhook{{ID: "a", Secret: "mine"}, {ID: "b", Secret: "old"}, {ID: "d", Secret: "fresh", UpdatedAt: now}})
	k.secrets.Update([]client.Webhook{{ID: "b", Secret: "new"}, {ID: "c", Secret: "third"}, {ID: "d", Secret: "stale", UpdatedAt: now.Add(-time.Hour)}})
	for secret, want := range map[string]bool{"mine": true, "old": false, "new": true, "third": true, "fresh": true, "stale": false} {
		_, ok := k.try(secret)
		assert.Equal(t, want, ok, secret)
	}
	select {
	case <-k.secrets.refresh:
	default:
		t.Error("UP42 is to be asked for all webhooks")
	}
}

// A secret that UP42 showed once, as in the answer to a change, and does not show in lists,
// stays known.
func TestASecretThatUP42DoesNotTellStays(t *testing.T) {
	k := newFixture(t, signature.Policy{Secrets: []string{"configured"}})
	made := time.Now()
	k.secrets.Update([]client.Webhook{{ID: "a", Secret: "mine", UpdatedAt: made}})
	hidden := client.Webhook{ID: "a", SecretUnknown: true, UpdatedAt: made.Add(time.Minute)}
	k.secrets.replace([]client.Webhook{hidden, {ID: "b", SecretUnknown: true}})
	e, ok := k.try("mine")
	require.True(t, ok)
	assert.Equal(t, "a", e.Webhook)
	k.secrets.Update([]client.Webhook{hidden})
	_, ok = k.try("mine")
	assert.True(t, ok)
	k.secrets.replace([]client.Webhook{{ID: "a", UpdatedAt: made.Add(time.Hour)}})
	_, ok = k.try("mine")
	assert.False(t, ok, "now UP42 says that it has none")
}

// The log says once that deliveries through such a webhook can't be verified by what UP42 tells.
func TestHiddenSecretsAreLoggedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var logged bytes.Buffer
		hidden := []client.Webhook{{ID: "a", URL: "https://here", SecretUnknown: true}, {ID: "b", URL: "https://there", SecretUnknown: true}}
		api := &answers{list: []any{[]client.Webhook{}, hidden, hidden, errors.New("no route"), hidden}}
		k := newSecrets(signature.Policy{}, func(url string) bool { return url == "https://here" })
		stop := followed(t, k, api, &logged)
		time.Sleep(5 * refreshEvery)
		stop()
		assert.Equal(t, 1, strings.Count(logged.String(), "UP42 does not tell the secret"), logged.String())
		assert.Contains(t, logged.String(), "see --secret-file\" webhooks=1")
	})
}
