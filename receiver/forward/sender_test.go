//go:build unix

package forward_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
)

func TestATargetMayAskToWait(t *testing.T) {
	within(t, func(t *testing.T, r *rig) {
		began := time.Now()
		target := newFake(func(*receiver.Event) error {
			if time.Since(began) < 90*time.Second {
				return &forward.Refused{Reason: "later", After: 100 * time.Second}
			}
			return nil
		})
		r.add(event("a", "PLACED"))
		_, stop := r.run(target)
		defer stop()
		time.Sleep(99 * time.Second)
		assert.Equal(t, 1, target.tried(1))
		time.Sleep(2 * time.Second)
		assert.Equal(t, []int64{1}, target.list())
	})
}

func TestAnEventThatIsNotTakenIsGivenUp(t *testing.T) {
	within(t, func(t *testing.T, r *rig) {
		target := newFake(func(e *receiver.Event) error {
			if e.Seq == 1 {
				return &forward.Refused{Reason: "never"}
			}
			return nil
		})
		r.add(event("a", "PLACED"), event("a", "FULFILLED"))
		f, stop := r.run(target, giveUpAfterAnHour)
		defer stop()
		time.Sleep(time.Hour - time.Second)
		assert.Empty(t, target.list())
		time.Sleep(2 * time.Second)
		assert.Equal(t, []int64{2}, target.list(), "the next event of the order is sent then")
		assert.EqualValues(t, 1, f.Status().GivenUp)
		failures := r.failures()
		require.Len(t, failures, 1)
		assert.Equal(t, "never", failures[0].Reason)
		assert.Equal(t, target.tried(1), failures[0].Tries)
		assert.InDelta(t, 7+60/1.6, failures[0].Tries, 8, "the waits grow to two minutes")
	})
}

func TestRestartsDoNotExtendTheTimeToGiveUp(t *testing.T) {
	within(t, func(t *testing.T, r *rig) {
		target := newFake(func(*receiver.Event) error { return &forward.Refused{Reason: "never"} })
		r.add(event("a", "PLACED"))
		began := time.Now()
		for range 3 {
			_, stop := r.run(target, giveUpAfterAnHour)
			time.Sleep(25 * time.Minute)
			stop()
		}
		failures := r.failures()
		require.Len(t, failures, 1)
		assert.InDelta(t, time.Hour.Seconds(), failures[0].At.Sub(began).Seconds(), 1)
	})
}

func TestAnOldEventIsTriedForTenMinutesAfterAStart(t *testing.T) {
	within(t, func(t *testing.T, r *rig) {
		began := time.Now()
		target := newFake(func(*receiver.Event) error {
			if time.Since(began) < 9*time.Minute+48*time.Hour {
				return &forward.Refused{Reason: "not yet"}
			}
			return nil
		})
		r.add(event("a", "PLACED"))
		time.Sleep(48 * time.Hour)
		f, stop := r.run(target, giveUpAfterAnHour)
		defer stop()
		time.Sleep(10*time.Minute + time.Second) // the last attempt is after ten minutes
		assert.Equal(t, []int64{1}, target.list())
		assert.Zero(t, f.Status().GivenUp)
	})
}

// An event that was admitted long after it came has the whole time from then on.
func TestTheTimeOfAnAdmittedEventBeginsWithItsAdmission(t *testing.T) {
	within(t, func(t *testing.T, r *rig) {
		target := newFake(func(*receiver.Event) error { return &forward.Refused{Reason: "not yet"} })
		f, stop := r.run(target, giveUpAfterAnHour)
		defer stop()
		time.Sleep(48 * time.Hour)
		e := event("a", "PLACED")
		e.ReceivedAt, e.Admitted = time.Now().Add(-40*time.Hour), time.Now()
		r.log.Add(e)
		time.Sleep(50 * time.Minute)
		assert.Zero(t, f.Status().GivenUp)
		target.heal()
		time.Sleep(5 * time.Minute)
		assert.Equal(t, []int64{1}, target.list())
	})
}

func TestAllEventsForADeadTargetAreGivenUpInTime(t *testing.T) {
	within(t, func(t *testing.T, r *rig) {
		for i := range 300 { // three events for each order
			r.add(event(fmt.Sprint(i%100), fmt.Sprint("S", i)))
		}
		target := newFake(func(*receiver.Event) error { return errors.New("connection refused") })
		f, stop := r.run(target, giveUpAfterAnHour)
		defer stop()
		time.Sleep(59 * time.Minute)
		assert.Zero(t, f.Status().GivenUp)
		time.Sleep(2 * time.Minute)
		assert.EqualValues(t, 300, f.Status().GivenUp)
		assert.EqualValues(t, 300, f.Status().Cursor)
		failures := r.failures()
		require.Len(t, failures, 300)
		assert.Equal(t, "connection refused", failures[0].Reason)
	})
}

