package notify_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/notify"
	"github.com/up42/up42-webhooks/receiver/receivertest"
)

func TestTexts(t *testing.T) {
	job := func(id string, s receiver.Status) *receiver.Event {
		return receivertest.Job(id, s, receivertest.At(utc()))
	}
	task := func(id, name string, s receiver.Status) *receiver.Event {
		return receivertest.Job("j", s, receivertest.At(utc()), receivertest.Task(id, name))
	}
	other := func(name string) *receiver.Event {
		return receivertest.Event(name, "", "", receivertest.At(utc()))
	}
	conflict := func(e *receiver.Event) { e.ConflictsWith = 1 }
	for name, c := range map[string]struct {
		events []*receiver.Event
		want   string
	}{
		"one":      {[]*receiver.Event{order("o1", "FULFILLED")}, "order o1 is FULFILLED"},
		"named":    {[]*receiver.Event{order("o1", "PLACED", receivertest.Named("Kiruna"))}, "order Kiruna (o1) is PLACED"},
		"test":     {[]*receiver.Event{order("o1", "PLACED", receivertest.Test)}, "order o1 is PLACED (test)"},
		"conflict": {[]*receiver.Event{order("o1", "PLACED", conflict)}, "order o1 is PLACED (conflict)"},
		"a conflict beside others": {
			[]*receiver.Event{order("o1", "PLACED"), order("o2", "PLACED", conflict)}, "2 orders changed: all PLACED (1 conflict)",
		},
		"its newest": {[]*receiver.Event{order("o1", "PLACED"), order("o1", "FULFILLED")}, "order o1 is FULFILLED"},
		"late": {[]*receiver.Event{
			order("o1", "FULFILLED"),
			order("o1", "PLACED", func(e *receiver.Event) { e.Timestamp = e.ReceivedAt.Add(-time.Minute) }),
		}, "order o1 is FULFILLED"},
		"both kinds": {[]*receiver.Event{order("1", "PLACED"), job("1", "FAILED"), job("2", "FAILED")}, "1 order changed: PLACED; 2 jobs changed: all FAILED"},
		"other":      {[]*receiver.Event{other("asset.ready")}, "asset.ready"},
		"others":     {[]*receiver.Event{other("asset.ready"), other("asset.ready"), other("x")}, "3 events: 2 asset.ready, 1 x"},
		"many statuses": {[]*receiver.Event{
			order("1", "A"), order("2", "B"), order("3", "C"), order("4", "D"), order("5", "E"), order("6", "E"), order("7", "F"),
		}, "7 orders changed: 2 E, 1 A, 1 B, 1 C, 2 others"},
		"waiting": {
			[]*receiver.Event{order("o1", "CREATED", receivertest.Sub("FEASIBILITY_WAITING_RESPONSE"), receivertest.Named("Kiruna"))},
			"order Kiruna (o1) needs you: choose an option of the feasibility study at UP42",
		},
		"trouble":            {[]*receiver.Event{order("o1", "PLACEMENT_FAILED")}, "order o1 is in trouble: PLACEMENT_FAILED"},
		"over, with trouble": {[]*receiver.Event{order("o1", "PLACEMENT_FAILED", func(e *receiver.Event) { e.Final = true })}, "order o1 is PLACEMENT_FAILED"},
		"several classes": {
			[]*receiver.Event{order("1", "FULFILLED"), order("2", "CREATED", receivertest.Sub("QUOTATION_WAITING_RESPONSE")), order("3", "DOWNLOAD_FAILED")},
			"3 orders changed: 1 FULFILLED, 1 QUOTATION_WAITING_RESPONSE (needs you), 1 DOWNLOAD_FAILED (in trouble)",
		},
		"a test beside the live one": {
			[]*receiver.Event{order("o1", "PLACED"), order("o1", "FULFILLED", receivertest.Test)}, "2 orders changed: 1 PLACED, 1 FULFILLED (1 test)",
		},
		"a task":       {[]*receiver.Event{task("t1", "tiling", "FAILED")}, "task tiling (t1) of job j is FAILED"},
		"a bare task":  {[]*receiver.Event{task("t1", "", "RUNNING")}, "task t1 of job j is RUNNING"},
		"job and task": {[]*receiver.Event{job("j", "RUNNING"), task("t1", "", "SUCCEEDED")}, "1 job changed: RUNNING; 1 task changed: SUCCEEDED"},
		"hostile":      {[]*receiver.Event{order("\x1b[2Jo\u202e1", "A\nB")}, "order ?[2Jo?1 is A?B"},
		"long":         {[]*receiver.Event{order(strings.Repeat("x", 1000), "A")}, "order " + strings.Repeat("x", 79) + "… is A"},
	} {
		t.Run(name, func(t *testing.T) {
			within(t, func(t *testing.T, a *recorder) {
				r := run(t, rules(a))
				for _, e := range c.events { // they were made outside of this time
					shift := utc().Sub(e.ReceivedAt)
					e.ReceivedAt = e.ReceivedAt.Add(shift)
					if !e.Timestamp.IsZero() {
						e.Timestamp = e.Timestamp.Add(shift)
					}
				}
				r.log.Add(c.events...)
				after(time.Second)
				assert.Equal(t, []string{"1s " + c.want}, a.take())
			})
		})
	}
}

