package jetstream_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	natsjs "github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/jetstream"
	"github.com/up42/up42-webhooks/receiver/jetstream/natstest"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

// has waits until a store has as many events, as long as some come.
func has(t *testing.T, store receiver.Reader, n int64) {
	t.Helper()
	for before, since := int64(-1), time.Now(); before < n; time.Sleep(10 * time.Millisecond) {
		counts, err := store.Counts(t.Context())
		require.NoError(t, err)
		if now := counts.Events(); now != before {
			before, since = now, time.Now()
		}
		require.Less(t, time.Since(since), patience, "the store has %d events of %d", before, n)
	}
	counts, err := store.Counts(t.Context())
	require.NoError(t, err)
	assert.Equal(t, n, counts.Events())
}

// texts are the rows of a store as they are printed, in the order of their ids.
func texts(t *testing.T, store receiver.Reader) (all []string) {
	t.Helper()
	rows, err := store.Rows(t.Context(), receiver.RowQuery{Limit: 1000, Updates: true})
	require.NoError(t, err)
	for i := range rows {
		b, err := rows[i].MarshalJSON()
		require.NoError(t, err)
		all = append(all, string(b))
	}
	slices.Sort(all)
	return all
}

// Whatever the order is in which receivers take messages, and whoever takes them, all members
// have the same rows at the end.
func TestRowsAreEqualOnAllMembers(t *testing.T) {
	receivertest.Checks(t, 15)
	statuses := []receiver.Status{"CREATED", "PLACED", "BEING_FULFILLED", "FULFILLED", "FAILED_PERMANENTLY", "odd"}
	rapid.Check(t, func(rt *rapid.T) {
		s := natstest.Start(t)
		defer s.Stop()
		members := []*memory{newMemory(), newMemory(), newMemory()}
		taken, total := rapid.IntRange(1, 60).Draw(rt, "messages"), int64(0)
		for i := range taken {
			at := receivertest.At(noon.Add(time.Duration(rapid.IntRange(0, 5).Draw(rt, "time")) * time.Second))
			e := receivertest.Order(fmt.Sprint("order-", rapid.IntRange(0, 3).Draw(rt, "order")), rapid.SampledFrom(statuses).Draw(rt, "status"), at, withID(i))
			if rapid.Bool().Draw(rt, "a job") {
				e = receivertest.Job(e.ID, e.Status, at, withID(i), receivertest.Task(fmt.Sprint("task-", rapid.IntRange(0, 2).Draw(rt, "task")), "task"))
			}
			for _, m := range rapid.SampledFrom([][]int{{0}, {1}, {1, 0}, {0, 1}}).Draw(rt, "receivers") {
				c := *e
				c.ReceivedAt = e.ReceivedAt.Add(time.Duration(m) * time.Hour) // clocks differ
				members[m].Add(&c)
			}
			total++
		}
		var leave []func()
		for i, m := range members {
			_, end := join(t, jetstream.Options{Servers: []string{s.URL()}, Store: m, Member: fmt.Sprint("member-", i)})
			leave = append(leave, end)
		}
		for _, m := range members {
			has(t, m, total)
		}
		want := texts(t, members[0])
		for _, m := range members[1:] {
			assert.Equal(t, want, texts(t, m))
		}
		for _, end := range leave {
			end()
		}
	})
}

func open(t *testing.T, file string) *sqlite.Log {
	t.Helper()
	log, err := sqlite.Open(t.Context(), file, sqlite.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, log.Close()) })
	return log
}

// Two receivers take some messages both, and a member only reads. Each store has each message
// once, also after restarts.
func TestStoresFollowTheStream(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	file := filepath.Join(t.TempDir(), "events.db")
	stores := []*sqlite.Log{open(t, filepath.Join(t.TempDir(), "one.db")), open(t, filepath.Join(t.TempDir(), "two.db")), open(t, file)}
	all := orders(500)
	teams := make([]*jetstream.Team, 3)
	var leave func()
	for i, store := range stores {
		teams[i], leave = join(t, jetstream.Options{Servers: []string{s.URL()}, Store: store, Member: fmt.Sprint("member-", i)})
	}
	for i, e := range all {
		for n := range 2 {
			if i%3 == n || i%3 == 2 {
				_, err := stores[n].Append(t.Context(), e)
				require.NoError(t, err)
			}
		}
	}
	for _, store := range stores {
		has(t, store, 500)
	}
	assert.Equal(t, texts(t, stores[0]), texts(t, stores[1]))
	assert.Equal(t, texts(t, stores[0]), texts(t, stores[2]))
	e := event(t, stores[2], 1)
	assert.Contains(t, []string{"member-0", "member-1"}, e.Origin)
	await(t, "all is read", func() bool { return teams[2].Status().Place == 500 })
	assert.EqualValues(t, 500, teams[2].Status().Applied)
	assert.Zero(t, teams[2].Status().Published)
	counts, err := stores[0].Counts(t.Context())
	require.NoError(t, err)
	assert.Zero(t, counts.Duplicates, "nobody has sent it twice to this receiver")

	leave()
	require.NoError(t, stores[2].Close())
	again := open(t, file)
	state, err := again.Stream(t.Context(), "UP42")
	require.NoError(t, err)
	assert.EqualValues(t, 500, state.Place)
	team, _ := join(t, jetstream.Options{Servers: []string{s.URL()}, Store: again, Member: "member-2"})
	await(t, "it is connected", func() bool { return team.Status().Server != "" })
	_, err = stores[0].Append(t.Context(), orders(501)[500])
	require.NoError(t, err)
	has(t, again, 501)
	await(t, "the place is known", func() bool { return team.Status().Place > 500 })
	assert.EqualValues(t, 1, team.Status().Applied, "it goes on where it was")
}

