//go:build unix

package forward_test

import (
	"context"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/receivertest/testmain"
)

// TestMain runs this test program as a target or as a program for NewExec if a test
// started it as one.
func TestMain(m *testing.M) {
	if address := os.Getenv("FORWARD_TEST_TARGET"); address != "" {
		runTarget(address, os.Getenv("FORWARD_TEST_FILE"))
		return
	}
	if file := os.Getenv("FORWARD_TEST_STORE"); file != "" {
		runForwarder(file, os.Getenv("FORWARD_TEST_URL"))
		return
	}
	if program := os.Getenv("FORWARD_TEST_EXEC"); program != "" {
		runExec(program)
		return
	}
	if status := os.Getenv("UP42_STATUS"); status != "" {
		runProgram(status)
		return
	}
	testmain.Run(m)
}

// event returns an event of an order. The order's id may be empty.
func event(id, status string, changes ...receivertest.Change) *receiver.Event {
	e := receivertest.Order(id, receiver.Status(status), changes...)
	e.Proof.Components = []string{"date", "x-up42"}
	e.Headers = []receiver.Header{
		{Name: "Content-Type", Value: "application/json"},
		{Name: "Date", Value: "d"},
		{Name: "Host", Value: "here"},
		{Name: "Signature", Value: "s"},
		{Name: "X-Other", Value: "o"},
		{Name: "X-Up42", Value: "u"},
	}
	return e
}

const targetName = "fake"

// send is a target: the function is called for each event, at the same time for several.
type send func(ctx context.Context, e *receiver.Event) error

func (send) Name() string                                        { return targetName }
func (send) Check(context.Context) error                         { return nil }
func (s send) Send(ctx context.Context, e *receiver.Event) error { return s(ctx, e) }

// fake is a target that records what it took.
type fake struct {
	unreachable error // the result of Check

	mu     sync.Mutex
	refuse func(e *receiver.Event) error // nil takes all
	taken  []int64
	tries  map[int64]int
	sum    int // of tries
}

func newFake(refuse func(*receiver.Event) error) *fake {
	return &fake{refuse: refuse, tries: map[int64]int{}}
}

func (f *fake) Name() string                { return targetName }
func (f *fake) Check(context.Context) error { return f.unreachable }
func (f *fake) Send(_ context.Context, e *receiver.Event) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tries[e.Seq]++
	f.sum++
	if f.refuse != nil {
		if err := f.refuse(e); err != nil {
			return err
		}
	}
	f.taken = append(f.taken, e.Seq)
	return nil
}

// heal makes the target take everything from now on.
func (f *fake) heal() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.refuse = nil
}

func (f *fake) list() []int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]int64(nil), f.taken...)
}

func (f *fake) tried(seq int64) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.tries[seq]
}

func (f *fake) triedInAll() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.sum
}

// run runs a forwarder. The returned function ends it and waits for its end.
func run(t testing.TB, o forward.Options) (*forward.Forwarder, func()) {
	t.Helper()
	f := forward.New(o)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- f.Run(ctx) }()
	stop := sync.OnceFunc(func() {
		cancel()
		require.NoError(t, <-ended)
	})
	t.Cleanup(stop)
	return f, stop
}

// rig is a log in which the target has a checkpoint at the start.
type rig struct {
	t    *testing.T
	log  *receivertest.Log
	name string // of the target
}

func newRig(t *testing.T, events ...*receiver.Event) *rig {
	return &rig{t, receivertest.NewLog(events...), targetName}
}

// within runs a test in a time of its own.
func within(t *testing.T, test func(t *testing.T, r *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.saveCheckpoint(receiver.Checkpoint{})
		test(t, r)
	})
}

func (r *rig) saveCheckpoint(p receiver.Checkpoint) {
	r.t.Helper()
	require.NoError(r.t, r.log.SaveCheckpoint(r.t.Context(), r.name, p))
}

func (r *rig) checkpoint() receiver.Checkpoint {
	r.t.Helper()
	p, ok, err := r.log.Checkpoint(r.t.Context(), r.name)
	require.NoError(r.t, err)
	require.True(r.t, ok)
	return p
}

func (r *rig) failures() []receiver.Failure {
	r.t.Helper()
	failures, err := r.log.Failures(r.t.Context(), r.name)
	require.NoError(r.t, err)
	return failures
}

// run runs a forwarder of the log until the test ends or the returned function is called.
func (r *rig) run(target forward.Target, change ...func(*forward.Options)) (*forward.Forwarder, func()) {
	r.t.Helper()
	o := forward.Options{Log: r.log, Checkpoints: r.log, Target: target}
	for _, f := range change {
		f(&o)
	}
	return run(r.t, o)
}

// add stores events that arrive now.
func (r *rig) add(events ...*receiver.Event) {
	for _, e := range events {
		e.ReceivedAt = time.Now()
		r.log.Add(e)
	}
}

// giveUpAfterAnHour is a change of options.
func giveUpAfterAnHour(o *forward.Options) { o.GiveUp = time.Hour }
