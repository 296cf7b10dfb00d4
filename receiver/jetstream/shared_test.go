package jetstream_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	natsjs "github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/jetstream"
	"github.com/up42/up42-webhooks/receiver/jetstream/natstest"
	"github.com/up42/up42-webhooks/receiver/receivertest"
)

// target receives what workers forward.
type target struct {
	mu   sync.Mutex
	got  []string                 // member and message
	hold map[string]chan struct{} // by member and message, or by message: whoever is first waits
}

// newHold makes a channel for target.hold. A test also calls goOn at its end: it may fail before, and a
// member that waits does not end.
func newHold() (held chan struct{}, goOn func()) {
	held = make(chan struct{})
	return held, sync.OnceFunc(func() { close(held) })
}

func (g *target) take(member string, e *receiver.Event) {
	g.mu.Lock()
	g.got = append(g.got, member+" "+e.MessageID)
	hold := g.hold[member+" "+e.MessageID]
	if first := g.hold[e.MessageID]; first != nil {
		hold = first
		delete(g.hold, e.MessageID)
	}
	g.mu.Unlock()
	if hold != nil {
		<-hold
	}
}

func (g *target) has(what string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Contains(g.got, what)
}

// worker is a member that forwards events, one after the other.
type worker struct {
	name   string
	to     *target
	store  *memory
	team   *jetstream.Team
	duty   *jetstream.Shared
	leave  func()
	before receiver.Checkpoint

	mu      sync.Mutex
	refused []error
	turn    *jetstream.Turn
}

func newWorker(t *testing.T, url, name string, to *target, events ...*receiver.Event) *worker {
	t.Helper()
	return newWorkerWith(t, jetstream.Options{Servers: []string{url}, Member: name}, to, events...)
}

func newWorkerWith(t *testing.T, o jetstream.Options, to *target, events ...*receiver.Event) *worker {
	t.Helper()
	w := &worker{name: o.Member, to: to, store: newMemory()}
	w.store.Add(events...)
	w.before = checkpointAt(int64(len(events)))
	o.Store, o.Done = w.store, func(seq int64) []string {
		if w.before.Covers(seq) {
			return []string{"target"}
		}
		return nil
	}
	w.team = jetstream.New(o)
	w.duty = w.team.Share(jetstream.Duty{Name: "target", Before: func(context.Context) (receiver.Checkpoint, error) { return w.before, nil }, Do: w.do})
	w.leave = run(t, w.team)
	return w
}

func (w *worker) do(ctx context.Context, turn *jetstream.Turn) error {
	w.mu.Lock()
	w.turn = turn
	w.mu.Unlock()
	p, _, err := turn.Checkpoint(ctx, "")
	if err != nil {
		return err
	}
	for start := p; ; {
		page, err := turn.Next(ctx, p.Cursor, 1)
		if err != nil {
			return nil
		}
		if turn.IsNews(page[0]) && !start.Covers(page[0].Seq) {
			if err := turn.Check(); err != nil {
				w.fails(err)
				return nil
			}
			w.to.take(w.name, page[0])
		}
		p.Cursor = page[0].Seq
		if err := turn.SaveCheckpoint(context.WithoutCancel(ctx), "", p); err != nil {
			w.fails(err)
			return nil
		}
	}
}

func (w *worker) fails(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.refused = append(w.refused, err)
}

// left is how long it is certainly this member's turn.
func (w *worker) left() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.turn.Left()
}

func (w *worker) here() bool { return w.duty.Status().Here }

func (w *worker) failures() []error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.refused)
}

// gets waits until a member has forwarded a message.
func (g *target) gets(t *testing.T, what string) {
	t.Helper()
	await(t, what, func() bool { return g.has(what) })
}

func numbered(i int) *receiver.Event {
	return receivertest.Order("o", "PLACED", withID(i), receivertest.At(time.Now()))
}

func TestOneMemberForwardsAfterTheOther(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	to := &target{}
	a := newWorker(t, s.URL(), "a", to, numbered(1))
	a.store.Add(numbered(2))
	to.gets(t, "a message-2")
	b := newWorker(t, s.URL(), "b", to, numbered(3))
	b.store.Add(numbered(4))
	to.gets(t, "a message-4")
	await(t, "b knows who forwards", func() bool { return b.duty.Status().Member == "a" })
	a.leave()
	b.store.Add(numbered(5))
	to.gets(t, "b message-5")
	assert.Equal(t, []string{"a message-2", "a message-4", "b message-5"}, to.list(), "neither store's history, and each once")
}

