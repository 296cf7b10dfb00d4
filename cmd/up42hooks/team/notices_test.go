package team_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	natsgo "github.com/nats-io/nats.go"
	natsjs "github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/team"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/jetstream"
	"github.com/up42/up42-webhooks/receiver/jetstream/natstest"
	"github.com/up42/up42-webhooks/receiver/notify"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// chat takes messages.
type chat struct {
	mu  sync.Mutex
	got []string
}

func newChat(t *testing.T) (url string, c *chat) {
	t.Helper()
	c = &chat{}
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.got = append(c.got, string(body))
	}))
	t.Cleanup(s.Close)
	return s.URL, c
}

func (c *chat) list() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.got)
}

// notifier is a member that sends notices.
func notifier(t *testing.T, url, name, chat string) (log *sqlite.Log, leave func()) {
	t.Helper()
	log, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "events.db"), sqlite.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, log.Close()) })
	m := jetstream.New(jetstream.Options{Servers: []string{url}, Member: name, Store: log})
	require.NoError(t, m.Prepare(t.Context()))
	a, err := notify.Post(notify.PostOptions{URL: chat, Body: `"{id}"`})
	require.NoError(t, err)
	team.ShareNotices(m, notify.Options{After: &receiver.Counts{}}, []notify.Rule{{Name: "chat", Do: []notify.Action{a}}})
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- m.Run(ctx) }()
	leave = sync.OnceFunc(func() {
		stop()
		require.NoError(t, <-done)
	})
	t.Cleanup(leave)
	return log, leave
}

func TestATeamSendsEachNoticeOnce(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	shortLeases(t, s)
	url, chat := newChat(t)
	a, leave := notifier(t, s.URL(), "a", url)
	b, _ := notifier(t, s.URL(), "b", url)
	for _, to := range []struct {
		log   *sqlite.Log
		order string
	}{{a, "one"}, {b, "two"}, {a, "three"}} {
		before := len(chat.list())
		_, err := to.log.Append(t.Context(), event(to.order, 1))
		require.NoError(t, err)
		await(t, "a notice about "+to.order, func() bool { return len(chat.list()) > before })
	}
	leave()
	_, err := b.Append(t.Context(), event("four", 1))
	require.NoError(t, err)
	await(t, "the other one goes on", func() bool { return len(chat.list()) > 3 })
	assert.Equal(t, []string{`"one"`, `"two"`, `"three"`, `"four"`}, chat.list())
}

// The stream is deleted and made again: what was told is not told again.
func TestNoNoticeIsSentAgainForANewStream(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	shortLeases(t, s)
	url, chat := newChat(t)
	a, _ := notifier(t, s.URL(), "a", url)
	b, _ := notifier(t, s.URL(), "b", url)
	send := func(log *sqlite.Log, order string) {
		before := len(chat.list())
		_, err := log.Append(t.Context(), event(order, 1))
		require.NoError(t, err)
		await(t, "a notice about "+order, func() bool { return len(chat.list()) > before })
	}
	send(a, "one")
	send(b, "two")
	time.Sleep(time.Second) // nothing shows that the members know it
	nc, err := natsgo.Connect(s.URL())
	require.NoError(t, err)
	defer nc.Close()
	js, err := natsjs.New(nc)
	require.NoError(t, err)
	require.NoError(t, js.DeleteStream(t.Context(), "UP42"))
	send(a, "three")
	send(b, "four")
	assert.Equal(t, []string{`"one"`, `"two"`, `"three"`, `"four"`}, chat.list())
}
