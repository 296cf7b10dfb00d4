package jetstream_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	natsjs "github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/jetstream"
	"github.com/up42/up42-webhooks/receiver/jetstream/natstest"
	"github.com/up42/up42-webhooks/receiver/receivertest"
)

func checkpointAt(seq int64) receiver.Checkpoint { return receiver.Checkpoint{Cursor: seq} }

// orders are events of several orders, in turn.
func orders(n int) (all []*receiver.Event) {
	for i := range n {
		all = append(all, receivertest.Order(fmt.Sprintf("order-%d", i%40), "PLACED", withID(i)))
	}
	return all
}

// withID gives an event its message id.
func withID(i int) receivertest.Change {
	return func(e *receiver.Event) { e.MessageID = fmt.Sprintf("message-%d", i) }
}

func TestEventsArriveInTheStream(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	store := newMemory()
	first := receivertest.Order("a.b *>", "PLACED")
	first.Headers = []receiver.Header{{Name: "Date", Value: " \xff\x00 spaces "}, {Name: "Signature", Value: "ö"}}
	first.Admitted = first.ReceivedAt.Add(time.Hour)
	store.Add(first)
	store.Add(orders(600)...)
	team, _ := join(t, jetstream.Options{Servers: []string{s.URL()}, Store: store, Member: "one", Workspace: "w 1"})
	published(t, team, 601)

	js := admin(t, s.URL())
	got := messages(t, js, "UP42")
	require.Len(t, got, 601)
	assert.True(t, strings.HasPrefix(got[0].Subject, "up42.w%201.order.a%2Eb%20%2A%3E."), got[0].Subject)
	assert.Equal(t, "one", got[0].Header.Get("Up42hooks-Origin"))
	assert.Equal(t, "verified", got[0].Header.Get("Up42hooks-Verdict"))
	last := map[string]int64{}
	for i, m := range got {
		want := event(t, store, int64(i+1))
		e, err := jetstream.Decode(m.Subject, m.Header, m.Data)
		require.NoError(t, err)
		e.Seq = want.Seq
		assert.Equal(t, want.Raw, e.Raw)
		assert.Equal(t, want.Headers, e.Headers)
		assert.Equal(t, want.ReceivedAt.UTC(), e.ReceivedAt)
		assert.Equal(t, want.Admitted, e.Admitted)
		assert.Less(t, last[e.ID], want.Seq, "the order of each order is kept")
		last[e.ID] = want.Seq
	}
	status := team.Status()
	assert.EqualValues(t, 601, status.Published)
	assert.Empty(t, status.Err)
}

func event(t *testing.T, store receiver.Reader, seq int64) *receiver.Event {
	t.Helper()
	e, err := receiver.EventAt(t.Context(), store, seq, false)
	require.NoError(t, err)
	require.NotNil(t, e)
	return e
}

func TestAMessageThatTwoReceiversTookIsInTheStreamOnce(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	one, two := newMemory(), newMemory()
	one.Add(orders(300)...)
	two.Add(orders(400)...)
	a, _ := join(t, jetstream.Options{Servers: []string{s.URL()}, Store: one, Member: "one"})
	b, _ := join(t, jetstream.Options{Servers: []string{s.URL()}, Store: two, Member: "two"})
	published(t, a, 300)
	published(t, b, 400)
	assert.Len(t, messages(t, admin(t, s.URL()), "UP42"), 400)
	assert.EqualValues(t, 400, a.Status().Published+b.Status().Published)
	assert.EqualValues(t, 300, a.Status().Known+b.Status().Known)
}