func TestAPlaceThatIsGone(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	one, two := newMemory(), newMemory()
	one.Add(orders(10)...)
	a, _ := join(t, jetstream.Options{Servers: []string{s.URL()}, Store: one})
	published(t, a, 10)
	_, leave := join(t, jetstream.Options{Servers: []string{s.URL()}, Store: two})
	has(t, two, 10)
	leave()
	one.Add(orders(20)[10:]...)
	published(t, a, 20)
	js, err := admin(t, s.URL()).Stream(t.Context(), "UP42")
	require.NoError(t, err)
	require.NoError(t, js.Purge(t.Context(), natsjs.WithPurgeSequence(16)))
	b, _ := join(t, jetstream.Options{Servers: []string{s.URL()}, Store: two})
	has(t, two, 15)
	assert.EqualValues(t, 5, b.Status().Missed)
	assert.Empty(t, b.Status().Err)
}

func TestMessagesOfOthersAreSkipped(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	one, two := newMemory(), newMemory()
	one.Add(orders(3)...)
	a, _ := join(t, jetstream.Options{Servers: []string{s.URL()}, Store: one})
	published(t, a, 3)
	js := admin(t, s.URL())
	for i := range 3 {
		_, err := js.Publish(t.Context(), fmt.Sprint("up42.alien.", i), []byte("hello"))
		require.NoError(t, err)
	}
	one.Add(orders(6)[3:]...)
	log := &warnings{}
	b, _ := join(t, jetstream.Options{Servers: []string{s.URL()}, Store: two, Logger: log.logger()})
	has(t, two, 6)
	log.say(t, "let only receivers publish on up42.>")
	assert.EqualValues(t, 3, b.Status().Skipped)
	await(t, "the place of skipped messages is saved as well", func() bool {
		state, err := two.Stream(t.Context(), "UP42")
		return err == nil && state.Place == 9
	})
}

// A message that this version can't read is not skipped: after an update it is stored.
func TestAMessageOfANewerVersion(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	one, two := newMemory(), newMemory()
	one.Add(orders(3)...)
	a, _ := join(t, jetstream.Options{Servers: []string{s.URL()}, Store: one})
	published(t, a, 3)
	js := admin(t, s.URL())
	_, err := js.PublishMsg(t.Context(), &nats.Msg{Subject: "up42._.order.x.y", Data: []byte(`{"event":"order.status"}`), Header: nats.Header{"Up42hooks-Version": {"2"}}})
	require.NoError(t, err)
	log := &warnings{}
	b, _ := join(t, jetstream.Options{Servers: []string{s.URL()}, Store: two, Member: "two", Logger: log.logger()})
	log.say(t, "update this one")
	await(t, "it says what to do", func() bool { return strings.Contains(b.Status().Err, "update this one") })
	has(t, two, 3)
	two.Add(receivertest.Order("late", "PLACED", withID(9)))
	published(t, b, 4)
	assert.Contains(t, b.Status().Err, "message 4 of the stream", "publishing goes on, and the problem stays")
}

func TestHistoryIsWhatWasThereBefore(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	one, two := newMemory(), newMemory()
	one.Add(orders(3)...) // they came long ago
	a, _ := join(t, jetstream.Options{Servers: []string{s.URL()}, Store: one})
	published(t, a, 3)
	b, _ := join(t, jetstream.Options{Servers: []string{s.URL()}, Store: two})
	has(t, two, 3)
	assert.True(t, b.IsHistory(event(t, two, 1)))
	assert.False(t, a.IsHistory(event(t, one, 1)), "its own")
	fresh := receivertest.Order("fresh", "PLACED", withID(7))
	fresh.ReceivedAt = time.Now().Add(time.Second)
	one.Add(fresh)
	has(t, two, 4)
	assert.False(t, b.IsHistory(event(t, two, 4)))
}

// catchUp reads what is there, and leaves nothing behind that would keep events in the store.
func TestCatchUp(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	one, two := newMemory(), newMemory()
	o := jetstream.Options{Servers: []string{s.URL()}, Store: two, FollowOnly: true}
	require.ErrorContains(t, jetstream.New(o).CatchUp(t.Context()), "has no stream UP42: a receiver with --stream makes it", "who only reads makes none")
	one.Add(orders(2000)...)
	a, _ := join(t, jetstream.Options{Servers: []string{s.URL()}, Store: one})
	published(t, a, 2000)
	team := jetstream.New(o)
	require.NoError(t, team.CatchUp(t.Context()))
	has(t, two, 2000)
	_, known, err := two.Checkpoint(t.Context(), team.Reader())
	require.NoError(t, err)
	assert.False(t, known)
	require.NoError(t, jetstream.New(o).CatchUp(t.Context()), "nothing is new")
	s.Stop()
	require.ErrorContains(t, jetstream.New(o).CatchUp(t.Context()), "no server answers")
}
