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

func TestRowDoesNotDependOnTheOrderOfArrival(t *testing.T) {
	all := []receiver.Status{"CREATED", "PLACED", "BEING_FULFILLED", "FULFILLED", "FAILED", "SOMETHING_NEW"}
	verdicts := []receiver.Verdict{receiver.Verified, receiver.Trusted, receiver.Partial, receiver.Unsigned}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "n")
		events := make([]*receiver.Event, n)
		for i := range events {
			events[i] = event(int64(i+1), rapid.IntRange(0, 8).Draw(t, "at"), rapid.SampledFrom(all).Draw(t, "status"),
				rapid.SampledFrom(verdicts).Draw(t, "verdict"))
		}
		one := fold(events...)
		other := fold(rapid.Permutation(events).Draw(t, "order")...)
		assert.Equal(t, one, other)
	})
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
