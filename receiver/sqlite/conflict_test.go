package sqlite_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// claim returns an event that says it is the message m.
func claim(t testing.TB, body string, v receiver.Verdict) *receiver.Event {
	return delivery(t, fmt.Sprintf(`{"event":"order.status","liveMode":true,"messageId":"m","body":{"orderId":"o","status":%q}}`, body), v)
}

// What became of each delivery, whether the keys are in the tree or among the recent ones.
func TestConflicts(t *testing.T) {
	const v, p, u = receiver.Verified, receiver.Partial, receiver.Unsigned
	type sent struct {
		body      string
		verdict   receiver.Verdict
		duplicate bool
		with      int64
	}
	for name, deliveries := range map[string][]sent{
		"another body":                       {{"A", v, false, 0}, {"B", v, false, 1}, {"A", v, true, 0}, {"B", v, true, 0}, {"C", v, false, 1}},
		"of less trust":                      {{"A", v, false, 0}, {"B", p, false, 1}, {"B", p, true, 0}, {"A", p, true, 0}, {"A", v, true, 0}, {"B", u, true, 0}},
		"of more trust":                      {{"A", p, false, 0}, {"B", v, false, 0}, {"A", p, true, 0}, {"B", p, true, 0}, {"A", v, false, 2}, {"A", v, true, 0}},
		"of more trust, behind a conflict":   {{"A", p, false, 0}, {"B", p, false, 1}, {"B", v, false, 0}, {"A", p, true, 0}, {"C", p, false, 3}, {"B", v, true, 0}, {"B", p, true, 0}},
		"the same body of more trust":        {{"A", u, false, 0}, {"A", p, false, 0}, {"B", u, false, 2}, {"A", v, false, 0}, {"A", u, true, 0}, {"B", p, false, 4}, {"B", u, true, 0}},
		"trusted is as good as verified":     {{"A", receiver.Trusted, false, 0}, {"B", v, false, 1}, {"A", v, true, 0}},
		"less trust comes between two of it": {{"A", u, false, 0}, {"B", p, false, 0}, {"C", v, false, 0}, {"A", u, true, 0}, {"B", p, true, 0}, {"A", p, false, 3}},
	} {
		for _, recent := range []int{1, 1000} {
			t.Run(fmt.Sprint(name, " ", recent), func(t *testing.T) {
				l := newLog(t, sqlite.Options{}.WithRecent(recent))
				conflicts := int64(0)
				for i, d := range deliveries {
					r, err := l.Append(t.Context(), claim(t, d.body, d.verdict))
					require.NoError(t, err)
					require.Equal(t, d.duplicate, r.Duplicate, i)
					require.Equal(t, d.with, r.ConflictsWith, i)
					e, err := receiver.EventAt(t.Context(), l, r.Seq, false)
					require.NoError(t, err)
					require.Equal(t, string(claim(t, d.body, d.verdict).Raw), string(e.Raw), "a duplicate has the body of its event")
					if d.with != 0 {
						conflicts++
						require.Equal(t, d.with, e.ConflictsWith)
					}
				}
				assert.Equal(t, conflicts, counts(t, l).Conflicts)
				requireSound(t, l)
			})
		}
	}
}

func requireSound(t testing.TB, l *sqlite.Log) {
	t.Helper()
	sound, err := l.Verify(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, sound.Problems)
}

// In whatever order and batches deliveries come, a body is lost only if it is stored with
// at least as much trust, and no event conflicts with one of less trust.
func TestNoBodyIsLost(t *testing.T) {
	receivertest.Checks(t, 40)
	l := newLog(t, sqlite.Options{}.WithRecent(8))
	round := 0
	rapid.Check(t, func(rt *rapid.T) {
		round++
		n := rapid.IntRange(1, 12).Draw(rt, "deliveries")
		var events []*receiver.Event
		for range n {
			body := rapid.SampledFrom([]string{"A", "B", "C"}).Draw(rt, "body")
			verdict := rapid.SampledFrom([]receiver.Verdict{receiver.Verified, receiver.Partial, receiver.Unsigned}).Draw(rt, "verdict")
			events = append(events, delivery(t, fmt.Sprintf(`{"event":"x","messageId":"%d","a":%q}`, round, body), verdict))
		}
		cut := rapid.IntRange(0, n).Draw(rt, "cut")
		receipts, err := l.AppendAll(t.Context(), events[:cut])
		require.NoError(rt, err)
		rest, err := l.AppendAll(t.Context(), events[cut:])
		require.NoError(rt, err)
		for i, r := range append(receipts, rest...) {
			stored, err := receiver.EventAt(t.Context(), l, r.Seq, false)
			require.NoError(rt, err)
			assert.Equal(rt, string(events[i].Raw), string(stored.Raw))
			assert.GreaterOrEqual(rt, stored.Verdict.Trust(), events[i].Verdict.Trust())
			if stored.ConflictsWith != 0 {
				other, err := receiver.EventAt(t.Context(), l, stored.ConflictsWith, false)
				require.NoError(rt, err)
				assert.GreaterOrEqual(rt, other.Verdict.Trust(), stored.Verdict.Trust())
				assert.NotEqual(rt, string(other.Raw), string(stored.Raw))
				assert.Equal(rt, other.MessageID, stored.MessageID)
				assert.Less(rt, other.Seq, stored.Seq)
			}
		}
	})
	requireSound(t, l)
}

