package receiver_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
)

var start = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// event returns an event of the order o1, sec seconds after start.
func event(seq int64, sec int, status receiver.Status, v receiver.Verdict) *receiver.Event {
	e := &receiver.Event{Seq: seq, ReceivedAt: start.Add(time.Hour), Verdict: v}
	e.Name, e.Kind, e.ID, e.Status, e.LiveMode = receiver.OrderStatus, receiver.Order, "o1", status, true
	e.Final = status.Class(receiver.Order).Final()
	e.Timestamp = start.Add(time.Duration(sec) * time.Second)
	return e
}

func fold(events ...*receiver.Event) *receiver.Row {
	b := receiver.NewRowSet()
	for _, e := range events {
		b.Apply(e)
	}
	return b.Row(receiver.Key{Kind: receiver.Order, ID: "o1"})
}

func statuses(r *receiver.Row) (out []receiver.Status) {
	for _, p := range r.Journey() {
		out = append(out, p.Status)
	}
	return out
}

func TestRowFollowsAnOrder(t *testing.T) {
	r := fold(
		event(1, 0, "CREATED", receiver.Verified), event(2, 10, "PLACED", receiver.Verified),
		event(3, 20, "BEING_FULFILLED", receiver.Verified), event(4, 25, "BEING FULFILLED", receiver.Verified),
		event(5, 30, "FULFILLED", receiver.Trusted))
	assert.Equal(t, receiver.Status("FULFILLED"), r.Status)
	assert.True(t, r.Final)
	assert.Equal(t, receiver.Succeeded, r.Class())
	assert.Equal(t, start, r.FirstSeen)
	assert.Equal(t, start.Add(30*time.Second), r.LastChange)
	assert.EqualValues(t, 5, r.Events)
	assert.EqualValues(t, 5, r.Seq)
	assert.Equal(t, []receiver.Status{"CREATED", "PLACED", "BEING_FULFILLED", "FULFILLED"}, statuses(r))
	assert.Len(t, r.ShortJourney.Steps(), 4)
}

func TestLateEventsFindTheirPlace(t *testing.T) {
	r := fold(event(1, 30, "BEING_FULFILLED", receiver.Verified), event(2, 0, "CREATED", receiver.Verified), event(3, 40, "BEING_FULFILLED", receiver.Verified))
	assert.Equal(t, receiver.Status("BEING_FULFILLED"), r.Status)
	assert.Equal(t, start.Add(30*time.Second), r.LastChange, "the status began with the first event that has it")
	assert.Equal(t, start, r.FirstSeen)
	assert.Equal(t, []receiver.Status{"CREATED", "BEING_FULFILLED"}, statuses(r))
}

func TestAFinalStatusIsReplacedOnlyByANewerOne(t *testing.T) {
	final := event(1, 30, "FULFILLED", receiver.Verified)
	assert.Equal(t, receiver.Status("FULFILLED"), fold(final, event(2, 30, "PLACED", receiver.Verified)).Status, "of the same time")
	assert.Equal(t, receiver.Status("FULFILLED"), fold(final, event(2, 20, "PLACED", receiver.Verified)).Status, "older")
	assert.Equal(t, receiver.Status("PLACED"), fold(final, event(2, 31, "PLACED", receiver.Verified)).Status, "newer")
}

func TestLessTrustChangesNothing(t *testing.T) {
	r := fold(event(1, 0, "PLACED", receiver.Verified), event(2, 10, "FAILED", receiver.Partial), event(3, 20, "CANCELED", receiver.Unsigned))
	assert.Equal(t, receiver.Status("PLACED"), r.Status)
	assert.False(t, r.Final)
	assert.Equal(t, receiver.FullTrust, r.Trust)
	assert.Equal(t, start, r.LastChange)
	assert.EqualValues(t, 3, r.Events)
	assert.Equal(t, []receiver.Status{"PLACED", "FAILED", "CANCELED"}, statuses(r), "the journey has them")
	steps := r.ShortJourney.Steps()
	assert.False(t, steps[0].Lower())
	assert.True(t, steps[1].Lower(), "marked")
	assert.Equal(t, receiver.Failed, steps[1].Class())
}