// What the store keeps apart, the stream keeps apart as well: a conflict, and more trust.
func TestTheStreamHasWhatIsNoDuplicate(t *testing.T) {
	t.Parallel()
	e := orders(1)[0]
	other := *e
	other.Raw = append(bytes.Clone(e.Raw), ' ')
	trusted := *e
	trusted.Verdict = receiver.Partial
	again := *e
	again.ReceivedAt = e.ReceivedAt.Add(time.Minute)
	again.Headers = []receiver.Header{{Name: "Date", Value: "later"}}
	nameless, resigned := *e, *e
	nameless.MessageID, resigned.MessageID = "", ""
	resigned.Headers = []receiver.Header{{Name: "Signature", Value: "sig1=:bm8=:"}}
	subjects := map[string]bool{}
	for _, e := range []*receiver.Event{e, &other, &trusted, &again, &nameless, &resigned} {
		subjects[jetstream.Subject("", e)] = true
	}
	assert.Len(t, subjects, 5)
	assert.Equal(t, jetstream.Subject("", e), jetstream.Subject("", &again))
}

// A stream that is full answers with the same code as one that has the message already.
func TestAFullStreamIsNotTakenForOneThatHasTheMessage(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	js := admin(t, s.URL())
	c := natsjs.StreamConfig{
		Name: "UP42", Subjects: []string{"up42.>"}, MaxMsgsPerSubject: 1, Discard: natsjs.DiscardNew, DiscardNewPerSubject: true, MaxMsgs: 10,
	}
	_, err := js.CreateStream(t.Context(), c)
	require.NoError(t, err)
	store := newMemory()
	store.Add(orders(30)...)
	team, _ := join(t, jetstream.Options{Servers: []string{s.URL()}, Store: store})
	await(t, "the stream is full", func() bool { return strings.Contains(team.Status().Err, "takes no more events") })
	assert.Contains(t, team.Status().Err, "raise its limits")
	assert.ErrorContains(t, team.Await(t.Context(), 30), "takes no more events")
	assert.Len(t, messages(t, js, "UP42"), 10)
	c.MaxMsgs = 100
	_, err = js.UpdateStream(t.Context(), c)
	require.NoError(t, err)
	published(t, team, 30)
	assert.Len(t, messages(t, js, "UP42"), 30)
	await(t, "nothing is wrong any more", func() bool { return team.Status().Err == "" })
}

// failing is a store that tells when an event is given up.
type failing struct {
	*memory
	failed func()
}

func (f failing) AddFailure(ctx context.Context, failure receiver.Failure) error {
	f.failed()
	return f.memory.AddFailure(ctx, failure)
}

func TestAnEventThatIsTooLongIsGivenUp(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t, func(o *server.Options) { o.MaxPayload = 8 << 10 })
	store := newMemory()
	long := receivertest.Order("long", "PLACED")
	long.Raw = append(long.Raw, bytes.Repeat([]byte(" "), 8<<10)...)
	store.Add(long, receivertest.Order("short", "PLACED"))
	var sent atomic.Int64
	o := jetstream.Options{
		Servers: []string{s.URL()}, Store: failing{store, func() { assert.Positive(t, sent.Load(), "it does not keep the others waiting") }},
		Done: func(seq int64) []string { sent.Store(seq - 1); return nil },
	}
	team, leave := join(t, o)
	published(t, team, 2)
	require.ErrorContains(t, team.Await(t.Context(), 1), "max_payload")
	failed, err := store.Failures(t.Context(), team.Reader())
	require.NoError(t, err)
	require.Len(t, failed, 1)
	assert.EqualValues(t, 1, failed[0].Seq)
	assert.EqualValues(t, 1, team.Status().GivenUp)
	leave()
	team, _ = join(t, o)
	published(t, team, 2)
	assert.ErrorContains(t, team.Await(t.Context(), 1), "max_payload", "also after a restart")
}

