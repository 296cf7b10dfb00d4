//go:build unix

package forward_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
	"github.com/up42/up42-webhooks/receiver/receivertest"
)

func TestANewTargetGetsOnlyNewEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, event("a", "PLACED"))
		target := newFake(nil)
		f, stop := r.run(target)
		synctest.Wait()
		assert.Equal(t, receiver.Checkpoint{Cursor: 1}, r.checkpoint(), "saved before anything arrives")
		r.add(event("a", "FULFILLED"))
		time.Sleep(time.Second)
		stop()
		assert.Equal(t, []int64{2}, target.list())
		assert.EqualValues(t, 1, f.Status().Sent)
		assert.Equal(t, receiver.Checkpoint{Cursor: 2}, r.checkpoint())
	})
}

func TestOnlyAcceptedEventsAreForwarded(t *testing.T) {
	for name, tc := range map[string]struct {
		accept func(*receiver.Event) bool
		want   []int64
	}{
		"by default":  {nil, []int64{1, 2}},
		"partial too": {forward.Accepts(true, false), []int64{1, 2, 3}},
		"all":         {forward.Accepts(true, true), []int64{1, 2, 3, 4}},
	} {
		t.Run(name, func(t *testing.T) {
			within(t, func(t *testing.T, r *rig) {
				target := newFake(nil)
				for _, v := range []receiver.Verdict{receiver.Verified, receiver.Trusted, receiver.Partial, receiver.Unsigned} {
					r.add(event("a", "S", receivertest.As(v)))
				}
				_, stop := r.run(target, func(o *forward.Options) { o.Accept = tc.accept })
				time.Sleep(time.Minute)
				stop()
				assert.Equal(t, tc.want, target.list())
			})
		})
	}
}

func TestAnEventThatFailsHoldsUpItsOrderOnly(t *testing.T) {
	within(t, func(t *testing.T, r *rig) {
		target := newFake(func(e *receiver.Event) error {
			if e.ID == "bad" {
				return &forward.Refused{Reason: "not now"}
			}
			return nil
		})
		r.add(event("bad", "PLACED"), event("good", "PLACED"), event("bad", "FULFILLED"), event("good", "FULFILLED"), event("", ""))
		f, stop := r.run(target)
		defer stop()
		time.Sleep(time.Minute)
		assert.ElementsMatch(t, []int64{2, 4, 5}, target.list())
		assert.Equal(t, 0, target.tried(3), "it waits for the first event of its order")
		assert.InDelta(t, 7, target.tried(1), 1, "the waits grow")
		s := f.Status()
		assert.Equal(t, "not now", s.Err)
		assert.Zero(t, s.Cursor)

		target.heal()
		time.Sleep(2 * time.Minute)
		assert.Equal(t, []int64{1, 3}, target.list()[3:])
		s = f.Status()
		assert.True(t, s.Failing.IsZero())
		assert.EqualValues(t, 5, s.Cursor)
	})
}

func TestAnEventWithoutAStatusKeepsTheOrderToo(t *testing.T) {
	within(t, func(t *testing.T, r *rig) {
		failed := false
		target := newFake(func(*receiver.Event) error {
			if !failed {
				failed = true
				return &forward.Refused{Reason: "not yet"}
			}
			return nil
		})
		r.add(event("a", "PLACED"), event("a", ""), event("a", "FULFILLED"))
		_, stop := r.run(target)
		time.Sleep(time.Minute)
		stop()
		assert.Equal(t, []int64{1, 2, 3}, target.list())
	})
}

func TestATargetIsCheckedAtTheStart(t *testing.T) {
	within(t, func(t *testing.T, r *rig) {
		target := newFake(nil)
		target.unreachable = errors.New("connection refused")
		f, stop := r.run(target, func(o *forward.Options) {
			o.Wanted = func(e *receiver.Event) bool { return e.Status == "FULFILLED" }
		})
		defer stop()
		synctest.Wait()
		assert.Equal(t, "connection refused", f.Status().Err)
		assert.False(t, f.Status().Failing.IsZero())
		r.add(event("a", "PLACED"), event("a", "FULFILLED"))
		time.Sleep(time.Second)
		assert.Equal(t, []int64{2}, target.list(), "the wanted one")
		assert.Empty(t, f.Status().Err)
		assert.EqualValues(t, 2, f.Status().Cursor)
	})
}

func TestSendNowRemovesTheFailure(t *testing.T) {
	within(t, func(t *testing.T, r *rig) {
		target := newFake(func(*receiver.Event) error { return &forward.Refused{Reason: "never"} })
		e := event("a", "PLACED")
		r.add(e)
		f, stop := r.run(target, giveUpAfterAnHour)
		defer stop()
		time.Sleep(2 * time.Hour)
		require.Len(t, r.failures(), 1)
		require.ErrorContains(t, f.SendNow(t.Context(), e), "never")
		require.Len(t, r.failures(), 1)
		target.heal()
		require.NoError(t, f.SendNow(t.Context(), e))
		assert.Empty(t, r.failures())
		e.Verdict = receiver.Partial
		assert.ErrorContains(t, f.SendNow(t.Context(), e), "event 1 may not be forwarded: it is partial")
	})
}

func TestASecondRunContinuesWhereTheFirstStopped(t *testing.T) {
	within(t, func(t *testing.T, r *rig) {
		target := newFake(func(e *receiver.Event) error {
			if e.Seq == 3 {
				return &forward.Refused{Reason: "no"}
			}
			return nil
		})
		for i := range 6 {
			r.add(event(string(rune('a'+i)), "PLACED"))
		}
		_, stop := r.run(target)
		time.Sleep(time.Second)
		stop()
		assert.Equal(t, receiver.Checkpoint{Cursor: 2, Done: []receiver.Span{{First: 4, Last: 6}}}, r.checkpoint())

		healed := newFake(nil)
		_, stop = r.run(healed)
		time.Sleep(time.Second)
		stop()
		assert.Equal(t, []int64{3}, healed.list())
		assert.Equal(t, receiver.Checkpoint{Cursor: 6}, r.checkpoint())
	})
}

func TestAClosedLogEndsRun(t *testing.T) {
	within(t, func(t *testing.T, r *rig) {
		f := forward.New(forward.Options{Log: r.log, Checkpoints: r.log, Target: newFake(nil)})
		require.NoError(t, f.Prepare(t.Context()))
		require.NoError(t, r.log.Close())
		require.NoError(t, f.Run(t.Context()))
	})
}
