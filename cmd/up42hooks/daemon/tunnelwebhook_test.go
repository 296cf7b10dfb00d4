package daemon

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/client/simulator"
	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/receiver/tunnel"
)

// tunnelFixture is a tunnel's webhook at a simulated UP42. An option may change it.
func tunnelFixture(t *testing.T, options ...func(*simulator.Options)) *tunnelWebhook {
	t.Helper()
	o := simulator.Options{Seed: 1, Quiet: true}
	for _, change := range options {
		change(&o)
	}
	server := httptest.NewServer(simulator.New(o))
	t.Cleanup(server.Close)
	env, c := clitest.Configured(t, new(bytes.Buffer), "UP42_API_URL", server.URL, "UP42_AUTH_URL", server.URL,
		"UP42_USERNAME", simulator.Username, "UP42_PASSWORD", simulator.Password)
	account, err := config.Account(env, c)
	require.NoError(t, err)
	return newTunnelWebhook(t, account)
}

func newTunnelWebhook(t *testing.T, account *client.Client) *tunnelWebhook {
	t.Helper()
	t.Cleanup(account.Close)
	return &tunnelWebhook{
		account: account, secrets: newSecrets(signature.Policy{}, func(string) bool { return true }),
		logger: slog.New(slog.DiscardHandler), journal: filepath.Join(t.TempDir(), "events.db.tunnel"), path: "/receive-webhooks",
		pauseAfter: 50 * time.Millisecond,
	}
}

// pointed waits until UP42 has exactly one webhook, with this URL.
func pointed(t *testing.T, w *tunnelWebhook, url string) client.Webhook {
	t.Helper()
	var all []client.Webhook
	require.Eventually(t, func() bool {
		var err error
		all, err = w.account.Webhooks(t.Context())
		require.NoError(t, err)
		return len(all) == 1 && all[0].URL == url
	}, clitest.Patience, 10*time.Millisecond)
	return all[0]
}

func TestTunnelWebhookFollowsTheTunnel(t *testing.T) {
	w := tunnelFixture(t)
	states := newLatest[tunnel.State]()
	ctx, end := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- w.run(ctx, states) }()
	states.put(tunnel.State{URL: "https://first.example.com", Last: "https://first.example.com"})
	first := pointed(t, w, "https://first.example.com/receive-webhooks")
	states.put(tunnel.State{URL: "https://second.example.com", Last: "https://second.example.com"})
	second := pointed(t, w, "https://second.example.com/receive-webhooks")
	assert.Equal(t, first.ID, second.ID, "the webhook is changed, not made again")
	w.secrets.mu.Lock()
	assert.NotEmpty(t, w.secrets.webhooks, "its secret is accepted at once")
	w.secrets.mu.Unlock()
	assert.True(t, hasLeftovers(w.journal))
	end()
	require.NoError(t, <-done)
	all, err := w.account.Webhooks(t.Context())
	require.NoError(t, err)
	assert.Empty(t, all, "the end removes it")
}

// While the tunnel program connects again, its URL may be back at any moment. Without the
// program it is dead.
func TestTunnelWebhookOfADeadTunnelIsInactive(t *testing.T) {
	synctest.Test(t, testDeadTunnel)
}

// inProcess calls a handler without a connection, as a test in fake time can have no connections.
type inProcess struct{ http.Handler }

func (h inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result(), nil
}

func testDeadTunnel(t *testing.T) {
	account, err := client.New(client.Options{
		APIURL: "http://127.0.0.1", AuthURL: "http://127.0.0.1", Transport: inProcess{simulator.New(simulator.Options{Seed: 1, Quiet: true})},
		Credentials: client.Credentials{Username: simulator.Username, Password: simulator.Password},
	})
	require.NoError(t, err)
	w := newTunnelWebhook(t, account)
	states := newLatest[tunnel.State]()
	ctx, end := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- w.run(ctx, states) }()
	const first, second = "https://first.example.com", "https://second.example.com"
	active := func(url string, want bool) {
		t.Helper()
		require.Eventually(t, func() bool { return pointed(t, w, url+"/receive-webhooks").Active == want }, clitest.Patience, 10*time.Millisecond)
	}
	lost := errors.New("lost")
	states.put(tunnel.State{Last: first, Err: errors.New("not connected yet")})
	states.put(tunnel.State{URL: first, Last: first})
	active(first, true)
	states.put(tunnel.State{Last: first, Err: lost})
	time.Sleep(time.Hour) // of the bubble
	active(first, true)
	for range 3 {
		states.put(tunnel.State{Err: lost})
	}
	active(first, false)
	states.put(tunnel.State{Last: second, Err: lost})
	states.put(tunnel.State{URL: second, Last: second})
	active(second, true)
	end()
	require.NoError(t, <-done)
}