// Retention deletes the events, but what they were is known.
func TestConflictsWithDeletedEvents(t *testing.T) {
	file := filepath.Join(t.TempDir(), "events.db")
	l := open(t, file, sqlite.Options{})
	appendAll(t, l, claim(t, "A", receiver.Verified), claim(t, "B", receiver.Verified))
	for i := range 20 {
		appendAll(t, l, anEvent(t, fmt.Sprint(i)))
	}
	require.NoError(t, l.Close())
	l = prune(t, file, sqlite.Options{KeepEvents: 3})
	for i, r := range appendAll(t, l, claim(t, "A", receiver.Verified), claim(t, "B", receiver.Verified), claim(t, "C", receiver.Verified)) {
		assert.Equal(t, i < 2, r.Duplicate)
		assert.Equal(t, i == 2, r.ConflictsWith == 1)
	}
}

// An event that no target took is kept. A later one with another body and more trust is deleted, but
// what it was is known, here and in a copy: the first one does not conflict with it.
func TestAnEventThatIsOlderThanADeletedOneKeepsItsPlace(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "events.db")
	l := open(t, file, sqlite.Options{})
	appendAll(t, l, claim(t, "A", receiver.Partial), claim(t, "B", receiver.Verified))
	for i := range 20 {
		appendAll(t, l, anEvent(t, fmt.Sprint(i)))
	}
	require.NoError(t, l.AddFailure(t.Context(), receiver.Failure{Reader: "r", Seq: 1, At: start}))
	require.NoError(t, l.Close())
	l = prune(t, file, sqlite.Options{KeepEvents: 3})
	kept := allEvents(t, l)
	require.Len(t, kept, 4)
	copied := filepath.Join(t.TempDir(), "copy.db")
	_, err := sqlite.Import(t.Context(), copied, strings.NewReader(exported(t, l)))
	require.NoError(t, err)
	c := open(t, copied, sqlite.Options{})
	assert.Equal(t, kept, allEvents(t, c))
	assert.Zero(t, allEvents(t, c)[0].ConflictsWith)
	requireSound(t, c)
	for i, r := range appendAll(t, c, claim(t, "A", receiver.Partial), claim(t, "B", receiver.Verified)) {
		assert.EqualValues(t, i+1, r.Seq)
		assert.True(t, r.Duplicate)
	}
}

func TestConflictsAreExportedAndImported(t *testing.T) {
	for _, keep := range []int64{0, 4, 8} {
		file := filepath.Join(t.TempDir(), "events.db")
		l := open(t, file, sqlite.Options{})
		sent := []*receiver.Event{
			claim(t, "A", receiver.Partial), claim(t, "B", receiver.Partial), claim(t, "C", receiver.Verified), claim(t, "D", receiver.Verified),
			anEvent(t, "1"), claim(t, "D", receiver.Partial), claim(t, "E", receiver.Partial), anEvent(t, "2"), claim(t, "E", receiver.Verified), anEvent(t, "3"),
		}
		for i, e := range sent {
			e.ReceivedAt = start.Add(time.Duration(i) * time.Minute)
		}
		appendAll(t, l, sent...)
		require.NoError(t, l.Close())
		if l = open(t, file, sqlite.Options{}); keep > 0 {
			require.NoError(t, l.Close())
			l = prune(t, file, sqlite.Options{KeepEvents: keep})
		}
		lines := exported(t, l)
		copied := filepath.Join(t.TempDir(), "copy.db")
		_, err := sqlite.Import(t.Context(), copied, strings.NewReader(lines))
		require.NoError(t, err)
		c := open(t, copied, sqlite.Options{})
		assert.True(t, lines == exported(t, c), "the same lines")
		assert.Equal(t, allEvents(t, l), allEvents(t, c))
		assert.Equal(t, counts(t, l).Conflicts, counts(t, c).Conflicts)
		requireSound(t, c)
		for i, r := range appendAll(t, c, sent...) {
			assert.True(t, r.Duplicate, i)
		}

		// In another store the events have other numbers.
		into := filepath.Join(t.TempDir(), "other.db")
		o := open(t, into, sqlite.Options{})
		appendAll(t, o, anEvent(t, "before"), claim(t, "Z", receiver.Verified))
		require.NoError(t, o.Close())
		_, err = sqlite.Import(t.Context(), into, strings.NewReader(lines))
		require.NoError(t, err)
		o = open(t, into, sqlite.Options{})
		for _, e := range allEvents(t, o)[2:] {
			if e.MessageID == "m" {
				assert.EqualValues(t, 2, e.ConflictsWith)
			}
		}
		requireSound(t, o)
	}
}