func TestMoreTrustTakesOver(t *testing.T) {
	forged := event(1, 100, "FAILED", receiver.Unsigned)
	forged.Host, forged.DisplayName = "evil", "evil"
	real := event(2, 10, "PLACED", receiver.Verified)
	real.Host = "oneatlas"
	r := fold(forged, real)
	assert.Equal(t, receiver.Status("PLACED"), r.Status, "although the unsigned event claims a later time")
	assert.Equal(t, "oneatlas", r.Host)
	assert.Empty(t, r.Name, "what events of less trust said is dropped")
}

func TestEventsWithoutARow(t *testing.T) {
	b := receiver.NewRowSet()
	rejected := event(1, 0, "PLACED", receiver.Rejected)
	noID := event(2, 0, "PLACED", receiver.Verified)
	noID.ID = ""
	long := event(3, 0, "PLACED", receiver.Verified)
	long.ID = string(make([]byte, 10_000))
	unknown := event(4, 0, "PLACED", receiver.Verified)
	unknown.Kind = ""
	for _, e := range []*receiver.Event{rejected, noID, long, unknown} {
		assert.Nil(t, b.Apply(e))
	}
	assert.Zero(t, b.Len())
}

// drawEvent draws an event of one of few orders and jobs, which may be live or a test, of
// a task, with a sub-status or without a status.
func drawEvent(t *rapid.T, seq int) *receiver.Event {
	pick := func(label string, from ...receiver.Status) receiver.Status {
		return rapid.SampledFrom(from).Draw(t, label)
	}
	changes := []receivertest.Change{
		receivertest.At(start.Add(time.Duration(rapid.IntRange(0, 8).Draw(t, "at")) * time.Second)),
		receivertest.As(rapid.SampledFrom([]receiver.Verdict{receiver.Verified, receiver.Trusted, receiver.Partial, receiver.Unsigned}).Draw(t, "verdict")),
		func(e *receiver.Event) { e.LiveMode = rapid.Bool().Draw(t, "live") },
	}
	var e *receiver.Event
	if rapid.Bool().Draw(t, "order") {
		changes = append(changes, receivertest.Sub(pick("sub", "", "", "QUOTATION_WAITING_RESPONSE", "QUOTATION_ACCEPTED")))
		e = receivertest.Order("o1", pick("status", "CREATED", "PLACEMENT_FAILED", "BEING_FULFILLED", "FULFILLED", "FAILED", "SOMETHING_NEW", ""), changes...)
	} else {
		if id := rapid.SampledFrom([]string{"", "t1", "t2"}).Draw(t, "task"); id != "" {
			changes = append(changes, receivertest.Task(id, rapid.SampledFrom([]string{"", "name of " + id}).Draw(t, "name")))
		}
		e = receivertest.Job("j1", pick("status", "RUNNING", "successful", "captured", "FAILED", ""), changes...)
	}
	e.Seq = int64(seq)
	e.Ahead = rapid.IntRange(0, 5).Draw(t, "ahead") == 0
	e.ReceivedAt = start.Add(time.Duration(seq) * time.Second / 2)
	return e
}

func TestRowsDoNotDependOnTheOrderOfArrival(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := make([]*receiver.Event, rapid.IntRange(1, 20).Draw(t, "n"))
		for i := range events {
			events[i] = drawEvent(t, i+1)
		}
		one, other := receiver.NewRowSet(), receiver.NewRowSet()
		for _, e := range events {
			one.Apply(e)
		}
		for _, e := range rapid.Permutation(events).Draw(t, "order") {
			other.Apply(e)
		}
		assert.Equal(t, one, other)
	})
}

func TestAStatusChangesOnlyByANewerEvent(t *testing.T) {
	for name, c := range map[string]struct {
		events []*receiver.Event
		want   receiver.Status
		class  receiver.Class
	}{
		"trouble after the end": {
			[]*receiver.Event{event(1, 10, "FULFILLED", receiver.Verified), event(2, 20, "PLACEMENT_FAILED", receiver.Verified)},
			"PLACEMENT_FAILED", receiver.InTrouble,
		},
		"trouble before the end, late": {
			[]*receiver.Event{event(1, 10, "FULFILLED", receiver.Verified), event(2, 5, "PLACEMENT_FAILED", receiver.Verified)},
			"FULFILLED", receiver.Succeeded,
		},
		"trouble at the same time": {
			[]*receiver.Event{event(1, 10, "FULFILLED", receiver.Verified), event(2, 10, "PLACEMENT_FAILED", receiver.Verified)},
			"FULFILLED", receiver.Succeeded,
		},
		"trouble that passes": {
			[]*receiver.Event{event(1, 1, "PLACEMENT_FAILED", receiver.Verified), event(2, 2, "PLACED", receiver.Verified)},
			"PLACED", receiver.InProgress,
		},
		"two ends at one time": {
			[]*receiver.Event{event(1, 10, "FULFILLED", receiver.Verified), event(2, 10, "CANCELED", receiver.Verified)},
			"CANCELED", receiver.Cancelled,
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := fold(c.events...)
			assert.Equal(t, c.want, r.Status)
			assert.Equal(t, c.class, r.Class())
			assert.Equal(t, c.class.Final(), r.Final)
		})
	}
}

