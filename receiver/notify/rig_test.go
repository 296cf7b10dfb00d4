package notify_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/receiver/notify"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// memory is a log that reads as a real one does, as far as notify reads.
type memory struct {
	receiver.Reader

	mu               sync.Mutex
	events, rejected []*receiver.Event
	changed          chan struct{}
	version          receiver.Version
	fails            int // so many reads fail
	closed           bool
}

func newMemory(before ...*receiver.Event) *memory {
	m := &memory{changed: make(chan struct{}), version: 1}
	m.add(before...)
	return m
}

func (m *memory) add(events ...*receiver.Event) {
	m.change(func() {
		for _, e := range events {
			list := &m.events
			if e.Verdict == receiver.Rejected {
				list = &m.rejected
			}
			c := *e
			c.Seq = int64(len(*list) + 1)
			*list = append(*list, &c)
		}
	})
}

func (m *memory) change(how func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	how()
	m.version++
	close(m.changed)
	m.changed = make(chan struct{})
}

func (m *memory) Wait(ctx context.Context, seen receiver.Version) (receiver.Version, error) {
	for {
		m.mu.Lock()
		version, changed, closed := m.version, m.changed, m.closed
		m.mu.Unlock()
		switch {
		case closed:
			return 0, receiver.ErrClosed
		case version != seen:
			return version, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}

func (m *memory) Counts(context.Context) (receiver.Counts, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return receiver.Counts{LastSeq: int64(len(m.events)), LastRejected: int64(len(m.rejected))}, nil
}

func (m *memory) Events(_ context.Context, q receiver.EventQuery) ([]*receiver.Event, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fails > 0 {
		m.fails--
		return nil, errors.New("the disk is asleep")
	}
	list := m.events
	if q.Rejected {
		list = m.rejected
	}
	list = list[q.After:]
	return list[:min(len(list), q.Limit)], nil
}

// told is an action that remembers what it was told, and when.
type told struct {
	mu      sync.Mutex
	start   time.Time
	lines   []string
	last    *notify.Message
	err     error
	takes   time.Duration
	lasting bool
}

func (a *told) Tell(ctx context.Context, m *notify.Message) error {
	select {
	case <-time.After(a.takes):
	case <-ctx.Done():
		return ctx.Err()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.last = m
	a.lines = append(a.lines, fmt.Sprintf("%s %s", time.Since(a.start), m.Text))
	return a.err
}

func (a *told) Lasting() bool  { return a.lasting }
func (a *told) String() string { return "test" }

// all takes what was told.
func (a *told) all() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	defer func() { a.lines = nil }()
	return a.lines
}

func utc() time.Time { return time.Now().UTC() }

// rig runs rules on a log, in a bubble whose time begins at midnight.
type rig struct {
	log  *memory
	stop func()
	err  error
}

func run(t *testing.T, o notify.Options, before ...*receiver.Event) *rig {
	t.Helper()
	r := &rig{log: newMemory(before...)}
	o.Log = r.log
	if o.Now == nil {
		o.Now = utc
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.err = notify.Run(ctx, o)
	}()
	r.stop = func() {
		cancel()
		<-done
	}
	t.Cleanup(r.stop)
	synctest.Wait()
	return r
}

// after lets time pass.
func after(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func when(t *testing.T, expr string) *filter.Filter {
	t.Helper()
	f, err := filter.Parse(expr)
	require.NoError(t, err)
	return f
}

// one is an order's event that came now.
func one(id string, status receiver.Status) *receiver.Event {
	e := &receiver.Event{Verdict: receiver.Verified, ReceivedAt: utc()}
	e.Name, e.Kind, e.ID, e.Status, e.LiveMode = receiver.OrderStatus, receiver.Order, id, status, true
	e.Final = status.Class(receiver.Order) != receiver.InProgress
	return e
}

func with(e *receiver.Event, change func(*receiver.Event)) *receiver.Event {
	change(e)
	return e
}

func rejected(reason receiver.Reason) *receiver.Event {
	return with(one("forged", "FULFILLED"), func(e *receiver.Event) { e.Verdict, e.Reason = receiver.Rejected, reason })
}

// bubble runs a test in a time of its own, with an action that starts with it.
func bubble(t *testing.T, test func(t *testing.T, a *told)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		a := &told{start: time.Now()}
		test(t, a)
		assert.Empty(t, a.all(), "nothing was told that no one looked at")
	})
}