// A member that is paused while it forwards an event, and goes on after another one took over.
func TestAPausedMemberDoesNotGoOn(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	way := natstest.NewProxy(t, s.URL())
	paused, goOn := newHold()
	defer goOn()
	to := &target{hold: map[string]chan struct{}{"a message-1": paused}}
	a := newWorker(t, way.URL(), "a", to)
	a.store.Add(numbered(1), numbered(2), numbered(3))
	to.gets(t, "a message-1")
	way.Silence()
	endLease(t, admin(t, s.URL()))
	b := newWorker(t, s.URL(), "b", to)
	to.gets(t, "b message-3")
	way.Mend()
	goOn()
	await(t, "the late write is refused", func() bool { return len(a.failures()) > 0 })
	require.ErrorIs(t, a.failures()[0], receiver.ErrTakenOver)
	b.store.Add(numbered(4))
	to.gets(t, "b message-4")
	assert.Equal(t, []string{"a message-1", "b message-1", "b message-2", "b message-3", "b message-4"}, to.list())
}

// A member that can't reach the servers stops by its own clock, and another one goes on when the servers
// have ended its lease.
func TestAMemberThatIsCutOffStops(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	_, err := admin(t, s.URL()).CreateKeyValue(t.Context(), natsjs.KeyValueConfig{Bucket: "UP42-team", TTL: time.Second, Storage: natsjs.MemoryStorage})
	require.NoError(t, err, "leases last a second")
	way := natstest.NewProxy(t, s.URL())
	to := &target{}
	a := newWorker(t, way.URL(), "a", to)
	await(t, "a forwards", a.here)
	way.Silence()
	await(t, "a has stopped", func() bool { return !a.here() })
	b := newWorker(t, s.URL(), "b", to)
	b.store.Add(numbered(1))
	to.gets(t, "b message-1")
	a.store.Add(numbered(2)) // receiving goes on
	way.Mend()
	to.by(t, "message-2")
}

// Other members do not take the lease.
func TestAMemberWithoutTheDutyDoesNotTakeIt(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	store := newMemory()
	other, _ := join(t, jetstream.Options{Servers: []string{s.URL()}, Store: store, Member: "other"})
	to := &target{}
	a := newWorker(t, s.URL(), "a", to)
	store.Add(numbered(1))
	to.gets(t, "a message-1")
	assert.Empty(t, other.Duties())
	await(t, "both are members", func() bool { return len(a.team.Members()) == 2 })
	a.leave()
	await(t, "it is alone", func() bool { return len(other.Members()) == 1 })
	kv, err := admin(t, s.URL()).KeyValue(t.Context(), "UP42-team")
	require.NoError(t, err)
	keys, err := kv.Keys(t.Context())
	require.NoError(t, err)
	for _, key := range keys {
		e, err := kv.Get(t.Context(), key)
		require.NoError(t, err)
		assert.True(t, strings.HasPrefix(key, "member.") || string(e.Value()) == "{}", "nobody has the lease: %s", e.Value())
	}
}

// What is forwarded already when the team begins stays so, and what waits is forwarded.
func TestTheTeamBeginsWhereAMemberWas(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	to := &target{}
	w := &worker{name: "a", to: to, store: newMemory()}
	for i := range 6 {
		w.store.Add(receivertest.Order(string(rune('a'+i)), "PLACED", withID(i), receivertest.At(time.Now())))
	}
	w.before = receiver.Checkpoint{Cursor: 1, Done: []receiver.Span{{First: 3, Last: 4}}}
	w.team = jetstream.New(jetstream.Options{Servers: []string{s.URL()}, Member: "a", Store: w.store})
	w.duty = w.team.Share(jetstream.Duty{Name: "target", Before: func(context.Context) (receiver.Checkpoint, error) { return w.before, nil }, Do: w.do})
	run(t, w.team)
	to.gets(t, "a message-5")
	assert.Equal(t, []string{"a message-1", "a message-4", "a message-5"}, to.list())
}
