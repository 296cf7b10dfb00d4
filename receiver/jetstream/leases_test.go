package jetstream_test

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	natsjs "github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/jetstream"
	"github.com/up42/up42-webhooks/receiver/jetstream/natstest"
)

// far is a worker that can be cut off from all servers of a cluster, and whose clock of leases can
// be put ahead. Nothing waits for a lease to end by itself: that takes ten seconds, so that it does
// not happen by chance.
type far struct {
	*worker
	ways  []*natstest.Proxy
	ahead atomic.Int64
}

func newFar(t *testing.T, cluster []*natstest.Server, name string, to *target) *far {
	t.Helper()
	f, began := &far{}, time.Now()
	o := jetstream.Options{Member: name, Replicas: len(cluster)}
	for _, s := range cluster {
		way := natstest.NewProxy(t, s.URL())
		f.ways, o.Servers = append(f.ways, way), append(o.Servers, way.URL())
	}
	o = o.WithClock(func() time.Duration { return time.Since(began) + time.Duration(f.ahead.Load()) })
	f.worker = newWorkerWith(t, o.WithPatience(2*time.Second), to)
	return f
}

func (f *far) cutOff() {
	for _, way := range f.ways {
		way.Silence()
	}
}

func (f *far) mend() {
	for _, way := range f.ways {
		way.Mend()
	}
}

// outlast lets more time pass for a member than a lease lasts.
func (f *far) outlast() { f.ahead.Add(int64(time.Minute)) }

// by waits until a message is forwarded, and says by whom first.
func (g *target) by(t *testing.T, message string) (member string) {
	t.Helper()
	await(t, message, func() bool {
		for _, got := range g.list() {
			if m, ok := strings.CutSuffix(got, " "+message); ok {
				member = m
				return true
			}
		}
		return false
	})
	return member
}

func (g *target) list() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.got)
}

// leases returns the bucket of the team, and the keys of its leases.
func leases(t *testing.T, js natsjs.JetStream) (kv natsjs.KeyValue, keys []string) {
	t.Helper()
	kv, err := js.KeyValue(t.Context(), "UP42-team")
	require.NoError(t, err)
	keys, err = kv.Keys(t.Context())
	require.NoError(t, err)
	return kv, slices.DeleteFunc(keys, func(key string) bool { return !strings.HasPrefix(key, "lease.") })
}

// endLease ends the lease, as the servers do when nobody has renewed it.
func endLease(t *testing.T, js natsjs.JetStream) {
	t.Helper()
	kv, keys := leases(t, js)
	for _, key := range keys {
		require.NoError(t, kv.Delete(t.Context(), key))
	}
}

// Two members forward by turns while the leader of three servers is killed, while who forwards is cut
// off, and while it is paused in the middle of an event. Each message is forwarded in its order, and
// twice only if it could not be saved that it was.
func TestLeasesOnThreeServers(t *testing.T) {
	t.Parallel()
	cluster := natstest.Cluster(t, 3)
	held, goOn := newHold()
	defer goOn()
	to := &target{hold: map[string]chan struct{}{"message-6": held}}
	members := map[string]*far{"a": newFar(t, cluster, "a", to), "b": newFar(t, cluster, "b", to)}
	other := map[string]*far{"a": members["b"], "b": members["a"]}
	await(t, "both are members", func() bool { return len(members["a"].team.Members()) == 2 })
	next := 0
	take := func(m *far) (message string) {
		next++
		m.store.Add(numbered(next))
		return fmt.Sprint("message-", next)
	}
	to.by(t, take(members["a"]))

	// The leader is killed.
	js := admin(t, cluster[0].URL())
	s, err := js.Stream(t.Context(), "UP42")
	require.NoError(t, err)
	leader := slices.IndexFunc(cluster, func(c *natstest.Server) bool { return c.Name() == s.CachedInfo().Cluster.Leader })
	cluster[leader].Stop()
	to.by(t, take(members["a"]))
	to.by(t, take(members["b"]))
	cluster[leader].Start()

	// Who forwards is cut off. It stops by its own clock, and another one goes on.
	var holder *far
	await(t, "one forwards", func() bool {
		for _, m := range members {
			if m.here() {
				holder = m
			}
		}
		return holder != nil
	})
	holder.cutOff()
	holder.outlast()
	await(t, "it has stopped", func() bool { return !holder.here() })
	js = admin(t, cluster[leader].URL())
	endLease(t, js)
	other[holder.name].outlast()
	assert.Equal(t, other[holder.name].name, to.by(t, take(other[holder.name])))
	late := take(holder) // receiving goes on
	holder.mend()
	to.by(t, late)

	// Whoever forwards the next event is paused in the middle of it.
	paused := members[to.by(t, take(members["a"]))]
	paused.cutOff()
	endLease(t, js)
	other[paused.name].outlast()
	assert.Equal(t, other[paused.name].name, to.by(t, take(other[paused.name])))
	paused.outlast()
	paused.mend()
	before := len(paused.failures())
	goOn()
	await(t, "the late write fails", func() bool { return len(paused.failures()) > before })
	to.by(t, take(paused))

	requireOrder(t, to.list(), next, len(members["a"].failures())+len(members["b"].failures()))
}

// A member that looks seldom finds an entry late. When it has ended by itself, the member takes the lease at
// once: only after one that somebody has deleted it waits. Its clock stands still but for one jump, so that
// nothing ends for it while the test waits.
func TestALeaseThatEndedIsTakenAtOnce(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	js := admin(t, s.URL())
	_, err := js.CreateKeyValue(t.Context(), natsjs.KeyValueConfig{Bucket: "UP42-team", TTL: time.Second, Storage: natsjs.MemoryStorage})
	require.NoError(t, err, "leases last a second")
	to := &target{}
	way := natstest.NewProxy(t, s.URL())
	a := newWorker(t, way.URL(), "a", to)
	await(t, "a forwards", a.here)
	var clock atomic.Int64
	o := jetstream.Options{Servers: []string{s.URL()}, Member: "b"}
	b := newWorkerWith(t, o.WithClock(func() time.Duration { return time.Duration(clock.Load()) }), to)
	await(t, "b knows who forwards", func() bool { return b.duty.Status().Member == "a" })
	clock.Store(int64(time.Hour)) // for b an entry that comes now was written an hour ago
	seen := map[uint64]bool{}
	await(t, "a renews its lease some times, and b looks more often", func() bool {
		seen[leaseRevision(t, js)] = true
		return len(seen) > 4
	})
	way.Refuse()
	endLease(t, js)
	b.store.Add(numbered(1))
	to.gets(t, "b message-1")
}

// leaseRevision returns the revision of the lease in its bucket. It returns 0 if nobody has the lease.
func leaseRevision(t *testing.T, js natsjs.JetStream) uint64 {
	t.Helper()
	kv, keys := leases(t, js)
	for _, key := range keys {
		if e, err := kv.Get(t.Context(), key); err == nil {
			return e.Revision()
		}
	}
	return 0
}

// requireOrder requires that messages were forwarded in their order. Twice is one that comes again
// because it could not be saved that it was forwarded.
func requireOrder(t *testing.T, got []string, messages, unsaved int) {
	t.Helper()
	var first []string
	for _, g := range got {
		_, message, _ := strings.Cut(g, " ")
		if !slices.Contains(first, message) {
			first = append(first, message)
		}
	}
	var want []string
	for i := range messages {
		want = append(want, fmt.Sprint("message-", i+1))
	}
	assert.Equal(t, want, first, "%s", got)
	assert.LessOrEqual(t, len(got)-len(first), unsaved, "%s", got)
}
