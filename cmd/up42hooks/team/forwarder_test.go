package team_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	natsgo "github.com/nats-io/nats.go"
	natsjs "github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/team"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
	"github.com/up42/up42-webhooks/receiver/jetstream"
	"github.com/up42/up42-webhooks/receiver/jetstream/natstest"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// target notes what it gets.
type target struct {
	mu   sync.Mutex
	got  map[string][]string // messages by order
	all  []string
	seqs []int64
	fail func(*receiver.Event) error
}

func (*target) Name() string                { return "https://example.com/…#1234" }
func (*target) Check(context.Context) error { return nil }
func (g *target) Send(_ context.Context, e *receiver.Event) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.fail != nil {
		if err := g.fail(e); err != nil {
			return err
		}
	}
	g.got[e.ID] = append(g.got[e.ID], e.MessageID)
	g.all, g.seqs = append(g.all, e.MessageID), append(g.seqs, e.Seq)
	return nil
}

func (g *target) list() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.all)
}

// member is a member with a store on disk that forwards.
type member struct {
	log   *sqlite.Log
	team  *jetstream.Team
	f     *team.Forwarder
	leave func()
}

func newMember(t *testing.T, url, name string, to forward.Target, before ...*receiver.Event) *member {
	t.Helper()
	return newForwarder(t, url, name, forward.Options{Target: to}, before...)
}

func newForwarder(t *testing.T, url, name string, o forward.Options, before ...*receiver.Event) *member {
	t.Helper()
	log, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "events.db"), sqlite.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, log.Close()) })
	m := &member{log: log}
	m.takes(t, before...)
	o.Log, o.Checkpoints = log, log
	forwarded := team.NewForwarded()
	m.team = jetstream.New(jetstream.Options{Servers: []string{url}, Member: name, Store: log, Done: forwarded.To})
	require.NoError(t, m.team.Prepare(t.Context()))
	require.NoError(t, forward.New(o).Prepare(t.Context()))
	m.f, err = team.NewForwarder(t.Context(), m.team, o, forwarded)
	require.NoError(t, err)
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

// takes has the member receive events.
func (m *member) takes(t *testing.T, events ...*receiver.Event) {
	t.Helper()
	for _, e := range events {
		_, err := m.log.Append(t.Context(), e)
		require.NoError(t, err)
	}
}

func event(order string, n int) *receiver.Event {
	return receivertest.Order(order, "PLACED", receivertest.At(time.Now()), func(e *receiver.Event) { e.MessageID = fmt.Sprint(order, "-", n) })
}

func await(t *testing.T, what string, is func() bool) {
	t.Helper()
	require.Eventually(t, is, time.Minute, 10*time.Millisecond, what)
}

// deleteStream deletes the team's stream, as somebody with the program nats may do.
func deleteStream(t *testing.T, s *natstest.Server) {
	t.Helper()
	nc, err := natsgo.Connect(s.URL())
	require.NoError(t, err)
	defer nc.Close()
	js, err := natsjs.New(nc)
	require.NoError(t, err)
	require.NoError(t, js.DeleteStream(t.Context(), "UP42"))
}

func TestATeamForwardsEachEventOnceAndInOrder(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	to := &target{got: map[string][]string{}}
	a := newMember(t, s.URL(), "a", to, event("old", 0))
	b := newMember(t, s.URL(), "b", to)
	want := map[string][]string{}
	round := func(m *member, from int) {
		for i := from; i < from+10; i++ {
			for _, order := range []string{"x", "y", "z"} {
				m.takes(t, event(order, i))
				want[order] = append(want[order], fmt.Sprint(order, "-", i))
			}
		}
		await(t, "all are forwarded", func() bool { return len(to.list()) >= 3*(from+10) })
	}
	round(a, 0)
	round(b, 10)
	first, second := a, b
	if _, duty := b.f.Status(); duty.Here {
		first, second = b, a
	}
	first.leave()
	round(second, 20)
	assert.Equal(t, want, to.got)
	await(t, "it counts all that it has sent", func() bool { status, duty := second.f.Status(); return duty.Here && status.Sent == 30 })
	await(t, "the own store knows it", func() bool {
		p, _, err := second.log.Checkpoint(t.Context(), to.Name())
		counts, _ := second.log.Counts(t.Context())
		return err == nil && p.Cursor == counts.LastSeq
	})
}

