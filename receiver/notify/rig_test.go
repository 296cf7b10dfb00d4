package notify_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/receiver/notify"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/receivertest/testmain"
)

func TestMain(m *testing.M) { testmain.Run(m) }

// recorder is an action that records each message and its time.
type recorder struct {
	mu         sync.Mutex
	start      time.Time
	lines      []string
	last       *notify.Message
	err        error         // what Send returns
	takes      time.Duration // how long Send takes
	persistent bool
}

func (a *recorder) Send(ctx context.Context, m *notify.Message) error {
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

func (a *recorder) Persistent() bool { return a.persistent }
func (a *recorder) String() string   { return "test" }

// fails replaces what Send returns.
func (a *recorder) fails(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.err = err
}

// take returns the messages since the last call.
func (a *recorder) take() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	defer func() { a.lines = nil }()
	return a.lines
}

func utc() time.Time { return time.Now().UTC() }

// rig runs rules on a log, in a time of its own that starts at midnight.
type rig struct {
	log  *receivertest.Log
	stop func() // ends Run and waits for its end
	err  error  // of Run, after stop
}

func run(t *testing.T, o notify.Options, before ...*receiver.Event) *rig {
	t.Helper()
	r := &rig{log: receivertest.NewLog(before...)}
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

// rules is options with one rule for all accepted deliveries.
func rules(do ...notify.Action) notify.Options {
	return notify.Options{Rules: []notify.Rule{{Do: do}}}
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

// order returns an event of an order that arrives now.
func order(id string, status receiver.Status, changes ...receivertest.Change) *receiver.Event {
	return receivertest.Order(id, status, append([]receivertest.Change{receivertest.At(utc())}, changes...)...)
}

func rejected(reason receiver.Reason) *receiver.Event {
	return order("forged", "FULFILLED", receivertest.Rejected(reason))
}

// within runs a test in a time of its own, with an action that starts with it. The test
// must take all messages.
func within(t *testing.T, test func(t *testing.T, a *recorder)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		a := &recorder{start: time.Now()}
		test(t, a)
		assert.Empty(t, a.take(), "unexpected messages")
	})
}

// runOutside runs rules in real time. The returned function ends them.
func runOutside(t *testing.T, o notify.Options) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- notify.Run(ctx, o) }()
	return func() {
		cancel()
		require.NoError(t, <-done)
	}
}