func TestCapturedFollowsSuccessful(t *testing.T) {
	for _, events := range [][]*receiver.Event{
		{job(1, 1, "running"), job(2, 2, "successful"), job(3, 3, "captured")},
		{job(1, 3, "captured"), job(2, 1, "running"), job(3, 2, "successful")},
	} {
		r := foldJob(events...)
		assert.Equal(t, receiver.Status("captured"), r.Status)
		assert.True(t, r.Final)
		assert.Equal(t, receiver.Succeeded, r.Class())
		assert.Equal(t, []receiver.Status{"running", "successful", "captured"}, statuses(r))
		assert.Equal(t, start.Add(3*time.Second), r.LastChange)
	}
	r := foldJob(job(1, 1, "running"), job(2, 2, "successful"))
	assert.True(t, r.Final)
	assert.Equal(t, receiver.Succeeded, r.Class())
}

func TestAChangeOfTheSubStatusIsAStep(t *testing.T) {
	with := func(e *receiver.Event, sub receiver.Status) *receiver.Event {
		e.SubStatus = sub
		return e
	}
	r := fold(
		with(event(1, 0, "CREATED", receiver.Verified), "FEASIBILITY_WAITING_UPLOAD"),
		with(event(2, 10, "CREATED", receiver.Verified), "FEASIBILITY_WAITING_RESPONSE"),
		with(event(3, 15, "CREATED", receiver.Verified), "feasibility waiting response"))
	assert.Equal(t, receiver.Status("CREATED"), r.Status)
	assert.True(t, r.SubStatus.Is("FEASIBILITY_WAITING_RESPONSE"))
	assert.Equal(t, receiver.NeedsYou, r.Class())
	assert.Equal(t, start.Add(10*time.Second), r.LastChange)
	require.Len(t, r.Journey(), 2)
	assert.Equal(t, receiver.Status("FEASIBILITY_WAITING_RESPONSE"), r.Journey()[1].SubStatus)
	steps := r.ShortJourney.Steps()
	require.Len(t, steps, 2)
	assert.Equal(t, receiver.InProgress, steps[0].Class())
	assert.Equal(t, receiver.NeedsYou, steps[1].Class())

	got, err := json.Marshal(r)
	require.NoError(t, err)
	assert.Contains(t, string(got), `"status":"CREATED","subStatus":"feasibility waiting response","class":"waiting"`)
	assert.Contains(t, string(got), `"journey":[{"status":"CREATED","subStatus":"FEASIBILITY_WAITING_UPLOAD","at"`)

	r.Apply(with(event(4, 20, "FULFILLED", receiver.Verified), ""))
	assert.Empty(t, r.SubStatus)
	assert.Equal(t, receiver.Succeeded, r.Class())
}

func TestAnEventWithoutAStatusChangesNothing(t *testing.T) {
	b := receiver.NewRowSet()
	b.Apply(event(1, 0, "PLACED", receiver.Verified))
	for _, value := range []string{`""`, `{"a":1}`, `null`} {
		m := decodeOrder(t, `"orderId":"o1","status":`+value)
		m.LiveMode = true
		assert.Nil(t, b.Apply(&receiver.Event{Seq: 2, Verdict: receiver.Verified, ReceivedAt: start, Message: m}), value)
	}
	assert.Equal(t, receiver.Status("PLACED"), b.Row(receiver.Key{Kind: receiver.Order, ID: "o1"}).Status)
}

