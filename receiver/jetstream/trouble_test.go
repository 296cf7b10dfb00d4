package jetstream_test

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/jetstream"
	"github.com/up42/up42-webhooks/receiver/jetstream/natstest"
	"github.com/up42/up42-webhooks/receiver/receivertest"
)

// behindProxy is a member whose server is behind a proxy.
func behindProxy(t *testing.T, patience time.Duration) (*jetstream.Team, *memory, *natstest.Proxy, *warnings) {
	t.Helper()
	s := natstest.Start(t)
	proxy := natstest.NewProxy(t, s.URL())
	store, log := newMemory(), &warnings{}
	store.Add(orders(1)...)
	o := jetstream.Options{Servers: []string{proxy.URL()}, Store: store, Logger: log.logger()}
	team, _ := join(t, o.WithPatience(patience))
	published(t, team, 1)
	await(t, "the stream is followed, and the members are shown", func() bool { return team.Status().Place == 1 && len(team.Members()) == 1 })
	return team, store, proxy, log
}

// A cable is pulled: connections stay, but nothing comes any more.
func TestAServerThatIsCutOff(t *testing.T) {
	t.Parallel()
	team, store, proxy, log := behindProxy(t, 2*time.Second)
	proxy.Silence()
	store.Add(orders(2)[1])
	log.say(t, "the stream does not answer: look at the servers")
	log.say(t, "does not answer in time: look at it, and at the network")
	has(t, store, 2)
	assert.ErrorContains(t, team.Await(t.Context(), 2), "the event is stored here, but not in the team's stream")
	proxy.Mend()
	published(t, team, 2)
	await(t, "nothing is wrong any more", func() bool { return team.Status().Err == "" })
}

// A slow server takes everything, but not in time for --stream-ack team.
func TestASlowServer(t *testing.T) {
	t.Parallel()
	team, store, proxy, log := behindProxy(t, 9*time.Second)
	proxy.Delay(5 * time.Second) // longer than Await waits, and than half of the patience
	store.Add(orders(2)[1])
	assert.ErrorContains(t, team.Await(t.Context(), 2), "the servers are slow")
	log.say(t, "the team's servers answer slowly: look at them, and at the network")
	published(t, team, 2)
	assert.Empty(t, team.Status().Err)
}

// tries counts how often members begin to read a stream or a bucket.
func tries(t *testing.T, url, stream string, options ...nats.Option) (count func() int) {
	t.Helper()
	nc, err := nats.Connect(url, options...)
	require.NoError(t, err)
	t.Cleanup(nc.Close)
	sub, err := nc.SubscribeSync("$JS.EVENT.ADVISORY.CONSUMER.CREATED." + stream + ".>")
	require.NoError(t, err)
	require.NoError(t, nc.Flush())
	return func() int {
		n, _, err := sub.Pending()
		require.NoError(t, err)
		return n
	}
}

// The status says since when something is wrong, not when it was tried last.
func TestATroubleThatStays(t *testing.T) {
	t.Parallel()
	t.Run("a message can't be read", func(t *testing.T) {
		t.Parallel()
		s := natstest.Start(t)
		team, _ := join(t, jetstream.Options{Servers: []string{s.URL()}, Store: newMemory()})
		await(t, "it follows", func() bool { return len(team.Members()) == 1 })
		begins := tries(t, s.URL(), "UP42")
		_, err := admin(t, s.URL()).PublishMsg(t.Context(), &nats.Msg{Subject: "up42._.order.x.y", Data: []byte("{}"), Header: nats.Header{"Up42hooks-Version": {"2"}}})
		require.NoError(t, err)
		await(t, "it says so", func() bool { return strings.Contains(team.Status().Err, "update this one") })
		since := team.Status().Failing
		await(t, "it tries again", func() bool { return begins() >= 2 })
		assert.Equal(t, since, team.Status().Failing)
	})
	t.Run("a lease can't be taken", func(t *testing.T) {
		t.Parallel()
		member := &server.User{Username: "member", Password: "pass", Permissions: &server.Permissions{
			Publish: &server.SubjectPermission{Allow: []string{">"}, Deny: []string{"$KV.UP42-team.lease.>"}}, Subscribe: &server.SubjectPermission{Allow: []string{">"}},
		}}
		s := natstest.Start(t, users(user("owner", ">"), member))
		begins := tries(t, s.URL(), "KV_UP42-team", nats.UserInfo("owner", "pass"))
		w := newWorkerWith(t, jetstream.Options{Servers: []string{s.URL()}, Member: "a", Access: jetstream.Access{Login: file(t, "member:pass")}}, &target{})
		await(t, "it says so", func() bool { return strings.Contains(w.team.Status().Err, "to write into a bucket") })
		since, begun := w.team.Status().Failing, begins()
		await(t, "it tries again", func() bool { return begins() > begun+1 })
		assert.Equal(t, since, w.team.Status().Failing)
	})
}

func TestAClusterWithTooFewServers(t *testing.T) {
	t.Parallel()
	cluster := natstest.Cluster(t, 3)
	var urls []string
	for _, s := range cluster {
		urls = append(urls, s.URL())
	}
	store, log := newMemory(), &warnings{}
	store.Add(orders(1)...)
	o := jetstream.Options{Servers: urls, Store: store, Replicas: 3, Logger: log.logger()}
	team, _ := join(t, o.WithPatience(3*time.Second)) // a cluster that elects answers late on a busy machine
	published(t, team, 1)
	cluster[1].Stop()
	cluster[2].Stop()
	store.Add(orders(2)[1])
	await(t, "the log says what to do", func() bool {
		return strings.Contains(strings.Join(log.all(), ""), "look at the servers; of a cluster more than half must run")
	})
	has(t, store, 2)
	cluster[1].Start()
	published(t, team, 2)
}