func TestEventsWaitForTheServer(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	s.Stop()
	store := newMemory()
	store.Add(orders(20)...)
	o := jetstream.Options{Servers: []string{s.URL()}, Store: store}.WithPatience(time.Second)
	team, leave := join(t, o)
	await(t, "it says what is wrong", func() bool { return strings.Contains(team.Status().Err, "no server answers at "+s.URL()) })
	s.Start()
	published(t, team, 20)
	s.Stop()
	store.Add(orders(40)[20:]...)
	await(t, "it says what is wrong", func() bool { return team.Status().Err != "" })
	s.Start()
	published(t, team, 40)
	leave()
	p, _, err := store.Checkpoint(t.Context(), team.Reader())
	require.NoError(t, err)
	assert.EqualValues(t, 40, p.Cursor, "the checkpoint is saved at the end")

	again, _ := join(t, o)
	published(t, again, 40)
	assert.Zero(t, again.Status().Published+again.Status().Known, "it goes on from the checkpoint")
	assert.Len(t, messages(t, admin(t, s.URL()), "UP42"), 40)
}

func TestANewStreamGetsAllEvents(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	js := admin(t, s.URL())
	store := newMemory()
	store.Add(orders(20)...)
	o := jetstream.Options{Servers: []string{s.URL()}, Store: store}
	team, leave := join(t, o)
	published(t, team, 20)
	leave()
	require.NoError(t, js.DeleteStream(t.Context(), "UP42"))
	team, _ = join(t, o)
	await(t, "all are published again", func() bool { return team.Status().Published == 20 })
	assert.Len(t, messages(t, js, "UP42"), 20)
}

func TestOnlyAcceptedEventsArePublished(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	store := newMemory()
	store.Add(receivertest.Order("a", "PLACED"), receivertest.Order("b", "PLACED", receivertest.As(receiver.Partial)), receivertest.Order("c", "PLACED"))
	team, _ := join(t, jetstream.Options{
		Servers: []string{s.URL()}, Store: store, Accept: func(e *receiver.Event) bool { return e.Verdict == receiver.Verified },
	})
	published(t, team, 3)
	require.NoError(t, team.Await(t.Context(), 2), "nobody waits for an event that is not published")
	assert.Len(t, messages(t, admin(t, s.URL()), "UP42"), 2)
}

// A server of three is stopped while events are published, one after the other.
func TestAClusterLosesNothing(t *testing.T) {
	t.Parallel()
	cluster := natstest.Cluster(t, 3)
	var urls []string
	for _, s := range cluster {
		urls = append(urls, s.URL())
	}
	store := newMemory()
	team, _ := join(t, jetstream.Options{Servers: urls, Store: store, Replicas: 3}.WithPatience(2*time.Second))
	all := orders(400)
	for i, s := range cluster {
		store.Add(all[i*100 : i*100+50]...)
		published(t, team, int64(i*100+50))
		store.Add(all[i*100+50 : i*100+100]...)
		s.Stop()
		published(t, team, int64(i*100+100))
		s.Start()
	}
	js := admin(t, urls[0])
	var s natsjs.Stream
	await(t, "the stream has a leader again", func() bool {
		var err error
		s, err = js.Stream(t.Context(), "UP42")
		return err == nil
	})
	assert.Equal(t, 3, s.CachedInfo().Config.Replicas)
	assert.EqualValues(t, 300, s.CachedInfo().State.Msgs)
}

// In a domain of JetStream the answers of the stream have another form.
func TestAStreamInADomain(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t, func(o *server.Options) { o.JetStreamDomain = "hub" })
	store := newMemory()
	store.Add(orders(300)...)
	team, _ := join(t, jetstream.Options{Servers: []string{s.URL()}, Store: store})
	published(t, team, 300)
	assert.EqualValues(t, 300, team.Status().Published)
}

// reached is a context that tells when somebody waits for its end.
type reached struct {
	context.Context
	waits func()
}

func (r reached) Done() <-chan struct{} {
	r.waits()
	return r.Context.Done()
}