func TestTestEventsHaveRowsOfTheirOwn(t *testing.T) {
	b := receiver.NewRowSet()
	test := func(e *receiver.Event) *receiver.Event {
		e.LiveMode = false
		return e
	}
	b.Apply(event(1, 0, "PLACED", receiver.Unsigned))
	b.Apply(test(event(2, 10, "FULFILLED", receiver.Verified)))
	live, tests := b.Row(receiver.Key{Kind: receiver.Order, ID: "o1"}), b.Row(receiver.Key{Kind: receiver.Order, ID: "o1", Test: true})
	require.Equal(t, 2, b.Len())
	assert.Equal(t, receiver.Status("PLACED"), live.Status)
	assert.Equal(t, receiver.UnsignedTrust, live.Trust)
	assert.EqualValues(t, 1, live.Events)
	assert.Equal(t, receiver.Status("FULFILLED"), tests.Status)
	got, err := json.Marshal(tests)
	require.NoError(t, err)
	assert.Contains(t, string(got), `"liveMode":false`)
	b.Apply(event(3, 20, "CANCELED", receiver.Verified))
	assert.Equal(t, receiver.Status("FULFILLED"), tests.Status, "and the other way round")

	only := receiver.NewRowSet()
	only.Apply(test(event(1, 0, "FULFILLED", receiver.Verified)))
	assert.Nil(t, only.Row(receiver.Key{Kind: receiver.Order, ID: "o1"}), "an id that only tests had")
}

func TestALateEventInAnotherForm(t *testing.T) {
	b := receiver.NewRowSet()
	for i, x := range []struct{ at, status string }{
		{"2026-11-03T10:00:00Z", "PLACED"}, {"2026-11-03T12:00:00Z", "FULFILLED"}, {"2026-11-03T11:00:00+0000", "BEING_FULFILLED"},
	} {
		m, err := receiver.Decode(fmt.Appendf(nil, `{"event":"order.status","liveMode":true,"timestamp":%q,"body":{"orderId":"o1","status":%q}}`, x.at, x.status))
		require.NoError(t, err)
		b.Apply(&receiver.Event{Seq: int64(i + 1), Verdict: receiver.Verified, ReceivedAt: start, Message: m})
	}
	r := b.Row(receiver.Key{Kind: receiver.Order, ID: "o1"})
	assert.Equal(t, receiver.Status("FULFILLED"), r.Status)
	assert.True(t, r.Final)
	assert.Equal(t, []receiver.Status{"PLACED", "BEING_FULFILLED", "FULFILLED"}, statuses(r))
}

func TestUpdatesAreBounded(t *testing.T) {
	b := receiver.NewRowSet()
	var r *receiver.Row
	for i := range 1000 {
		s := receiver.Status("PLACED")
		if i%2 == 0 {
			s = "BEING_PLACED"
		}
		r = b.Apply(event(int64(i+1), i, s, receiver.Verified))
	}
	assert.EqualValues(t, 1000, r.Events, "every event counts")
	assert.Len(t, r.Updates, receiver.MaxUpdates)
	assert.Equal(t, start, r.Updates[0].At, "the first stays")
	assert.Equal(t, start.Add(999*time.Second), r.Updates[len(r.Updates)-1].At)
	assert.Equal(t, start, r.FirstSeen)
}

func TestJSONNames(t *testing.T) {
	r := fold(event(1, 0, "PLACED", receiver.Verified), event(2, 5, "FAILED", receiver.Partial))
	got, err := json.Marshal(r)
	require.NoError(t, err)
	assert.JSONEq(t, `{"kind":"order","id":"o1","name":"","type":"","host":"","status":"PLACED","class":"progress","final":false,"liveMode":true,"trust":"full",
		"firstSeen":"2026-11-23T10:00:00Z","lastChange":"2026-11-23T10:00:00Z","events":2,
		"journey":[{"status":"PLACED","at":"2026-11-23T10:00:00Z"},{"status":"FAILED","at":"2026-11-23T10:00:05Z","verdict":"partial"}]}`, string(got))

	e := event(7, 0, "PLACED", receiver.Verified)
	e.Secret, e.MessageID, e.Body = "1", "m", json.RawMessage(`{"a":1.10}`)
	got, err = json.Marshal(e)
	require.NoError(t, err)
	assert.JSONEq(t, `{"seq":7,"receivedAt":"2026-11-23T11:00:00Z","verdict":"verified","reason":"","secret":1,"webhook":"","event":"order.status",
		"messageId":"m","timestamp":"2026-11-23T10:00:00Z","liveMode":true,"kind":"order","id":"o1","status":"PLACED","class":"progress","final":false,"body":{"a":1.10}}`, string(got))
}