func TestAFloodIsOneMessage(t *testing.T) {
	within(t, func(t *testing.T, a *recorder) {
		r := run(t, rules(a))
		for i := range 1000 {
			r.log.Add(order(fmt.Sprint(i), "PLACED"))
		}
		after(time.Second)
		assert.Equal(t, []string{"1s 200 orders changed: all PLACED; 800 more events"}, a.take())
	})
}

func TestPlaceholders(t *testing.T) {
	within(t, func(t *testing.T, a *recorder) {
		r := run(t, notify.Options{Rules: []notify.Rule{{Name: "ends", Do: []notify.Action{a}}}})
		r.log.Add(order("o1", "FULFILLED", func(e *receiver.Event) {
			e.DisplayName, e.Type, e.Host, e.Webhook = "Kiruna", "ARCHIVE", "oneatlas", "7f3a"
		}))
		after(time.Second)
		a.take()
		got := map[string]string{}
		for _, p := range notify.Placeholders() {
			got[p] = a.last.Field(p)
		}
		assert.Equal(t, map[string]string{
			"text": "order Kiruna (o1) is FULFILLED", "rule": "ends", "count": "1", "time": "2000-01-01T00:00:00Z", "seq": "1",
			"kind": "order", "id": "o1", "status": "FULFILLED", "name": "Kiruna", "type": "ARCHIVE", "host": "oneatlas",
			"event": "order.status", "verdict": "verified", "reason": "", "webhook": "7f3a", "final": "true", "mode": "live",
			"class": "succeeded", "subStatus": "", "todo": "", "task": "",
		}, got)
		r.log.Add(order("o2", "CREATED", receivertest.Sub("QUOTATION_WAITING_RESPONSE")), receivertest.Job("j", "FAILED", receivertest.Task("t1", "tiling")))
		after(notify.DefaultEvery)
		a.take()
		assert.Equal(t, "waiting, failed", a.last.Field("class"))
		assert.Equal(t, "QUOTATION_WAITING_RESPONSE", a.last.Field("subStatus"))
		assert.Equal(t, "Accept or reject the quotation at UP42.", a.last.Field("todo"))
		assert.Equal(t, "t1", a.last.Field("task"))

		for i := range 6 {
			r.log.Add(order(fmt.Sprint(i), "PLACED"))
		}
		after(notify.DefaultEvery)
		a.take()
		assert.Equal(t, "0, 1, 2, 3, 2 more", a.last.Field("id"))
		assert.Equal(t, "PLACED", a.last.Field("status"))
	})
}
