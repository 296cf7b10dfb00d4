package notify_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/notify"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/signature"
)

func TestABurstIsOneMessage(t *testing.T) {
	within(t, func(t *testing.T, a *recorder) {
		r := run(t, notify.Options{Rules: []notify.Rule{{When: when(t, "final kind:order"), Do: []notify.Action{a}}}},
			order("before", "FULFILLED"))
		for i := range 12 {
			status := receiver.Status("FULFILLED")
			switch {
			case i >= 11:
				status = "CANCELED"
			case i >= 8:
				status = "FAILED"
			}
			r.log.Add(order(fmt.Sprint(i), status), order(fmt.Sprint(i), "PLACED"))
		}
		after(999 * time.Millisecond)
		assert.Empty(t, a.take())
		after(time.Millisecond)
		assert.Equal(t, []string{"1s 12 orders changed: 8 FULFILLED, 3 FAILED, 1 CANCELED"}, a.take())
		assert.Equal(t, 12, a.last.Count)
	})
}

// Deliveries are accepted while Run starts. None of them is missed.
func TestWhatArrivesBeforeTheStartIsNew(t *testing.T) {
	within(t, func(t *testing.T, a *recorder) {
		o := rules(a)
		o.After = &receiver.Counts{LastSeq: 1}
		run(t, o, order("old", "FULFILLED"), order("new", "PLACED"))
		after(time.Second)
		require.Len(t, a.take(), 1)
		assert.Equal(t, 1, a.last.Count)
	})
}

func TestThereIsALeastTimeBetweenMessages(t *testing.T) {
	within(t, func(t *testing.T, a *recorder) {
		r := run(t, notify.Options{Rules: []notify.Rule{{Do: []notify.Action{a}, Every: time.Minute}}})
		for range 100 {
			r.log.Add(order("a", "PLACED"))
			after(time.Second)
		}
		assert.Equal(t, []string{"1s order a is PLACED", "1m1s order a is PLACED"}, a.take())
		after(time.Hour)
		assert.Equal(t, []string{"2m1s order a is PLACED"}, a.take())
		r.log.Add(order("b", "PLACED"))
		after(time.Second)
		assert.Len(t, a.take(), 1, "after a long time the next is sent soon")
	})
}

func TestTheLeastTimeHasADefault(t *testing.T) {
	within(t, func(t *testing.T, a *recorder) {
		r := run(t, rules(a))
		r.log.Add(order("a", "PLACED"))
		after(time.Second)
		r.log.Add(order("b", "PLACED"))
		after(notify.DefaultEvery)
		assert.Equal(t, []string{"1s order a is PLACED", "11s order b is PLACED"}, a.take())
	})
}

func TestQuietHoursEndWithOneMessage(t *testing.T) {
	within(t, func(t *testing.T, a *recorder) {
		r := run(t, notify.Options{Rules: []notify.Rule{{
			Do: []notify.Action{a}, Quiet: notify.Hours{From: 22 * time.Hour, To: 7 * time.Hour}, Every: time.Second,
		}}})
		for i := range 6 { // from midnight on
			r.log.Add(order(fmt.Sprint(i), "PLACED"))
			after(time.Hour)
		}
		assert.Empty(t, a.take())
		after(time.Hour)
		assert.Equal(t, []string{"7h0m0s 6 orders changed: all PLACED"}, a.take())
		r.log.Add(order("a", "PLACED"))
		after(time.Second)
		assert.Len(t, a.take(), 1)
	})
}

func TestSettingTheClockEndsQuietHours(t *testing.T) {
	within(t, func(t *testing.T, a *recorder) {
		var set atomic.Int64
		r := run(t, notify.Options{
			Now:   func() time.Time { return utc().Add(time.Duration(set.Load())) },
			Rules: []notify.Rule{{Do: []notify.Action{a}, Quiet: notify.Hours{To: 7 * time.Hour}}},
		})
		r.log.Add(order("a", "PLACED"))
		after(time.Minute)
		set.Store(int64(8 * time.Hour))
		after(time.Minute)
		assert.Len(t, a.take(), 1)
	})
}

func TestASlowActionDelaysNoOther(t *testing.T) {
	within(t, func(t *testing.T, a *recorder) {
		slow := &recorder{start: a.start, takes: time.Hour}
		r := run(t, notify.Options{Rules: []notify.Rule{{Do: []notify.Action{slow, a}, Every: time.Second}}})
		for range 3 {
			r.log.Add(order("a", "PLACED"))
			after(2 * time.Second)
		}
		assert.Len(t, a.take(), 3)
		assert.Empty(t, slow.take())
		after(2 * time.Minute)
		r.stop() // both messages took longer than allowed
		assert.Empty(t, slow.take())
	})
}