// While many deliveries come, the publisher makes way for them: not when they have ended, not when the
// stream lacks some for long, and not while an answer waits for the stream.
func TestReceivingGoesBeforePublishing(t *testing.T) {
	t.Parallel()
	const page = 256
	store := newMemory()
	all := orders(8 * page)
	stored := 0
	come := func(n int) {
		store.Add(all[stored : stored+n]...)
		stored += n
	}
	var now atomic.Int64
	var team *jetstream.Team
	pauses := make(chan time.Duration, 10)
	after := []func(){
		func() { come(2 * page) },
		func() {},
		func() {
			come(2 * page)
			now.Add(int64(2 * time.Minute))
		},
		func() {
			waits := make(chan struct{})
			ctx := reached{t.Context(), sync.OnceFunc(func() { close(waits) })}
			go func() { _ = team.Await(ctx, int64(len(all))) }()
			<-waits
			come(3 * page)
		},
	}
	o := jetstream.Options{Servers: []string{natstest.Start(t).URL()}, Store: store}.WithPatience(time.Minute)
	o = o.WithClock(func() time.Duration { return time.Duration(now.Load()) })
	o = o.WithSleep(func(_ context.Context, d time.Duration) bool {
		pauses <- d
		if len(after) > 0 {
			after[0]()
			after = after[1:]
		}
		return true
	})
	come(page) // before the start: nothing comes while they are published
	team = jetstream.New(o)
	run(t, team)
	assert.Zero(t, <-pauses, "nothing came meanwhile")
	assert.Positive(t, <-pauses, "many came")
	assert.Zero(t, <-pauses, "they have ended")
	assert.Zero(t, <-pauses, "the stream lacks events for long")
	assert.Zero(t, <-pauses, "an answer waits for the stream")
}

// slowly is a member that takes long to send a page. during is called with each event that is sent.
func slowly(t *testing.T, store *memory, during func(seq int64)) jetstream.Options {
	return jetstream.Options{Servers: []string{natstest.Start(t).URL()}, Store: store, Done: func(seq int64) []string {
		during(seq)
		time.Sleep(3 * time.Millisecond) // the work: 100 ms for a page of 33, or more
		return nil
	}}.WithPatience(time.Minute)
}

// A page that is not full is followed by a rest only if more came while it was sent, and a rest is short,
// however long the page took.
func TestARestIsShort(t *testing.T) {
	t.Parallel()
	store := newMemory()
	all := orders(200)
	pauses := make(chan time.Duration)
	o := slowly(t, store, func(seq int64) {
		if seq == 166 {
			store.Add(all[166:]...)
		}
	})
	join(t, o.WithSleep(func(ctx context.Context, d time.Duration) bool {
		if d > 0 { // it looks whether a checkpoint is to be saved otherwise
			select {
			case pauses <- d:
			case <-ctx.Done():
			}
		}
		return ctx.Err() == nil
	}))
	for i := range 10 {
		store.Add(all[10*i : 10*i+10]...)
		assert.Equal(t, 5*time.Millisecond, <-pauses)
	}
	store.Add(all[100:133]...)
	assert.Equal(t, 25*time.Millisecond, <-pauses, "nothing came meanwhile")
	store.Add(all[133:166]...)
	assert.Equal(t, time.Second, <-pauses, "34 came meanwhile")
	assert.Equal(t, 25*time.Millisecond, <-pauses, "nothing came meanwhile")
}

// A rest that has begun ends when an answer waits for the stream.
func TestARestEndsForAnAnswer(t *testing.T) {
	t.Parallel()
	store := newMemory()
	all := orders(80)
	store.Add(all[:33]...)
	resting := make(chan time.Duration, 1)
	o := slowly(t, store, func(seq int64) {
		if seq == 33 {
			store.Add(all[33:]...)
		}
	})
	team, _ := join(t, o.WithSleep(func(ctx context.Context, d time.Duration) bool {
		if d > 5*time.Millisecond {
			resting <- d
			<-ctx.Done()
		}
		return ctx.Err() == nil
	}))
	assert.Equal(t, time.Second, <-resting)
	require.NoError(t, team.Await(t.Context(), 80))
}
