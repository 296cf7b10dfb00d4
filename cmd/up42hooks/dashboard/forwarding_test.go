package dashboard

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/daemon"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
)

// received is a daemon that forwards to some URLs and has received one event.
func received(t *testing.T, targets ...string) *daemon.Daemon {
	t.Helper()
	env, c := clitest.Configured(t, new(bytes.Buffer))
	c.ForwardTo = targets
	d, err := daemon.Open(t.Context(), env, c, slog.New(slog.DiscardHandler), daemon.Little)
	require.NoError(t, err)
	ctx, end := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- d.Serve(ctx) }()
	status, _, err := clitest.Deliver(clitest.HTTPClient(t), d.URL(), clitest.Secret, clitest.Delivery("m1", "order-one", "PLACED"))
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, status)
	end()
	require.NoError(t, <-done)
	t.Cleanup(func() { require.NoError(t, d.Close()) })
	return d
}

// target is a server. body returns the body of each delivery that it gets.
func target(t *testing.T) (url string, body func() string) {
	t.Helper()
	bodies := make(chan string, 9)
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if b, _ := io.ReadAll(r.Body); len(b) > 0 { // without a body it only checks whether the target answers
			bodies <- string(b)
		}
	}))
	t.Cleanup(s.Close)
	return s.URL, func() string { return <-bodies }
}

func TestForwardingOfThisProcess(t *testing.T) {
	d := received(t)
	f := localForwarding{d}
	assert.Empty(t, f.Targets())
	assert.ErrorContains(t, f.Resend(t.Context(), 1, ""), "there is no target")
	failures, err := f.Failures(t.Context())
	require.NoError(t, err)
	assert.Empty(t, failures)

	url, body := target(t)
	require.NoError(t, f.SendTo(t.Context(), 1, url))
	assert.Contains(t, body(), "order-one")
	assert.ErrorContains(t, f.SendTo(t.Context(), 2, url), "event 2 is not in the store")
	assert.Error(t, f.SendTo(t.Context(), 1, "not a URL"))
}

func TestForwardingToATarget(t *testing.T) {
	url, body := target(t)
	f := localForwarding{received(t, url)}
	require.Len(t, f.Targets(), 1)
	require.NoError(t, f.Resend(t.Context(), 1, f.Targets()[0].Name))
	assert.Contains(t, body(), "order-one")
	assert.ErrorContains(t, f.Resend(t.Context(), 7, ""), "event 7 is not in the store")
}

// A viewer leaves the configured targets to the receiver.
func TestForwardingOfAnotherProcess(t *testing.T) {
	url, body := target(t)
	d := received(t, url)
	f := remoteForwarding{newElsewhere(d.Config, d.Log, store.Holder{PID: 4711})}
	require.Len(t, f.Targets(), 1)
	assert.True(t, f.Targets()[0].Elsewhere)
	assert.ErrorContains(t, f.Resend(t.Context(), 1, ""), "process 4711 forwards events, and can't be asked to: ")
	_, err := f.Failures(t.Context())
	require.NoError(t, err)
	require.NoError(t, f.SendTo(t.Context(), 1, url))
	assert.Contains(t, body(), "order-one")
}

// Nobody forwards events while no process receives.
func TestForwardingOfAProcessThatHasEnded(t *testing.T) {
	there := newElsewhere(&config.Config{Store: filepath.Join(t.TempDir(), "events.db")}, nil, store.Holder{PID: 4711})
	f := remoteForwarding{there}
	assert.EqualError(t, f.Resend(t.Context(), 1, ""), "process 4711 is gone: start up42hooks again")
	assert.EqualError(t, f.Resend(t.Context(), 1, "http://x.example"), "process 4711 is gone: start up42hooks again, or run up42hooks forward --undelivered")
	there.canReceive = func(bool) bool { return true }
	assert.EqualError(t, f.Resend(t.Context(), 1, ""), "process 4711 is gone; unless it comes back, this one receives in 5 seconds")
}

// A viewer's pin goes into the configuration file.
func TestViewerPin(t *testing.T) {
	env, c := clitest.Configured(t, new(bytes.Buffer))
	pinned, pin := viewerPin(env, c)
	assert.Empty(t, pinned())
	note, err := pin([]string{"date", "digest"})
	require.NoError(t, err)
	assert.Contains(t, note, "send it SIGHUP")
	assert.Equal(t, []string{"date", "digest"}, pinned())
	assert.Contains(t, note, c.File)
}
