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

// teller is a member that sends notices.
type teller struct {
	log   *sqlite.Log
	team  *jetstream.Team
	leave func()
}

func newTeller(t *testing.T, url, name, chat string) *teller {
	t.Helper()
	log, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "events.db"), sqlite.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, log.Close()) })
	m := &teller{log: log, team: jetstream.New(jetstream.Options{Servers: []string{url}, Member: name, Store: log})}
	require.NoError(t, m.team.Prepare(t.Context()))
	a, err := notify.Post(notify.PostOptions{URL: chat, Body: `"{id}"`})
	require.NoError(t, err)
	team.ShareNotices(m.team, notify.Options{After: &receiver.Counts{}}, []notify.Rule{{Name: "chat", Do: []notify.Action{a}}})
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- m.team.Run(ctx) }()
	m.leave = sync.OnceFunc(func() {
		stop()
		require.NoError(t, <-done)
	})
	t.Cleanup(m.leave)
	return m
}

// tells has a member receive the first event of an order, and waits for the notice about it.
func (c *chat) tells(t *testing.T, m *teller, order string) {
	t.Helper()
	before := len(c.list())
	_, err := m.log.Append(t.Context(), event(order, 1))
	require.NoError(t, err)
	await(t, "a notice about "+order, func() bool { return len(c.list()) > before })
}

func TestATeamSendsEachNoticeOnce(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	url, chat := newChat(t)
	a, b := newTeller(t, s.URL(), "a", url), newTeller(t, s.URL(), "b", url)
	chat.tells(t, a, "one")
	chat.tells(t, b, "two")
	chat.tells(t, a, "three")
	a.leave()
	chat.tells(t, b, "four")
	assert.Equal(t, []string{`"one"`, `"two"`, `"three"`, `"four"`}, chat.list())
}

// The stream is deleted and made again: what was told is not told again.
func TestNoNoticeIsSentAgainForANewStream(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	url, chat := newChat(t)
	a, b := newTeller(t, s.URL(), "a", url), newTeller(t, s.URL(), "b", url)
	chat.tells(t, a, "one")
	chat.tells(t, b, "two")
	for _, m := range []*teller{a, b} {
		await(t, "each member knows that they were sent", func() bool { return m.team.Duties()[0].Told == 2 })
	}
	deleteStream(t, s)
	chat.tells(t, a, "three")
	chat.tells(t, b, "four")
	assert.Equal(t, []string{`"one"`, `"two"`, `"three"`, `"four"`}, chat.list())
}
