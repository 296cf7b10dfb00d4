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
	"github.com/up42/up42-webhooks/receiver/signature"
)

func TestABurstIsOneMessage(t *testing.T) {
	bubble(t, func(t *testing.T, a *told) {
		r := run(t, notify.Options{Rules: []notify.Rule{{When: when(t, "final kind:order"), Do: []notify.Action{a}}}},
			one("before", "FULFILLED"))
		for i := range 12 {
			status := receiver.Status("FULFILLED")
			switch {
			case i >= 11:
				status = "CANCELED"
			case i >= 8:
				status = "FAILED"
			}
			r.log.add(one(fmt.Sprint(i), status), one(fmt.Sprint(i), "PLACED"))
		}
		after(999 * time.Millisecond)
		assert.Empty(t, a.all())
		after(time.Millisecond)
		assert.Equal(t, []string{"1s 12 orders changed: 8 FULFILLED, 3 FAILED, 1 CANCELED"}, a.all())
		assert.Equal(t, 12, a.last.Count)
	})
}

func TestMessagesKeepTheirDistance(t *testing.T) {
	bubble(t, func(t *testing.T, a *told) {
		r := run(t, notify.Options{Rules: []notify.Rule{{Do: []notify.Action{a}, Every: time.Minute}}})
		for range 100 {
			r.log.add(one("a", "PLACED"))
			after(time.Second)
		}
		assert.Equal(t, []string{"1s order a is PLACED", "1m1s order a is PLACED"}, a.all())
		after(time.Hour)
		assert.Equal(t, []string{"2m1s order a is PLACED"}, a.all())
		r.log.add(one("b", "PLACED"))
		after(time.Second)
		assert.Len(t, a.all(), 1, "after a long time the next is told soon")
	})
}

func TestWithoutEveryThereIsADefault(t *testing.T) {
	bubble(t, func(t *testing.T, a *told) {
		r := run(t, notify.Options{Rules: []notify.Rule{{Do: []notify.Action{a}}}})
		r.log.add(one("a", "PLACED"))
		after(time.Second)
		r.log.add(one("b", "PLACED"))
		after(notify.DefaultEvery)
		assert.Equal(t, []string{"1s order a is PLACED", "11s order b is PLACED"}, a.all())
	})
}

func TestQuietHoursEndWithOneMessage(t *testing.T) {
	bubble(t, func(t *testing.T, a *told) {
		r := run(t, notify.Options{Rules: []notify.Rule{{
			Do: []notify.Action{a}, Quiet: notify.Hours{From: 22 * time.Hour, To: 7 * time.Hour}, Every: time.Second,
		}}})
		for i := range 6 { // it is midnight
			r.log.add(one(fmt.Sprint(i), "PLACED"))
			after(time.Hour)
		}
		assert.Empty(t, a.all())
		after(time.Hour)
		assert.Equal(t, []string{"7h0m0s 6 orders changed: all PLACED"}, a.all())
		r.log.add(one("a", "PLACED"))
		after(time.Second)
		assert.Len(t, a.all(), 1)
	})
}

func TestAClockThatIsSetEndsQuietHours(t *testing.T) {
	bubble(t, func(t *testing.T, a *told) {
		var set atomic.Int64
		r := run(t, notify.Options{
			Now:   func() time.Time { return utc().Add(time.Duration(set.Load())) },
			Rules: []notify.Rule{{Do: []notify.Action{a}, Quiet: notify.Hours{To: 7 * time.Hour}}},
		})
		r.log.add(one("a", "PLACED"))
		after(time.Minute)
		set.Store(int64(8 * time.Hour))
		after(time.Minute)
		assert.Len(t, a.all(), 1)
	})
}

func TestASlowWayHoldsNobodyUp(t *testing.T) {
	bubble(t, func(t *testing.T, a *told) {
		slow := &told{start: a.start, takes: time.Hour}
		r := run(t, notify.Options{Rules: []notify.Rule{{Do: []notify.Action{slow, a}, Every: time.Second}}})
		for range 3 {
			r.log.add(one("a", "PLACED"))
			after(2 * time.Second)
		}
		assert.Len(t, a.all(), 3)
		assert.Empty(t, slow.all())
		after(2 * time.Minute)
		r.stop() // both messages took longer than a message may
		assert.Empty(t, slow.all())
	})
}

func TestOnlyTrustedDeliveriesAreTold(t *testing.T) {
	all := func() []*receiver.Event {
		return []*receiver.Event{
			one("a", "FULFILLED"),
			with(one("b", "FULFILLED"), func(e *receiver.Event) { e.Verdict = receiver.Trusted }),
			with(one("c", "FULFILLED"), func(e *receiver.Event) { e.Verdict = receiver.Partial }),
			with(one("d", "FULFILLED"), func(e *receiver.Event) { e.Verdict = receiver.Unsigned }),
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
			bubble(t, func(t *testing.T, a *told) {
				r := run(t, notify.Options{Rules: []notify.Rule{{When: when(t, expr), Do: []notify.Action{a}}}}, all()...)
				r.log.add(all()...)
				after(time.Second)
				assert.Equal(t, []string{"1s " + want}, a.all())
			})
		})
	}
}

