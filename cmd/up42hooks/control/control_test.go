package control_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/control"
	"github.com/up42/up42-webhooks/cmd/up42hooks/team"
	"github.com/up42/up42-webhooks/receiver/admission"
	"github.com/up42/up42-webhooks/receiver/forward"
	"github.com/up42/up42-webhooks/receiver/jetstream"
)

// admissions answer as a test says.
type admissions struct {
	err    error
	do     func(context.Context) error
	asked  chan admission.Request
	result admission.Result
	member *team.State
	again  []control.Again
	refuse error // what is sent again
	send   func(context.Context) error
}

func (a *admissions) resend(ctx context.Context, e control.Again) error {
	a.again = append(a.again, e)
	if a.send != nil {
		return a.send(ctx)
	}
	return a.refuse
}

func (a *admissions) team(context.Context) *team.State { return a.member }

func (a *admissions) Good() []int64 { return []int64{7} }
func (a *admissions) Err() error    { return a.err }

func (a *admissions) Do(ctx context.Context, r admission.Request) ([]admission.Result, error) {
	a.asked <- r
	if a.do != nil {
		return nil, a.do(ctx)
	}
	return []admission.Result{a.result}, a.err
}

func newAdmissions() *admissions {
	return &admissions{asked: make(chan admission.Request, 1), result: admission.Result{Number: "r7", Outcome: admission.Admitted, Seq: 12}}
}

// serve serves beside a store until the test ends or the returned function is called.
func serve(t *testing.T, store string, a *admissions) (stop func()) {
	t.Helper()
	s, err := control.Listen(store)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- s.Serve(ctx, control.Asked{Admissions: a, Team: a.team, Resend: a.resend}, slog.New(slog.DiscardHandler))
	}()
	return func() {
		cancel()
		require.NoError(t, <-ended)
		require.NoError(t, s.Close())
	}
}

func TestAReceiverIsAsked(t *testing.T) {
	for name, folder := range map[string]string{"short": "a", "longer than a socket's path may be": strings.Repeat("a-long-name", 15)} {
		t.Run(name, func(t *testing.T) {
			store := filepath.Join(t.TempDir(), folder, "events.db")
			require.NoError(t, os.MkdirAll(filepath.Dir(store), 0o700))
			a := newAdmissions()
			stop := serve(t, store, a)
			info, err := os.Stat(store + ".control")
			require.NoError(t, err)
			assert.Equal(t, os.FileMode(0o700), info.Mode().Perm())

			c := control.NewClient(store)
			want := admission.Request{Numbers: []int64{7, 8}, DryRun: true}
			results, err := c.Do(t.Context(), want)
			require.NoError(t, err)
			assert.Equal(t, []admission.Result{a.result}, results)
			assert.Equal(t, want, <-a.asked)
			stop()
			assert.NoDirExists(t, store+".control")
			_, err = c.Do(t.Context(), want)
			assert.Error(t, err, "nobody is there")
		})
	}
}

// What went wrong is told together with what was done before.
func TestAnErrorComesWithTheResults(t *testing.T) {
	store, a := filepath.Join(t.TempDir(), "events.db"), newAdmissions()
	a.err = errors.New("the disk is full")
	defer serve(t, store, a)()
	results, err := control.NewClient(store).Do(t.Context(), admission.Request{All: true})
	assert.EqualError(t, err, "the disk is full")
	assert.Len(t, results, 1)
}

// A receiver that ends waits for what it is doing, and that ends at once.
func TestTheEndOfAReceiverEndsWhatItDoes(t *testing.T) {
	store, a := filepath.Join(t.TempDir(), "events.db"), newAdmissions()
	a.do = func(ctx context.Context) error { <-ctx.Done(); return errors.New("interrupted") }
	stop := serve(t, store, a)
	answered := make(chan error, 1)
	go func() {
		_, err := control.NewClient(store).Do(t.Context(), admission.Request{All: true})
		answered <- err
	}()
	<-a.asked
	stop()
	assert.EqualError(t, <-answered, "interrupted")
}

