package jetstream_test

import (
	"strings"
	"testing"
	"time"

	natsjs "github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/jetstream"
	"github.com/up42/up42-webhooks/receiver/jetstream/natstest"
)

// Somebody deletes the stream while members run: a receiver makes it again as it was, and gives it its
// events. Who only reads makes none, and goes on when it is back.
func TestAStreamThatIsDeleted(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	js := admin(t, s.URL())
	c := asked()
	c.MaxAge, c.MaxBytes = time.Hour, 1<<20
	_, err := js.CreateStream(t.Context(), c)
	require.NoError(t, err)
	two, reads := newMemory(), &warnings{}
	viewer, _ := join(t, jetstream.Options{Servers: []string{s.URL()}, Member: "b", Store: two, FollowOnly: true, Logger: reads.logger()})
	await(t, "it reads", func() bool { return viewer.Status().Server != "" })
	require.NoError(t, js.DeleteStream(t.Context(), "UP42"))
	reads.say(t, "the stream UP42 is gone: somebody has deleted it")
	reads.say(t, "has no stream UP42: a receiver with --stream makes it")

	_, err = js.CreateStream(t.Context(), c)
	require.NoError(t, err)
	one, log := newMemory(), &warnings{}
	one.Add(orders(3)...)
	team, _ := join(t, jetstream.Options{Servers: []string{s.URL()}, Member: "a", Store: one, Logger: log.logger()})
	has(t, two, 3)
	require.NoError(t, js.DeleteStream(t.Context(), "UP42"))
	log.say(t, "the stream UP42 is gone: somebody has deleted it")
	log.say(t, "each receiver gives it again what it received")
	one.Add(orders(4)[3])
	has(t, two, 4)
	published(t, team, 4)
	assert.Len(t, messages(t, js, "UP42"), 4)
	assert.Equal(t, texts(t, one), texts(t, two))
	made, err := js.Stream(t.Context(), "UP42")
	require.NoError(t, err)
	assert.Equal(t, time.Hour, made.CachedInfo().Config.MaxAge, "as it was")
	assert.EqualValues(t, 1<<20, made.CachedInfo().Config.MaxBytes, "as it was")
	await(t, "nothing is wrong any more", func() bool { return team.Status().Err == "" && viewer.Status().Err == "" })
	assert.Len(t, log.all(), 2)
}

// What is purged is gone as if the stream had not kept it so long. Who has not read it says so.
func TestAStreamThatIsPurged(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	way := natstest.NewProxy(t, s.URL())
	one, two, log := newMemory(), newMemory(), &warnings{}
	team, _ := join(t, jetstream.Options{Servers: []string{s.URL()}, Member: "a", Store: one})
	slow, _ := join(t, jetstream.Options{Servers: []string{way.URL()}, Member: "b", Store: two, Logger: log.logger()})
	one.Add(orders(1)...)
	has(t, two, 1)
	way.Refuse()
	one.Add(orders(3)[1:]...)
	published(t, team, 3)
	stream, err := admin(t, s.URL()).Stream(t.Context(), "UP42")
	require.NoError(t, err)
	require.NoError(t, stream.Purge(t.Context()))
	one.Add(orders(4)[3])
	published(t, team, 4)
	way.Mend()
	has(t, two, 2)
	log.say(t, "events are gone from the team's stream that this member has not read")
	assert.EqualValues(t, 2, slow.Status().Missed)
}

// A command that only catches up does not wait for messages that are gone.
func TestTheLastMessagesAreGone(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	one, two := newMemory(), newMemory()
	team, _ := join(t, jetstream.Options{Servers: []string{s.URL()}, Store: one})
	reader := jetstream.New(jetstream.Options{Servers: []string{s.URL()}, Store: two, FollowOnly: true})
	one.Add(orders(1)...)
	published(t, team, 1)
	require.NoError(t, reader.CatchUp(t.Context()))
	one.Add(orders(3)[1:]...)
	published(t, team, 3)
	stream, err := admin(t, s.URL()).Stream(t.Context(), "UP42")
	require.NoError(t, err)
	for _, seq := range []uint64{2, 3} {
		require.NoError(t, stream.DeleteMsg(t.Context(), seq))
	}
	require.NoError(t, reader.CatchUp(t.Context()))
	has(t, two, 1)
}

// lose deletes or purges what keeps leases or places.
func lose(t *testing.T, js natsjs.JetStream, what string) {
	t.Helper()
	how, name, _ := strings.Cut(what, " ")
	switch how {
	case "delete":
		require.NoError(t, js.DeleteStream(t.Context(), name))
	case "purge":
		s, err := js.Stream(t.Context(), name)
		require.NoError(t, err)
		require.NoError(t, s.Purge(t.Context()))
	default: // the entries, one after the other
		kv, err := js.KeyValue(t.Context(), strings.TrimPrefix(name, "KV_"))
		require.NoError(t, err)
		keys, err := kv.Keys(t.Context())
		require.NoError(t, err)
		for _, key := range keys {
			require.NoError(t, kv.Delete(t.Context(), key))
		}
	}
}

// Nobody else forwards while a member may do so whose lease somebody has deleted.
func TestALeaseThatIsDeletedIsNotTakenAtOnce(t *testing.T) {
	t.Parallel()
	for _, what := range []string{"delete KV_UP42-team", "purge KV_UP42-team", "entries KV_UP42-team"} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s := natstest.Start(t)
			goOn := make(chan struct{})
			defer close(goOn)
			to := &target{hold: map[string]chan struct{}{"a message-1": goOn}}
			a := newWorker(t, s.URL(), "a", to)
			await(t, "a forwards", a.here)
			b := newWorker(t, s.URL(), "b", to)
			await(t, "b knows who forwards", func() bool { return b.duty.Status().Member == "a" })
			a.store.Add(numbered(1))
			to.gets(t, "a message-1")
			lose(t, admin(t, s.URL()), what)
			for {
				taken, left := to.has("b message-1"), a.left() // in this order: the test may be slow
				if left <= 0 {
					break
				}
				require.False(t, taken, "a may forward for %v", left)
				time.Sleep(10 * time.Millisecond)
			}
			to.gets(t, "b message-1")
		})
	}
}

// Forwarding goes on where it was.
func TestWhatTheTeamAgreesOnIsDeleted(t *testing.T) {
	t.Parallel()
	for _, what := range []string{
		"delete KV_UP42-team", "purge KV_UP42-team", "entries KV_UP42-team", "delete KV_UP42-places", "purge KV_UP42-places", "entries KV_UP42-places",
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s := natstest.Start(t)
			to := &target{}
			a := newWorker(t, s.URL(), "a", to)
			await(t, "a forwards", a.here)
			b := newWorker(t, s.URL(), "b", to)
			a.store.Add(numbered(1), numbered(2))
			to.gets(t, "a message-2")
			await(t, "b knows how far it is", func() bool { return b.duty.Status().Cursor == 2 })
			lose(t, admin(t, s.URL()), what)
			b.store.Add(numbered(3))
			await(t, "it goes on", func() bool { return strings.HasSuffix(strings.Join(to.list(), ","), "message-3") })
			a.store.Add(numbered(4))
			await(t, "it goes on", func() bool { return strings.HasSuffix(strings.Join(to.list(), ","), "message-4") })
			requireOrder(t, to.list(), 4, 0)
			await(t, "nothing is wrong any more", func() bool { return a.team.Status().Err == "" && b.team.Status().Err == "" })
		})
	}
}