func TestClocksAnHourApart(t *testing.T) {
	t.Parallel()
	for name, by := range map[string]time.Duration{"ahead": time.Hour, "behind": -time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := natstest.Start(t)
			one, two, log := newMemory(), newMemory(), &warnings{}
			a, _ := join(t, jetstream.Options{Servers: []string{s.URL()}, Store: one})
			o := jetstream.Options{Servers: []string{s.URL()}, Store: two, Logger: log.logger()}
			b, _ := join(t, o.WithNow(func() time.Time { return time.Now().Add(by) }))
			log.say(t, "the clock of this machine differs from that of the team's server: set both by NTP")
			one.Add(receivertest.Order("a", "PLACED", receivertest.At(time.Now()), withID(1)))
			two.Add(receivertest.Order("a", "FULFILLED", receivertest.At(time.Now().Add(by)), withID(2)))
			has(t, one, 2)
			has(t, two, 2)
			assert.Equal(t, texts(t, one), texts(t, two))
			assert.Empty(t, a.Status().Err)
			assert.Empty(t, b.Status().Err)
			found, err := jetstream.Examine(t.Context(), o.WithNow(func() time.Time { return time.Now().Add(by) }))
			require.NoError(t, err)
			assert.InDelta(t, by.Seconds(), found.ClockAhead.Seconds(), 60)
		})
	}
}

func TestTwoMembersOfOneName(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	one, two, other, log := newMemory(), newMemory(), newMemory(), &warnings{}
	o := jetstream.Options{Servers: []string{s.URL()}, Member: "twin", Store: one, Logger: log.logger()}
	join(t, o)
	other.Add(receivertest.Order("other", "PLACED"))
	join(t, jetstream.Options{Servers: []string{s.URL()}, Member: "other", Store: other})
	has(t, one, 1) // it follows: what comes now is no history
	o.Store, o.Logger = two, nil
	join(t, o)
	two.Add(orders(2)...)
	has(t, one, 3)
	log.say(t, "another member of the team has the name of this one: give each its own by --stream-member")
	one.Add(orders(4)[2:]...)
	has(t, two, 5)
	assert.Equal(t, texts(t, one), texts(t, two))
}

// A store that was restored from an old backup gets back what it lost, and publishes nothing
// twice.
func TestAMemberRestoredFromABackup(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	folder := t.TempDir()
	file, backup := filepath.Join(folder, "events.db"), filepath.Join(folder, "backup.db")
	o := jetstream.Options{Servers: []string{s.URL()}, Member: "office"}
	// fill has a member receive events, and then ends it.
	fill := func(from, to int) {
		store := open(t, file)
		o.Store = store
		team, leave := join(t, o)
		for _, e := range orders(to)[from:] {
			_, err := store.Append(t.Context(), e)
			require.NoError(t, err)
		}
		published(t, team, int64(to))
		leave()
		require.NoError(t, store.Close())
	}
	fill(0, 10)
	copyFile(t, file, backup)
	fill(10, 20)

	store, log := open(t, backup), &warnings{}
	o.Store, o.Logger = store, log.logger()
	team, _ := join(t, o)
	has(t, store, 20)
	log.say(t, "as after the restore of a backup; they are back")
	_, err := store.Append(t.Context(), orders(21)[20])
	require.NoError(t, err)
	published(t, team, 21)
	assert.Len(t, messages(t, admin(t, s.URL()), "UP42"), 21)
	for _, line := range log.all() {
		assert.NotContains(t, line, "another member of the team")
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	require.NoError(t, err)
	defer in.Close()
	out, err := os.Create(to)
	require.NoError(t, err)
	_, err = io.Copy(out, in)
	require.NoError(t, err)
	require.NoError(t, out.Close())
}

// What is history is decided by the servers' clock, also if a receiver's clock is an hour off.
func TestHistoryWithClocksAnHourApart(t *testing.T) {
	t.Parallel()
	for name, by := range map[string]struct{ receiver, reader time.Duration }{
		"receiver ahead": {time.Hour, 0}, "receiver behind": {-time.Hour, 0}, "reader ahead": {0, time.Hour}, "reader behind": {0, -time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := natstest.Start(t)
			clock := func(ahead time.Duration) func() time.Time { return func() time.Time { return time.Now().Add(ahead) } }
			now := clock(by.receiver)
			one, two := newMemory(), newMemory()
			one.Add(receivertest.Order("old", "PLACED", receivertest.At(now().Add(-10*time.Minute)), withID(1)))
			o := jetstream.Options{Servers: []string{s.URL()}, Member: "one", Store: one}
			a, _ := join(t, o.WithNow(now))
			published(t, a, 1)
			o = jetstream.Options{Servers: []string{s.URL()}, Member: "two", Store: two}
			b, _ := join(t, o.WithNow(clock(by.reader)))
			has(t, two, 1)
			one.Add(receivertest.Order("fresh", "PLACED", receivertest.At(now().Add(10*time.Minute)), withID(2))) // the test may be slow
			has(t, two, 2)
			assert.True(t, b.IsHistory(event(t, two, 1)))
			assert.False(t, b.IsHistory(event(t, two, 2)))
		})
	}
}
