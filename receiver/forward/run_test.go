package forward_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
)

func TestANewTargetBeginsWithWhatComesIn(t *testing.T) {
	log := newLog(t)
	add(t, log, event("a", "PLACED", 1, receiver.Verified))
	target := newFake(nil)
	f, stop := run(t, forward.Options{Log: log, Ledger: log, Target: target})
	require.Eventually(t, func() bool { // it knows its place
		_, ok, err := log.Checkpoint(t.Context(), "fake")
		return ok && err == nil
	}, 10*time.Second, time.Millisecond)
	add(t, log, event("a", "FULFILLED", 2, receiver.Verified))
	target.await(1)
	stop()
	assert.Equal(t, []int64{2}, target.list())
	assert.EqualValues(t, 1, f.Status().Sent)
	p, ok, err := log.Checkpoint(t.Context(), "fake")
	require.NoError(t, err)
	assert.True(t, ok)
	assert.Equal(t, receiver.Checkpoint{Cursor: 2}, p)
}

func TestOnlyWhatIsTrustedIsHandedOn(t *testing.T) {
	for name, tc := range map[string]struct {
		accept func(*receiver.Event) bool
		want   []int64
	}{
		"by default":  {nil, []int64{1, 2}},
		"partial too": {forward.Accepts(true, false), []int64{1, 2, 3}},
		"all":         {forward.Accepts(true, true), []int64{1, 2, 3, 4}},
	} {
		t.Run(name, func(t *testing.T) {
			log, target := newLog(t), newFake(nil)
			known(t, log, target.name)
			for i, v := range []receiver.Verdict{receiver.Verified, receiver.Trusted, receiver.Partial, receiver.Unsigned} {
				add(t, log, event("a", "S", i, v))
			}
			_, stop := run(t, forward.Options{Log: log, Ledger: log, Target: target, Accept: tc.accept})
			target.await(len(tc.want))
			stop()
			assert.Equal(t, tc.want, target.list())
		})
	}
}

func TestWhatFailsIsTriedAgainInTheOrderOfItsIdWhileOthersGoOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := openLog(t, filepath.Join(t.TempDir(), "events.db"))
		defer log.Close()
		healed := false
		target := newFake(func(e *receiver.Event) error {
			if e.ID == "bad" && !healed {
				return &forward.Refused{Reason: "not now"}
			}
			return nil
		})
		known(t, log, target.name)
		add(t, log,
			event("bad", "PLACED", 1, receiver.Verified), event("good", "PLACED", 2, receiver.Verified),
			event("bad", "FULFILLED", 3, receiver.Verified), event("good", "FULFILLED", 4, receiver.Verified), event("", "", 5, receiver.Verified))
		f, stop := run(t, forward.Options{Log: log, Ledger: log, Target: target})
		defer stop()
		time.Sleep(time.Minute)
		assert.ElementsMatch(t, []int64{2, 4, 5}, target.list())
		assert.Equal(t, 0, target.tried(3), "the order of its id")
		assert.InDelta(t, 60/15+5, target.tried(1), 3, "at most 15 s apart")
		s := f.Status()
		assert.Equal(t, "not now", s.Err)
		assert.Zero(t, s.Cursor)

		target.mu.Lock()
		healed = true
		target.mu.Unlock()
		time.Sleep(20 * time.Second)
		assert.Equal(t, []int64{1, 3}, target.list()[3:])
		s = f.Status()
		assert.True(t, s.Failing.IsZero())
		assert.EqualValues(t, 5, s.Cursor)
	})
}

func TestATargetIsLookedForAtTheStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := openLog(t, filepath.Join(t.TempDir(), "events.db"))
		defer log.Close()
		target := newFake(nil)
		target.away = errors.New("nobody there")
		known(t, log, target.name)
		f, stop := run(t, forward.Options{Log: log, Ledger: log, Target: target, Wanted: func(e *receiver.Event) bool { return e.Status == "FULFILLED" }})
		defer stop()
		synctest.Wait()
		assert.Equal(t, "nobody there", f.Status().Err)
		assert.False(t, f.Status().Failing.IsZero())
		add(t, log, event("a", "PLACED", 1, receiver.Verified), event("a", "FULFILLED", 2, receiver.Verified))
		time.Sleep(time.Second)
		assert.Equal(t, []int64{2}, target.list(), "what is wanted")
		assert.Empty(t, f.Status().Err)
		assert.EqualValues(t, 2, f.Status().Cursor)
	})
}

func TestATargetMayAskToWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := openLog(t, filepath.Join(t.TempDir(), "events.db"))
		defer log.Close()
		began := time.Now()
		target := newFake(func(*receiver.Event) error {
			if time.Since(began) < 90*time.Second {
				return &forward.Refused{Reason: "later", After: 100 * time.Second}
			}
			return nil
		})
		known(t, log, target.name)
		add(t, log, event("a", "PLACED", 1, receiver.Verified))
		_, stop := run(t, forward.Options{Log: log, Ledger: log, Target: target})
		defer stop()
		time.Sleep(99 * time.Second)
		assert.Equal(t, 1, target.tried(1))
		time.Sleep(2 * time.Second)
		assert.Equal(t, []int64{1}, target.list())
	})
}

func TestWhatIsNotTakenForTooLongIsKeptOnAList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := openLog(t, filepath.Join(t.TempDir(), "events.db"))
		defer log.Close()
		bad := true
		target := newFake(func(e *receiver.Event) error {
			if e.Seq == 1 && bad {
				return &forward.Refused{Reason: "never"}
			}
			return nil
		})
		known(t, log, target.name)
		add(t, log, event("a", "PLACED", 1, receiver.Verified), event("a", "FULFILLED", 2, receiver.Verified))
		f, stop := run(t, forward.Options{Log: log, Ledger: log, Target: target, GiveUp: time.Hour})
		defer stop()
		time.Sleep(time.Hour - time.Second)
		assert.Empty(t, target.list())
		time.Sleep(2 * time.Second)
		assert.Equal(t, []int64{2}, target.list(), "what comes after it goes on")
		assert.EqualValues(t, 1, f.Status().GivenUp)
		failures, err := log.Failures(t.Context(), "fake")
		require.NoError(t, err)
		require.Len(t, failures, 1)
		assert.Equal(t, "never", failures[0].Reason)
		assert.Equal(t, target.tried(1), failures[0].Tries)
		assert.Greater(t, failures[0].Tries, 200)

		events, err := log.Events(t.Context(), receiver.EventQuery{})
		require.NoError(t, err)
		require.ErrorContains(t, f.SendNow(t.Context(), events[0]), "never")
		target.mu.Lock()
		bad = false
		target.mu.Unlock()
		require.NoError(t, f.SendNow(t.Context(), events[0]))
		failures, err = log.Failures(t.Context(), "")
		require.NoError(t, err)
		assert.Empty(t, failures)
		e := *events[0]
		e.Verdict = receiver.Partial
		assert.ErrorContains(t, f.SendNow(t.Context(), &e), "partial")
	})
}

func TestRestartsAreNoReasonToTryForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := openLog(t, filepath.Join(t.TempDir(), "events.db"))
		defer log.Close()
		target := newFake(func(*receiver.Event) error { return &forward.Refused{Reason: "never"} })
		known(t, log, target.name)
		add(t, log, event("a", "PLACED", 1, receiver.Verified))
		began := time.Now()
		for range 3 {
			_, stop := run(t, forward.Options{Log: log, Ledger: log, Target: target, GiveUp: time.Hour})
			time.Sleep(25 * time.Minute)
			stop()
		}
		failures, err := log.Failures(t.Context(), target.name)
		require.NoError(t, err)
		require.Len(t, failures, 1)
		assert.InDelta(t, time.Hour.Seconds(), failures[0].At.Sub(began).Seconds(), 1)
	})
}