// The next start removes what a crash has left over.
func TestTunnelWebhookIsCleanedUp(t *testing.T) {
	w := tunnelFixture(t)
	r, err := w.registration(t.Context())
	require.NoError(t, err)
	require.NoError(t, r.Update(t.Context(), "https://old.example.com"))
	require.NoError(t, w.cleanUp(t.Context()))
	all, err := w.account.Webhooks(t.Context())
	require.NoError(t, err)
	assert.Empty(t, all)
}

// A cut answer makes neither an error nor a second webhook.
func TestTunnelWebhookWithCutAnswers(t *testing.T) {
	w := tunnelFixture(t, func(o *simulator.Options) { o.Faults.Truncate = 0.5 })
	r, err := w.registration(t.Context())
	require.NoError(t, err)
	for _, url := range []string{"https://first.example.com", "https://second.example.com"} {
		require.NoError(t, r.Update(t.Context(), url))
		pointed(t, w, url+"/receive-webhooks")
	}
}

// The webhook subscribes to what UP42 has, whatever that is.
func TestTunnelWebhookSubscribesToTheEventsOfUP42(t *testing.T) {
	names := []string{"order.status", "scene.status"}
	w := tunnelFixture(t, func(o *simulator.Options) { o.Events = names })
	r, err := w.registration(t.Context())
	require.NoError(t, err)
	require.NoError(t, r.Update(t.Context(), "https://first.example.com"))
	assert.Equal(t, names, pointed(t, w, "https://first.example.com/receive-webhooks").Events)
}

// lastWords is a log that calls end when it has a text.
type lastWords struct {
	bytes.Buffer
	text string
	end  func()
}

func (l *lastWords) Write(line []byte) (int, error) {
	if bytes.Contains(line, []byte(l.text)) {
		l.end()
	}
	return l.Buffer.Write(line)
}

func TestTunnelWebhookWithoutEvents(t *testing.T) {
	w := tunnelFixture(t, func(o *simulator.Options) { o.Events = []string{} })
	states := newLatest[tunnel.State]()
	ctx, end := context.WithCancel(t.Context())
	log := lastWords{text: "ask UP42 whether this account may use webhooks", end: end}
	w.logger = slog.New(slog.NewTextHandler(&log, nil))
	r, err := w.registration(ctx)
	require.NoError(t, err)
	assert.ErrorIs(t, r.Update(ctx, "https://first.example.com"), client.ErrNoEvents)
	states.put(tunnel.State{URL: "https://first.example.com", Last: "https://first.example.com"})
	w.follow(ctx, r, states) // until it has said so
	assert.Contains(t, log.String(), "UP42 names no event that a webhook can subscribe to")
	assert.False(t, hasLeftovers(w.journal))
	all, err := w.account.Webhooks(t.Context())
	require.NoError(t, err)
	assert.Empty(t, all)
}

// Its secret is known although no answer of UP42 has it.
func TestTunnelWebhookAtAnUP42ThatHidesSecrets(t *testing.T) {
	w := tunnelFixture(t, func(o *simulator.Options) { o.HideSecrets = true })
	r, err := w.registration(t.Context())
	require.NoError(t, err)
	for _, url := range []string{"https://first.example.com", "https://second.example.com"} {
		require.NoError(t, r.Update(t.Context(), url))
		assert.True(t, pointed(t, w, url+"/receive-webhooks").SecretUnknown)
		_, err = w.secrets.read(t.Context(), w.account)
		require.NoError(t, err)
		w.secrets.mu.Lock()
		assert.Len(t, w.secrets.webhooks[0].Secret.Reveal(), 43)
		w.secrets.mu.Unlock()
	}
}