func TestOnlyTrustedDeliveriesAreSelectedByDefault(t *testing.T) {
	all := func() []*receiver.Event {
		return []*receiver.Event{
			order("a", "FULFILLED"),
			order("b", "FULFILLED", receivertest.As(receiver.Trusted)),
			order("c", "FULFILLED", receivertest.As(receiver.Partial)),
			order("d", "FULFILLED", receivertest.As(receiver.Unsigned)),
			rejected(signature.Stale), rejected(signature.Stale), rejected(signature.NoSecret),
		}
	}
	for expr, want := range map[string]string{
		"":                               "2 orders changed: all FULFILLED",
		"final":                          "2 orders changed: all FULFILLED",
		"-verdict:verified":              "order b is FULFILLED",
		"verdict:unsigned":               "order d is FULFILLED (unsigned)",
		"verdict:unsigned,trusted":       "2 orders changed: all FULFILLED (1 unsigned)",
		"verdict:rejected":               "3 deliveries rejected: 2 stale, 1 no-secret",
		"verdict:rejected -reason:stale": "1 delivery rejected: no-secret",
		"reason:stale":                   "2 deliveries rejected: all stale",
		"verdict:rejected,partial":       "1 order changed: FULFILLED; 3 deliveries rejected: 2 stale, 1 no-secret (1 partial)",
	} {
		t.Run(expr, func(t *testing.T) {
			within(t, func(t *testing.T, a *recorder) {
				r := run(t, notify.Options{Rules: []notify.Rule{{When: when(t, expr), Do: []notify.Action{a}}}}, all()...)
				r.log.Add(all()...)
				after(time.Second)
				assert.Equal(t, []string{"1s " + want}, a.take())
			})
		})
	}
}

func TestAcceptMaySelectMore(t *testing.T) {
	within(t, func(t *testing.T, a *recorder) {
		r := run(t, notify.Options{
			Rules:  []notify.Rule{{When: when(t, "final"), Do: []notify.Action{a}}},
			Accept: func(*receiver.Event) bool { return true },
		})
		r.log.Add(order("a", "FULFILLED", receivertest.As(receiver.Unsigned)), rejected(signature.Stale))
		after(time.Second)
		assert.Equal(t, []string{"1s order a is FULFILLED (unsigned)"}, a.take(), "rejected ones only if the filter asks for them")
	})
}

func TestTheEndSendsWhatWouldBePersistent(t *testing.T) {
	within(t, func(t *testing.T, a *recorder) {
		persistent := &recorder{start: a.start, persistent: true}
		quiet := notify.Hours{From: 0, To: 7 * time.Hour}
		r := run(t, notify.Options{Rules: []notify.Rule{{Do: []notify.Action{a, persistent}, Quiet: quiet}}})
		r.log.Add(order("a", "PLACED"))
		after(time.Minute)
		r.stop()
		require.NoError(t, r.err)
		assert.Equal(t, []string{"1m0s order a is PLACED"}, persistent.take(), "the other action drops it")
	})
}

func TestTheEndWaitsForTwoSeconds(t *testing.T) {
	within(t, func(t *testing.T, a *recorder) {
		slow := &recorder{start: a.start, persistent: true, takes: time.Hour}
		r := run(t, rules(slow))
		r.log.Add(order("a", "PLACED"))
		after(2 * time.Second) // the first one is being sent
		r.log.Add(order("b", "PLACED"))
		after(time.Second)
		stopped := time.Now()
		r.stop()
		assert.Equal(t, 2*time.Second, time.Since(stopped))
	})
}

func TestALogThatFailsIsReadAgain(t *testing.T) {
	within(t, func(t *testing.T, a *recorder) {
		var out bytes.Buffer
		r := run(t, notify.Options{Rules: []notify.Rule{{Do: []notify.Action{a}}}, Logger: slog.New(slog.NewTextHandler(&out, nil))})
		r.log.FailTimes(3, errors.New("the disk is asleep"))
		r.log.Add(order("a", "PLACED"))
		after(time.Minute)
		assert.Len(t, a.take(), 1)
		r.stop()
		assert.Equal(t, 1, strings.Count(out.String(), "can't read"))
		assert.Contains(t, out.String(), "the disk is asleep")
		assert.Equal(t, 1, strings.Count(out.String(), "can be read again"))
	})
}

func TestAClosedLogEndsRun(t *testing.T) {
	within(t, func(t *testing.T, a *recorder) {
		r := run(t, rules(a))
		require.NoError(t, r.log.Close())
		after(0)
		r.stop()
		require.ErrorIs(t, r.err, receiver.ErrClosed)
	})
}

func TestAnActionThatFailsIsLoggedOnce(t *testing.T) {
	within(t, func(t *testing.T, a *recorder) {
		var out bytes.Buffer
		a.err = errors.New("no paper")
		r := run(t, notify.Options{Rules: []notify.Rule{{Name: "mine", Do: []notify.Action{a}}}, Logger: slog.New(slog.NewTextHandler(&out, nil))})
		send := func() {
			r.log.Add(order("a", "PLACED"))
			after(time.Minute)
			a.take()
		}
		send()
		send()
		a.err = nil
		send()
		send()
		r.stop()
		assert.Equal(t, 1, strings.Count(out.String(), "no paper"))
		assert.Equal(t, 1, strings.Count(out.String(), "again"))
		assert.Contains(t, out.String(), "rule=mine")
	})
}

func TestARuleNeedsAnAction(t *testing.T) {
	err := notify.Run(t.Context(), notify.Options{Rules: []notify.Rule{{Name: "mute"}}})
	require.ErrorContains(t, err, `"mute"`)
	require.NoError(t, notify.Run(t.Context(), notify.Options{}), "without rules")
}

func TestCleanCanBeReplaced(t *testing.T) {
	within(t, func(t *testing.T, a *recorder) {
		r := run(t, notify.Options{
			Rules: []notify.Rule{{Do: []notify.Action{a}}},
			Clean: func(s string, max int) string { return strings.ToLower(s[:min(len(s), max)]) },
		})
		r.log.Add(order("A", "PLACED"))
		after(time.Second)
		assert.Equal(t, []string{"1s order a is placed"}, a.take())
	})
}