func TestAnAttemptUnderWayMayEnd(t *testing.T) {
	for name, tc := range map[string]struct {
		takes time.Duration
		done  int64
	}{
		"an answer within two seconds": {time.Second, 1},
		"an answer much later":         {time.Hour, 0},
	} {
		t.Run(name, func(t *testing.T) {
			within(t, func(t *testing.T, r *rig) {
				r.add(event("a", "PLACED"), event("a", "FULFILLED"))
				_, stop := r.run(send(func(ctx context.Context, _ *receiver.Event) error { return wait(ctx, tc.takes) }))
				synctest.Wait()
				ending := time.Now()
				stop()
				assert.LessOrEqual(t, time.Since(ending), 2*time.Second)
				assert.Equal(t, receiver.Checkpoint{Cursor: tc.done}, r.checkpoint())
			})
		})
	}
}

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// The wall clock of an arrival says that it was a year ago, or will be in a year: the
// clock was set in between. The event came after the start, so it is tried for 24 hours.
func TestAClockThatIsSetGivesNoEventUp(t *testing.T) {
	for _, off := range []time.Duration{-365 * 24 * time.Hour, 365 * 24 * time.Hour} {
		within(t, func(t *testing.T, r *rig) {
			target := newFake(func(*receiver.Event) error { return errors.New("not now") })
			_, stop := r.run(target)
			defer stop()
			for i := range 3 {
				time.Sleep(time.Hour)
				e := event(fmt.Sprint("o-", i), "PLACED")
				e.ReceivedAt = time.Now().Add(off)
				r.log.Add(e)
			}
			time.Sleep(20 * time.Hour)
			assert.Empty(t, r.failures())
			time.Sleep(8 * time.Hour)
			assert.Len(t, r.failures(), 3)
		})
	}
}

// What a stopped program left is tried for ten minutes, also if the time of each event is shorter.
func TestAStartGivesTenMinutesAlsoIfTheTimeIsShorter(t *testing.T) {
	within(t, func(t *testing.T, r *rig) {
		target := newFake(func(*receiver.Event) error { return errors.New("not now") })
		for i := range 50 {
			r.add(event(fmt.Sprint("o-", i), "PLACED"))
		}
		aMinute := func(o *forward.Options) { o.GiveUp = time.Minute }
		f, stop := r.run(target, aMinute)
		defer stop()
		time.Sleep(8 * time.Minute)
		assert.Empty(t, r.failures())
		r.add(event("new", "PLACED"))
		time.Sleep(62 * time.Second)
		assert.Equal(t, []int64{51}, seqs(r.failures()), "an event that came since the start has its minute only")
		time.Sleep(2 * time.Minute)
		assert.EqualValues(t, 51, f.Status().GivenUp)
	})
}

// A target that takes nothing is asked with one event at a time, so most are not tried while
// they wait. Each is sent once before it is given up.
func TestNoEventIsGivenUpUntried(t *testing.T) {
	within(t, func(t *testing.T, r *rig) {
		target := newFake(func(*receiver.Event) error { return errors.New("not now") })
		for i := range 200 {
			r.add(event(fmt.Sprint("o-", i), "PLACED"))
		}
		_, stop := r.run(target, giveUpAfterAnHour)
		defer stop()
		time.Sleep(time.Hour - time.Second)
		require.Less(t, target.triedInAll(), 100)
		time.Sleep(time.Minute)
		failures := r.failures()
		require.Len(t, failures, 200)
		for _, f := range failures {
			assert.Positive(t, f.Tries, "event %d", f.Seq)
			assert.Equal(t, "not now", f.Reason)
		}
	})
}

// A target that works again when the time of an untried event is over takes it.
func TestTheLastChanceOfAnEventIsAnAttempt(t *testing.T) {
	within(t, func(t *testing.T, r *rig) {
		target := newFake(func(*receiver.Event) error { return errors.New("not now") })
		for i := range 200 {
			r.add(event(fmt.Sprint("o-", i), "PLACED"))
		}
		_, stop := r.run(target, giveUpAfterAnHour)
		defer stop()
		time.Sleep(time.Hour - time.Second)
		target.heal()
		time.Sleep(3 * time.Second)
		assert.Greater(t, len(target.list()), 100)
		for _, f := range r.failures() {
			assert.Positive(t, f.Tries, "event %d", f.Seq)
		}
	})
}

// A target that asks to be left alone is not asked earlier because an event's time is over.
func TestATargetThatAsksToWaitIsLeftAloneAlsoByOverdueEvents(t *testing.T) {
	within(t, func(t *testing.T, r *rig) {
		target := newFake(func(*receiver.Event) error {
			return &forward.Refused{Reason: "too many", After: 50 * time.Minute, All: true}
		})
		for i := range 20 {
			r.add(event(fmt.Sprint("o-", i), "PLACED"))
		}
		_, stop := r.run(target, giveUpAfterAnHour)
		defer stop()
		time.Sleep(80 * time.Minute)
		tried := target.triedInAll()
		assert.Less(t, tried, 20)
		target.heal()
		time.Sleep(time.Hour)
		assert.Len(t, target.list(), 20-len(r.failures()))
		for _, f := range r.failures() {
			assert.Positive(t, f.Tries, "event %d", f.Seq)
		}
	})
}

func seqs(failures []receiver.Failure) (all []int64) {
	for _, f := range failures {
		all = append(all, f.Seq)
	}
	return all
}