func TestAnOldEventIsTriedForAWhileAfterAStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := openLog(t, filepath.Join(t.TempDir(), "events.db"))
		defer log.Close()
		began := time.Now()
		target := newFake(func(*receiver.Event) error {
			if time.Since(began) < 9*time.Minute+48*time.Hour {
				return &forward.Refused{Reason: "not yet"}
			}
			return nil
		})
		known(t, log, target.name)
		add(t, log, event("a", "PLACED", 1, receiver.Verified))
		time.Sleep(48 * time.Hour)
		f, stop := run(t, forward.Options{Log: log, Ledger: log, Target: target, GiveUp: time.Hour})
		defer stop()
		time.Sleep(10 * time.Minute)
		assert.Equal(t, []int64{1}, target.list())
		assert.Zero(t, f.Status().GivenUp)
	})
}

func TestATargetOutOfReachIsTriedByOneAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := openLog(t, filepath.Join(t.TempDir(), "events.db"))
		defer log.Close()
		down, all := true, 0
		target := newFake(func(*receiver.Event) error {
			if all++; down {
				return errors.New("connection refused")
			}
			return nil
		})
		known(t, log, target.name)
		for i := range 300 {
			add(t, log, event(string(rune('a'+i)), "PLACED", i, receiver.Verified))
		}
		_, stop := run(t, forward.Options{Log: log, Ledger: log, Target: target})
		defer stop()
		time.Sleep(time.Hour)
		target.mu.Lock()
		assert.Less(t, all, 300+400, "each once, then one attempt in 9 to 15 s, however many wait")
		down = false
		target.mu.Unlock()
		time.Sleep(40 * time.Second)
		assert.Len(t, target.list(), 300)
	})
}

// full is a ledger on a disk that is full for its first saves.
type full struct {
	receiver.Checkpoints
	left int
}

func (l *full) SaveCheckpoint(ctx context.Context, reader string, p receiver.Checkpoint) error {
	if l.left--; l.left >= 0 {
		return errors.New("no space left on device")
	}
	return l.Checkpoints.SaveCheckpoint(ctx, reader, p)
}

func TestProgressThatCanNotBeSavedIsSavedLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := openLog(t, filepath.Join(t.TempDir(), "events.db"))
		defer log.Close()
		target := newFake(nil)
		known(t, log, target.name)
		add(t, log, event("a", "PLACED", 1, receiver.Verified))
		_, stop := run(t, forward.Options{Log: log, Ledger: &full{log, 5}, Target: target})
		time.Sleep(10 * time.Second)
		p, _, err := log.Checkpoint(t.Context(), target.name)
		require.NoError(t, err)
		assert.Equal(t, receiver.Checkpoint{Cursor: 1}, p)
		stop()
		assert.Equal(t, []int64{1}, target.list(), "once all the same")
	})
}

func TestASecondRunGoesOnWhereTheFirstStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := openLog(t, filepath.Join(t.TempDir(), "events.db"))
		defer log.Close()
		stuck := newFake(func(e *receiver.Event) error {
			if e.Seq == 3 {
				return &forward.Refused{Reason: "no"}
			}
			return nil
		})
		known(t, log, stuck.name)
		for i := range 6 {
			add(t, log, event(string(rune('a'+i)), "PLACED", i, receiver.Verified))
		}
		_, stop := run(t, forward.Options{Log: log, Ledger: log, Target: stuck})
		time.Sleep(time.Second)
		stop()
		p, _, err := log.Checkpoint(t.Context(), stuck.name)
		require.NoError(t, err)
		assert.Equal(t, receiver.Checkpoint{Cursor: 2, Done: []int64{4, 5, 6}}, p)

		healed := newFake(nil)
		_, stop = run(t, forward.Options{Log: log, Ledger: log, Target: healed})
		time.Sleep(time.Second)
		stop()
		assert.Equal(t, []int64{3}, healed.list())
		p, _, err = log.Checkpoint(t.Context(), stuck.name)
		require.NoError(t, err)
		assert.Equal(t, receiver.Checkpoint{Cursor: 6}, p)
	})
}
