//go:build unix

package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	natsgo "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/receiver/jetstream/natstest"
)

// inbox is a target that notes what it gets.
type inbox struct {
	mu  sync.Mutex
	got []string
}

func newInbox(t *testing.T) (url string, b *inbox) {
	t.Helper()
	b = &inbox{}
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if len(body) == 0 {
			return // it is asked whether it is there
		}
		b.mu.Lock()
		defer b.mu.Unlock()
		b.got = append(b.got, string(body))
	}))
	t.Cleanup(s.Close)
	return s.URL, b
}

func (b *inbox) list() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.got)
}

// await waits until the target has got as many events.
func (b *inbox) await(t *testing.T, n int) {
	t.Helper()
	require.EventuallyWithT(t, func(t *assert.CollectT) {
		assert.GreaterOrEqual(t, len(b.list()), n, "events that the target has got")
	}, time.Minute, 10*time.Millisecond)
}

func jetStream(t *testing.T, s *natstest.Server) jetstream.JetStream {
	t.Helper()
	nc, err := natsgo.Connect(s.URL())
	require.NoError(t, err)
	t.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	return js
}

// awaitPlace waits until the servers know that all messages of the stream up to one were forwarded to the
// only target.
func awaitPlace(t *testing.T, js jetstream.JetStream, cursor int64) {
	t.Helper()
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		places, err := js.KeyValue(t.Context(), "UP42-places")
		require.NoError(c, err)
		keys, err := places.Keys(t.Context())
		require.NoError(c, err)
		require.Len(c, keys, 1)
		entry, err := places.Get(t.Context(), keys[0])
		require.NoError(c, err)
		var p struct{ Cursor int64 }
		require.NoError(c, json.Unmarshal(entry.Value(), &p))
		assert.GreaterOrEqual(c, p.Cursor, cursor)
	}, time.Minute, 20*time.Millisecond)
}

// shortLeases makes the bucket of leases before a team does, so that they last two seconds.
func shortLeases(t *testing.T, js jetstream.JetStream) {
	t.Helper()
	_, err := js.CreateKeyValue(t.Context(), jetstream.KeyValueConfig{Bucket: "UP42-team", TTL: 2 * time.Second, Storage: jetstream.MemoryStorage})
	require.NoError(t, err)
}

// A process that is stopped and goes on later forwards nothing that another one has.
func TestATeamForwardsOnceThoughAMemberIsPaused(t *testing.T) {
	t.Parallel()
	nats := natstest.Start(t)
	js := jetStream(t, nats)
	shortLeases(t, js)
	url, target := newInbox(t)
	start := func(name string) *clitest.Process {
		return clitest.Receive(t, append(clitest.WithSecret(clitest.Home(t)), "UP42_STREAM="+nats.URL(), "UP42_STREAM_MEMBER="+name), nil, "--forward-to", url)
	}
	want := []string{}
	deliver := func(p *clitest.Process, id string) {
		t.Helper()
		body := clitest.Delivery(id, "o1", "PLACED")
		status, answer, err := clitest.Deliver(clitest.HTTPClient(t), p.URL, clitest.Secret, body)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, status, answer)
		want = append(want, string(body))
		target.await(t, len(want))
	}
	says := func(p *clitest.Process, what string) {
		t.Helper()
		_, ok := p.Stderr.Await(what)
		require.True(t, ok, "%s: %s", what, p.Stderr)
	}
	a := start("a")
	says(a, "this member forwards for the team")
	b := start("b")
	deliver(a, "m1")
	deliver(b, "m2")
	awaitPlace(t, js, 2) // else the other one forwards m2 again
	a.Signal(syscall.SIGSTOP)
	deliver(b, "m3")
	a.Signal(syscall.SIGCONT)
	says(a, "this member has stopped forwarding; another one goes on")
	deliver(a, "m4")
	deliver(b, "m5")
	assert.Equal(t, want, target.list(), "each once, and in their order")
	b.Signal(syscall.SIGTERM)
	b.Finish(t)
	deliver(a, "m6")
	assert.Equal(t, want, target.list())
	a.Signal(syscall.SIGTERM)
	a.Finish(t)
}