func TestTheOwnerMayAcceptMore(t *testing.T) {
	bubble(t, func(t *testing.T, a *told) {
		r := run(t, notify.Options{
			Rules:  []notify.Rule{{When: when(t, "final"), Do: []notify.Action{a}}},
			Accept: func(*receiver.Event) bool { return true },
		})
		r.log.add(with(one("a", "FULFILLED"), func(e *receiver.Event) { e.Verdict = receiver.Unsigned }), rejected(signature.Stale))
		after(time.Second)
		assert.Equal(t, []string{"1s order a is FULFILLED (unsigned)"}, a.all(), "rejected ones have to be asked for")
	})
}

func TestWhatAMessageSays(t *testing.T) {
	job := func(id string, s receiver.Status) *receiver.Event {
		return with(one(id, s), func(e *receiver.Event) { e.Name, e.Kind = receiver.JobStatus, receiver.Job })
	}
	other := func(name string) *receiver.Event {
		return with(one("", ""), func(e *receiver.Event) { e.Name, e.Kind = name, "" })
	}
	for name, c := range map[string]struct {
		events []*receiver.Event
		want   string
	}{
		"one":        {[]*receiver.Event{one("o1", "FULFILLED")}, "order o1 is FULFILLED"},
		"named":      {[]*receiver.Event{with(one("o1", "PLACED"), func(e *receiver.Event) { e.DisplayName = "Kiruna" })}, "order Kiruna (o1) is PLACED"},
		"test":       {[]*receiver.Event{with(one("o1", "PLACED"), func(e *receiver.Event) { e.LiveMode = false })}, "order o1 is PLACED (test)"},
		"its newest": {[]*receiver.Event{one("o1", "PLACED"), one("o1", "FULFILLED")}, "order o1 is FULFILLED"},
		"late": {[]*receiver.Event{
			one("o1", "FULFILLED"),
			with(one("o1", "PLACED"), func(e *receiver.Event) { e.Timestamp = e.ReceivedAt.Add(-time.Minute) }),
		}, "order o1 is FULFILLED"},
		"both kinds": {[]*receiver.Event{one("1", "PLACED"), job("1", "FAILED"), job("2", "FAILED")}, "1 order changed: PLACED; 2 jobs changed: all FAILED"},
		"other":      {[]*receiver.Event{other("asset.ready")}, "asset.ready"},
		"others":     {[]*receiver.Event{other("asset.ready"), other("asset.ready"), other("x")}, "3 events: 2 asset.ready, 1 x"},
		"many statuses": {[]*receiver.Event{
			one("1", "A"), one("2", "B"), one("3", "C"), one("4", "D"), one("5", "E"), one("6", "E"), one("7", "F"),
		}, "7 orders changed: 2 E, 1 A, 1 B, 1 C, 2 others"},
		"hostile": {[]*receiver.Event{one("\x1b[2Jo\u202e1", "A\nB")}, "order ?[2Jo?1 is A?B"},
		"long":    {[]*receiver.Event{one(strings.Repeat("x", 1000), "A")}, "order " + strings.Repeat("x", 79) + "… is A"},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, a *told) {
				r := run(t, notify.Options{Rules: []notify.Rule{{Do: []notify.Action{a}}}})
				for _, e := range c.events { // they were made outside of this time
					shift := utc().Sub(e.ReceivedAt)
					e.ReceivedAt = e.ReceivedAt.Add(shift)
					if !e.Timestamp.IsZero() {
						e.Timestamp = e.Timestamp.Add(shift)
					}
				}
				r.log.add(c.events...)
				after(time.Second)
				assert.Equal(t, []string{"1s " + c.want}, a.all())
			})
		})
	}
}

func TestAFloodIsStillOneMessage(t *testing.T) {
	bubble(t, func(t *testing.T, a *told) {
		r := run(t, notify.Options{Rules: []notify.Rule{{Do: []notify.Action{a}}}})
		for i := range 1000 {
			r.log.add(one(fmt.Sprint(i), "PLACED"))
		}
		after(time.Second)
		assert.Equal(t, []string{"1s 200 orders changed: all PLACED; 800 more events"}, a.all())
	})
}

