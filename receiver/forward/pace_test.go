package forward_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// does is a target that takes events side by side.
type does func(ctx context.Context, e *receiver.Event) error

func (does) Name() string                                        { return "does" }
func (does) Check(context.Context) error                         { return nil }
func (d does) Send(ctx context.Context, e *receiver.Event) error { return d(ctx, e) }

// bubble runs a test on a log in a time of its own.
func bubble(t *testing.T, test func(t *testing.T, log *sqlite.Log)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		log := openLog(t, filepath.Join(t.TempDir(), "events.db"))
		defer log.Close()
		known(t, log, "does")
		test(t, log)
	})
}

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func TestAnEventThatTheTargetHangsOnKeepsNoOtherWaiting(t *testing.T) {
	bubble(t, func(t *testing.T, log *sqlite.Log) {
		taken := make(chan time.Time, 100)
		target := does(func(ctx context.Context, e *receiver.Event) error {
			if e.ID == "bad" {
				return errors.Join(wait(ctx, 15*time.Second), errors.New("timeout"))
			}
			taken <- time.Now()
			return nil
		})
		add(t, log, event("bad", "PLACED", 0, receiver.Verified))
		_, stop := run(t, forward.Options{Log: log, Ledger: log, Target: target})
		defer stop()
		for i := range 10 {
			time.Sleep(10*time.Minute + time.Duration(i)*3*time.Second)
			came := time.Now()
			add(t, log, event(fmt.Sprint("good", i), "PLACED", i+1, receiver.Verified))
			assert.Less(t, (<-taken).Sub(came), time.Second)
		}
	})
}

func TestATargetThatAsksToWaitIsLeftAlone(t *testing.T) {
	bubble(t, func(t *testing.T, log *sqlite.Log) {
		var tries atomic.Int64
		target := does(func(context.Context, *receiver.Event) error {
			tries.Add(1)
			return &forward.Refused{Reason: "429", After: time.Minute, All: true}
		})
		_, stop := run(t, forward.Options{Log: log, Ledger: log, Target: target, Parallel: 1})
		defer stop()
		for i := range 50 {
			add(t, log, event(fmt.Sprint(i), "PLACED", i, receiver.Verified))
		}
		time.Sleep(10*time.Minute - time.Second)
		assert.EqualValues(t, 10, tries.Load())
	})
}

func TestWhatIsUnderWayAtTheEndIsNotSentTwice(t *testing.T) {
	for name, tc := range map[string]struct {
		takes time.Duration
		done  int64
	}{
		"an answer that comes soon": {time.Second, 1},
		"one that comes much later": {time.Hour, 0},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, log *sqlite.Log) {
				target := does(func(ctx context.Context, _ *receiver.Event) error { return wait(ctx, tc.takes) })
				add(t, log, event("a", "PLACED", 1, receiver.Verified), event("a", "FULFILLED", 2, receiver.Verified))
				_, stop := run(t, forward.Options{Log: log, Ledger: log, Target: target})
				synctest.Wait()
				ending := time.Now()
				stop()
				assert.LessOrEqual(t, time.Since(ending), 2*time.Second)
				p, _, err := log.Checkpoint(t.Context(), "does")
				require.NoError(t, err)
				assert.Equal(t, receiver.Checkpoint{Cursor: tc.done}, p)
			})
		})
	}
}

func TestAllThatWaitsForADeadTargetIsGivenUpInTime(t *testing.T) {
	bubble(t, func(t *testing.T, log *sqlite.Log) {
		for i := range 300 { // three events each
			add(t, log, event(fmt.Sprint(i%100), fmt.Sprint("S", i), i, receiver.Verified))
		}
		target := does(func(context.Context, *receiver.Event) error { return errors.New("connection refused") })
		f, stop := run(t, forward.Options{Log: log, Ledger: log, Target: target, GiveUp: time.Hour})
		defer stop()
		time.Sleep(59 * time.Minute)
		assert.Zero(t, f.Status().GivenUp)
		time.Sleep(2 * time.Minute)
		assert.EqualValues(t, 300, f.Status().GivenUp)
		assert.EqualValues(t, 300, f.Status().Cursor)
		failures, err := log.Failures(t.Context(), "does")
		require.NoError(t, err)
		require.Len(t, failures, 300)
		assert.Equal(t, "connection refused", failures[0].Reason)
	})
}

func TestAnEventWithoutAStatusKeepsItsPlaceToo(t *testing.T) {
	bubble(t, func(t *testing.T, log *sqlite.Log) {
		var order []int64
		var failed atomic.Bool
		target := does(func(_ context.Context, e *receiver.Event) error {
			if failed.CompareAndSwap(false, true) {
				return &forward.Refused{Reason: "not yet"}
			}
			order = append(order, e.Seq) // one at a time: they are of one order
			return nil
		})
		add(t, log, event("a", "PLACED", 1, receiver.Verified), event("a", "", 2, receiver.Verified), event("a", "FULFILLED", 3, receiver.Verified))
		_, stop := run(t, forward.Options{Log: log, Ledger: log, Target: target})
		time.Sleep(time.Minute)
		stop()
		assert.Equal(t, []int64{1, 2, 3}, order)
	})
}

func TestAFullDiskIsSaidOnce(t *testing.T) {
	bubble(t, func(t *testing.T, log *sqlite.Log) {
		var out bytes.Buffer
		target := does(func(context.Context, *receiver.Event) error { return nil })
		add(t, log, event("a", "PLACED", 1, receiver.Verified))
		_, stop := run(t, forward.Options{
			Log: log, Ledger: &full{log, 100}, Target: target, Logger: slog.New(slog.NewTextHandler(&out, nil)),
		})
		time.Sleep(3 * time.Minute)
		stop()
		assert.Equal(t, 1, strings.Count(out.String(), "no space left"))
		assert.Contains(t, out.String(), "can be saved again")
	})
}