// A receiver that was killed leaves its socket, and the folder may be open to others.
func TestWhatAKilledReceiverLeftIsReplaced(t *testing.T) {
	store, a := filepath.Join(t.TempDir(), "events.db"), newAdmissions()
	require.NoError(t, os.Mkdir(store+".control", 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(store+".control", "socket"), nil, 0o600))
	defer serve(t, store, a)()
	info, err := os.Stat(store + ".control")
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o700), info.Mode().Perm())
	_, err = control.NewClient(store).Do(t.Context(), admission.Request{All: true})
	assert.NoError(t, err)
}

func TestAFollowerKnowsWhatIsGood(t *testing.T) {
	store, a := filepath.Join(t.TempDir(), "events.db"), newAdmissions()
	a.member = &team.State{Stream: "UP42", Behind: 3, Members: []team.Member{
		{Member: jetstream.Member{Name: "a", Role: jetstream.RoleReceiver, Duties: []string{"exec /x"}}, Self: true}, {Member: jetstream.Member{Name: "b"}},
	}}
	defer serve(t, store, a)()
	c := control.NewClient(store)
	assert.Error(t, c.Err(), "it has not asked yet")
	assert.Nil(t, c.Team())
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		c.Follow(ctx)
	}()
	require.Eventually(t, func() bool { return c.Err() == nil }, time.Minute, time.Millisecond)
	assert.Equal(t, []int64{7}, c.Good())
	assert.Equal(t, a.member, c.Team())
	cancel()
	<-ended
}

// Who asks to send an event again learns whether it makes sense to try once more.
func TestAReceiverIsAskedToSendAnEventAgain(t *testing.T) {
	store, a := filepath.Join(t.TempDir(), "events.db"), newAdmissions()
	stop := serve(t, store, a)
	c := control.NewClient(store)
	asked := control.Again{Seq: 7, Target: "exec /x", Of: "exec /y"}
	require.NoError(t, c.Resend(t.Context(), asked))
	assert.Equal(t, []control.Again{asked}, a.again)

	a.refuse = errors.Join(&forward.Refused{Reason: "it answered 401 Unauthorized", Permanent: true})
	err := c.Resend(t.Context(), asked)
	require.EqualError(t, err, "it answered 401 Unauthorized")
	var refused *forward.Refused
	require.ErrorAs(t, err, &refused)
	assert.True(t, refused.Permanent)

	a.refuse = &forward.Unreachable{Err: errors.New("connection refused")}
	err = c.Resend(t.Context(), asked)
	require.EqualError(t, err, "connection refused")
	require.ErrorAs(t, err, new(*forward.Unreachable))

	a.refuse = control.NoTarget("exec /x")
	err = c.Resend(t.Context(), asked)
	require.EqualError(t, err, "exec /x is not a target of the receiver; up42hooks doctor says how to send to another one, or to forget it")
	require.ErrorIs(t, err, control.ErrNoTarget)
	stop()
	assert.ErrorContains(t, c.Resend(t.Context(), asked), "ask the receiver")
}

// A target may still take an event when the receiver ends, as long as it may take others.
func TestAReceiverThatEndsGivesATargetTime(t *testing.T) {
	store, a := filepath.Join(t.TempDir(), "events.db"), newAdmissions()
	sending := make(chan struct{})
	var ended time.Time
	a.send = func(ctx context.Context) error {
		close(sending)
		<-ctx.Done()
		ended = time.Now()
		return ctx.Err()
	}
	stop := serve(t, store, a)
	answered := make(chan error, 1)
	go func() { answered <- control.NewClient(store).Resend(t.Context(), control.Again{Seq: 7}) }()
	<-sending
	began := time.Now()
	stop()
	err := <-answered
	require.ErrorIs(t, err, control.ErrEnds)
	require.ErrorIs(t, err, control.ErrNotAnswered)
	assert.GreaterOrEqual(t, ended.Sub(began), 2*time.Second)
}