func TestPlaceholders(t *testing.T) {
	bubble(t, func(t *testing.T, a *told) {
		r := run(t, notify.Options{Rules: []notify.Rule{{Name: "ends", Do: []notify.Action{a}}}})
		r.log.add(with(one("o1", "FULFILLED"), func(e *receiver.Event) {
			e.DisplayName, e.Type, e.Host, e.Webhook = "Kiruna", "ARCHIVE", "oneatlas", "7f3a"
		}))
		after(time.Second)
		a.all()
		got := map[string]string{}
		for _, p := range notify.Placeholders() {
			got[p] = a.last.Field(p)
		}
		assert.Equal(t, map[string]string{
			"text": "order Kiruna (o1) is FULFILLED", "rule": "ends", "count": "1", "time": "2000-01-01T00:00:00Z", "seq": "1",
			"kind": "order", "id": "o1", "status": "FULFILLED", "name": "Kiruna", "type": "ARCHIVE", "host": "oneatlas",
			"event": "order.status", "verdict": "verified", "reason": "", "webhook": "7f3a", "final": "true", "mode": "live",
		}, got)

		for i := range 6 {
			r.log.add(one(fmt.Sprint(i), "PLACED"))
		}
		after(notify.DefaultEvery)
		a.all()
		assert.Equal(t, "0, 1, 2, 3, 2 more", a.last.Field("id"))
		assert.Equal(t, "PLACED", a.last.Field("status"))
	})
}

func TestTheEnd(t *testing.T) {
	bubble(t, func(t *testing.T, a *told) {
		lasting := &told{start: a.start, lasting: true}
		quiet := notify.Hours{From: 0, To: 7 * time.Hour}
		r := run(t, notify.Options{Rules: []notify.Rule{{Do: []notify.Action{a, lasting}, Quiet: quiet}}})
		r.log.add(one("a", "PLACED"))
		after(time.Minute)
		r.stop()
		require.NoError(t, r.err)
		assert.Equal(t, []string{"1m0s order a is PLACED"}, lasting.all(), "what would be lost is told")
	})
}

func TestTheEndDoesNotWaitForLong(t *testing.T) {
	bubble(t, func(t *testing.T, a *told) {
		slow := &told{start: a.start, lasting: true, takes: time.Hour}
		r := run(t, notify.Options{Rules: []notify.Rule{{Do: []notify.Action{slow}}}})
		r.log.add(one("a", "PLACED"))
		after(2 * time.Second) // the first is being told
		r.log.add(one("b", "PLACED"))
		after(time.Second)
		stopped := time.Now()
		r.stop()
		assert.Equal(t, 2*time.Second, time.Since(stopped))
	})
}

func TestALogThatFailsIsAskedAgain(t *testing.T) {
	bubble(t, func(t *testing.T, a *told) {
		var out bytes.Buffer
		r := run(t, notify.Options{Rules: []notify.Rule{{Do: []notify.Action{a}}}, Logger: slog.New(slog.NewTextHandler(&out, nil))})
		r.log.change(func() { r.log.fails = 3 })
		r.log.add(one("a", "PLACED"))
		after(time.Minute)
		assert.Len(t, a.all(), 1)
		r.stop()
		assert.Equal(t, 1, strings.Count(out.String(), "can't be read")+strings.Count(out.String(), "can't read"))
		assert.Contains(t, out.String(), "the disk is asleep")
		assert.Equal(t, 1, strings.Count(out.String(), "can be read again"))
	})
}

func TestAClosedLogEndsIt(t *testing.T) {
	bubble(t, func(t *testing.T, a *told) {
		r := run(t, notify.Options{Rules: []notify.Rule{{Do: []notify.Action{a}}}})
		r.log.change(func() { r.log.closed = true })
		after(0)
		r.stop()
		require.ErrorIs(t, r.err, receiver.ErrClosed)
	})
}

func TestAWayThatFailsIsLoggedOnce(t *testing.T) {
	bubble(t, func(t *testing.T, a *told) {
		var out bytes.Buffer
		a.err = errors.New("no paper")
		r := run(t, notify.Options{Rules: []notify.Rule{{Name: "mine", Do: []notify.Action{a}}}, Logger: slog.New(slog.NewTextHandler(&out, nil))})
		tell := func() {
			r.log.add(one("a", "PLACED"))
			after(time.Minute)
			a.all()
		}
		tell()
		tell()
		a.err = nil
		tell()
		tell()
		r.stop()
		assert.Equal(t, 1, strings.Count(out.String(), "no paper"))
		assert.Equal(t, 1, strings.Count(out.String(), "again"))
		assert.Contains(t, out.String(), "rule=mine")
	})
}

func TestRulesMustSayHow(t *testing.T) {
	err := notify.Run(t.Context(), notify.Options{Rules: []notify.Rule{{Name: "mute"}}})
	require.ErrorContains(t, err, `"mute"`)
	require.NoError(t, notify.Run(t.Context(), notify.Options{}), "without rules there is nothing to do")
}

func TestCleanIsTheCallers(t *testing.T) {
	bubble(t, func(t *testing.T, a *told) {
		r := run(t, notify.Options{
			Rules: []notify.Rule{{Do: []notify.Action{a}}},
			Clean: func(s string, max int) string { return strings.ToLower(s[:min(len(s), max)]) },
		})
		r.log.add(one("A", "PLACED"))
		after(time.Second)
		assert.Equal(t, []string{"1s order a is placed"}, a.all())
	})
}