func TestJSONOfTasks(t *testing.T) {
	e := task(7, 0, "t1", "SUCCEEDED")
	e.Headers, e.Raw, e.Body = nil, nil, json.RawMessage(`{}`)
	got, err := json.Marshal(e)
	require.NoError(t, err)
	assert.Contains(t, string(got), `"kind":"job","id":"j1","taskId":"t1","status":"SUCCEEDED","class":"succeeded","final":false,`)
	got, err = json.Marshal(foldJob(e))
	require.NoError(t, err)
	assert.Contains(t, string(got), `"status":"","class":"progress","final":false,`)
	assert.Contains(t, string(got), `"journey":[],"tasks":[{"id":"t1","name":"name of t1","status":"SUCCEEDED","class":"succeeded","final":true,"at":"2026-11-23T10:00:00Z"}]}`)

	e = event(1, 0, "PLACED", receiver.Verified)
	e.Ahead, e.SubStatus = true, "QUOTATION_ACCEPTED"
	got, err = json.Marshal(e)
	require.NoError(t, err)
	assert.Contains(t, string(got), `"timestamp":"2026-11-23T10:00:00Z","timestampProblem":"it is further ahead`)
	assert.Contains(t, string(got), `"status":"PLACED","subStatus":"QUOTATION_ACCEPTED","class":"progress"`)
}

func TestSecretRefIsAnIndexOrAName(t *testing.T) {
	for ref, want := range map[receiver.SecretRef]string{"": "null", "0": "0", "12": "12", "07": `"07"`, "orders": `"orders"`, "99999999999": `"99999999999"`} {
		got, err := json.Marshal(ref)
		require.NoError(t, err)
		assert.Equal(t, want, string(got))
	}
}

func TestJSONLineIsHarmlessAndTheSame(t *testing.T) {
	nasty := "a\x1b[2J\u009b\u202e\u200d\ufe0f\U000e0101\x7f<b>\u2028é漢"
	line, err := receiver.AppendJSONLine(nil, map[string]any{"s": nasty, "raw": json.RawMessage("\"\u202e\u009b\"")})
	require.NoError(t, err)
	e := event(1, 0, "PLACED", receiver.Verified)
	e.Body = json.RawMessage(`{"a":"<b>&"}`)
	asItCame, err := receiver.AppendJSONLine(nil, e)
	require.NoError(t, err)
	assert.Contains(t, string(asItCame), `{"a":"<b>&"}`)
	for _, r := range string(line[:len(line)-1]) {
		assert.False(t, r < 0x20 || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0x202e || r == 0x200d || r == 0xfe0f || r == 0xe0101 || r == 0x2028, "%U", r)
	}
	var back map[string]string
	require.NoError(t, json.Unmarshal(line, &back))
	assert.Equal(t, nasty, back["s"])
	assert.Contains(t, string(line), "<b>", "visible characters are not escaped")
}

// Whoever has one captured request can send any number of partial events.
func TestManyEventsOfLessTrustDoNotChangeAStatus(t *testing.T) {
	events := []*receiver.Event{event(1, 1, "PLACED", receiver.Verified), event(2, 5, "FULFILLED", receiver.Verified)}
	for i := range 3 * receiver.MaxUpdates {
		events = append(events, event(int64(3+i), 10+i, receiver.Status(fmt.Sprint("X", i)), receiver.Partial))
	}
	r := fold(append(events, event(1000, 3, "BEING_FULFILLED", receiver.Verified))...)
	assert.Equal(t, receiver.Status("FULFILLED"), r.Status)
	assert.True(t, r.Final)
	assert.Equal(t, start.Add(5*time.Second), r.LastChange)
	require.Len(t, r.Updates, receiver.MaxUpdates)
	assert.Equal(t, []receiver.Status{"PLACED", "BEING_FULFILLED", "FULFILLED"}, statuses(r)[:3])
}

func TestARowKeepsLittleOfLongTexts(t *testing.T) {
	long := strings.Repeat("ü", 1<<19)
	e := event(1, 0, receiver.Status(long), receiver.Verified)
	e.DisplayName, e.Type, e.Host = long, long, long
	r := fold(e)
	for _, text := range []string{string(r.Status), r.Name, r.Type, r.Host, string(r.Updates[0].Status)} {
		assert.Equal(t, long[:256], text)
	}
	e.Status = receiver.Status("a" + long)
	assert.Equal(t, "a"+long[:254], string(fold(e).Status), "characters stay whole")
}