// The stream is deleted and made again: what the stores know to be forwarded is not forwarded again.
func TestNothingIsForwardedAgainForANewStream(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	to := &target{got: map[string][]string{}}
	a := newMember(t, s.URL(), "a", to)
	b := newMember(t, s.URL(), "b", to)
	a.takes(t, event("x", 1), event("y", 1))
	b.takes(t, event("z", 1))
	for _, m := range []*member{a, b} {
		await(t, "the own store knows it", func() bool {
			p, _, err := m.log.Checkpoint(t.Context(), to.Name())
			return err == nil && p.Cursor == 3
		})
	}
	deleteStream(t, s)
	a.takes(t, event("x", 2))
	b.takes(t, event("z", 2))
	await(t, "it goes on", func() bool { return len(to.list()) >= 5 })
	a.takes(t, event("x", 3))
	await(t, "it goes on", func() bool { return slices.Contains(to.list(), "x-3") })
	assert.ElementsMatch(t, []string{"x-1", "y-1", "z-1", "x-2", "z-2", "x-3"}, to.list())
	for _, m := range []*member{a, b} {
		await(t, "the own store knows it", func() bool {
			p, _, err := m.log.Checkpoint(t.Context(), to.Name())
			return err == nil && p.Cursor == 6
		})
	}
}

// A target gets the numbers of the store of the member that forwards, and an event that fails holds
// up nothing else.
func TestATargetGetsTheNumbersOfTheStore(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	to := &target{got: map[string][]string{}, fail: func(e *receiver.Event) error {
		if e.ID == "bad" {
			return errors.New("not now")
		}
		return nil
	}}
	a := newMember(t, s.URL(), "a", to, event("old", 1), event("old", 2))
	a.takes(t, event("good", 1), event("bad", 1), event("good", 2))
	await(t, "the good ones are forwarded", func() bool { return len(to.list()) == 2 })
	assert.Equal(t, []int64{3, 5}, to.seqs)
	await(t, "only the bad one is not done", func() bool { _, duty := a.f.Status(); return duty.Behind == 1 })
	_, duty := a.f.Status()
	assert.True(t, duty.Here)
}

// lines is a log.
type lines struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (l *lines) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(line)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

// A member that loses the servers while it forwards an event says that it remembers its place, and does
// not forward the event again.
func TestAPlaceIsRememberedWithoutTheServers(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	way := natstest.NewProxy(t, s.URL())
	said, sending, held := &lines{}, make(chan struct{}), make(chan struct{})
	goOn := sync.OnceFunc(func() { close(held) })
	defer goOn() // else it does not end if the test fails
	to := &target{got: map[string][]string{}, fail: func(e *receiver.Event) error {
		if e.MessageID == "o-1" {
			close(sending)
			<-held
		}
		return nil
	}}
	a := newForwarder(t, way.URL(), "a", forward.Options{Target: to, Logger: slog.New(slog.NewTextHandler(said, nil))})
	a.takes(t, event("o", 1))
	<-sending
	way.Refuse()
	goOn()
	await(t, "it says so", func() bool { return strings.Contains(said.String(), "it is remembered") })
	way.Mend()
	a.takes(t, event("o", 2))
	await(t, "it goes on", func() bool { return len(to.list()) > 1 })
	assert.Equal(t, []string{"o-1", "o-2"}, to.list())
	assert.Equal(t, 1, strings.Count(said.String(), "it is remembered"), said)
	assert.NotContains(t, said.String(), "can't save the checkpoint")
}
