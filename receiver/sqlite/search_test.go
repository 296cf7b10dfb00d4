package sqlite_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// searched returns the sequence numbers that a search finds, and checks what it says of its
// progress.
func searched(t require.TestingT, l receiver.Reader, q receiver.Search) (seqs []int64) {
	var before int64
	for found, err := range receiver.Find(context.Background(), l, q) {
		require.NoError(t, err)
		require.GreaterOrEqual(t, found.Searched, before)
		require.LessOrEqual(t, found.Searched, found.Total)
		require.LessOrEqual(t, len(found.Events), 256)
		before = found.Searched
		for _, e := range found.Events {
			seqs = append(seqs, e.Seq)
		}
		seqs = append(seqs, found.Numbers...)
	}
	return seqs
}

// scanned returns what the search should find: it looks at each event.
func scanned(t require.TestingT, l receiver.Reader, q receiver.Search) (seqs []int64) {
	all := q.EventQuery
	all.Limit = 0
	for page, err := range receiver.Pages(context.Background(), l, all) {
		require.NoError(t, err)
		if !q.Oldest {
			slices.Reverse(page)
		}
		for _, e := range page {
			if q.Match(e) && (q.Limit == 0 || len(seqs) < q.Limit) {
				seqs = append(seqs, e.Seq)
			}
		}
	}
	return seqs
}

var (
	someIDs      = []string{"order-1", "ORDER-1", "Straße", "STRASSE", "\u212aelvin", "kelvin", "", "044abd68-1111-2222-3333-444455556666", strings.Repeat("long", 300)}
	someStatuses = []receiver.Status{"CREATED", "PLACED", "FULFILLED", "FAILED", "odd status", ""}
	someFilters  = []string{
		"id:=order-1", "id:=kelvin", "id:=straße,order-1", "id:order", "-id:=order-1", "status:placed", "is:failed", "final", "-final", "kind:order", "kind:job",
		"verdict:partial", "is:test", "live:true", "event:*.status", "webhook:w1", "secret:0", "name:kiruna", "type:arch", "host:up42", "task:*", "seq:>7", "seq:3..12,20",
		"seq:<1", "seq:1", "since:30m", "until:30m", "conflict", "kiruna", "order-1", "created", "-placed", "nothing-has-this",
	}
)

func anyEvent(t *rapid.T, now time.Time) *receiver.Event {
	id := rapid.SampledFrom(someIDs).Draw(t, "id")
	status := rapid.SampledFrom(someStatuses).Draw(t, "status")
	e := receivertest.Order(id, status)
	if rapid.Bool().Draw(t, "job") {
		e = receivertest.Job(id, status)
		if rapid.Bool().Draw(t, "task") {
			e = receivertest.Job(id, status, receivertest.Task("Task-9", "crop"))
		}
	}
	e.ReceivedAt = now.Add(-time.Duration(rapid.IntRange(0, 90).Draw(t, "minutes ago")) * time.Minute)
	e.Verdict = rapid.SampledFrom([]receiver.Verdict{receiver.Verified, receiver.Partial, receiver.Unsigned}).Draw(t, "verdict")
	e.Webhook = rapid.SampledFrom([]string{"", "w1", "w2"}).Draw(t, "webhook")
	e.Secret = receiver.SecretRef(rapid.SampledFrom([]string{"", "0", "old"}).Draw(t, "secret"))
	return e
}

// TestASearchFindsWhatMatches compares searches with a look at each event.
func TestASearchFindsWhatMatches(t *testing.T) {
	receivertest.Checks(t, 6) // each case makes a file
	folder := t.TempDir()
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
		l, err := sqlite.Open(context.Background(), filepath.Join(folder, fmt.Sprint(n)), sqlite.Options{}.WithRecent(rapid.IntRange(8, 80).Draw(t, "recent")))
		require.NoError(t, err)
		defer l.Close()
		for range rapid.IntRange(0, 4).Draw(t, "batches") {
			events := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) *receiver.Event { return anyEvent(t, now) }), 1, 20).Draw(t, "events")
			_, err := l.AppendAll(context.Background(), events)
			require.NoError(t, err)
		}
		for range 6 {
			f, err := filter.Parse(joined(rapid.SliceOfN(rapid.SampledFrom(someFilters), 0, 3).Draw(t, "filter")))
			require.NoError(t, err)
			q := receiver.EventQuery{
				Oldest: rapid.Bool().Draw(t, "oldest"), Limit: rapid.IntRange(0, 5).Draw(t, "limit"),
				After: rapid.Int64Range(0, 20).Draw(t, "after"), Before: rapid.Int64Range(0, 60).Draw(t, "before"),
			}
			s := f.Search(q, func() time.Time { return now })
			want := receiver.Search{EventQuery: q, Match: s.Match}
			require.Equal(t, scanned(t, l, want), searched(t, l, s), "%s %+v", f, q)
			require.Equal(t, scanned(t, l, want), searched(t, onlyReader{l}, s), "without an index: %s %+v", f, q)
			s.Numbers = true
			require.Equal(t, scanned(t, l, want), searched(t, l, s), "numbers: %s %+v", f, q)
			require.Equal(t, scanned(t, l, want), searched(t, onlyReader{l}, s), "numbers without an index: %s %+v", f, q)
		}
	})
}

// onlyReader is a log that can't search.
type onlyReader struct{ receiver.Reader }

func joined(words []string) string {
	out := ""
	for _, w := range words {
		out += w + " "
	}
	return out
}

func parsed(t *testing.T, expr string, q receiver.EventQuery) receiver.Search {
	t.Helper()
	f, err := filter.Parse(expr)
	require.NoError(t, err)
	return f.Search(q, time.Now)
}

func TestASearchSurvivesWhatHappensToTheIndex(t *testing.T) {
	t.Parallel()
	store := filepath.Join(t.TempDir(), "events.db")
	l := open(t, store, sqlite.Options{}.WithRecent(40)) // five events in a block
	appendAll(t, l, ordersEvents(t, 9)...)
	require.NoError(t, l.Close())
	for what, statement := range map[string]string{
		"whole":             "SELECT 1",
		"a line lost":       "DELETE FROM event_index WHERE seq = (SELECT seq FROM event_index LIMIT 1 OFFSET 3)",
		"the newest lost":   "DELETE FROM event_index WHERE seq > 9",
		"all lost":          "DELETE FROM event_index",
		"a block damaged":   "UPDATE event_index SET block = x'01ff' WHERE seq = (SELECT seq FROM event_index LIMIT 1 OFFSET 2)",
		"another version":   "UPDATE event_index SET block = CAST(x'63' || substr(block, 2) AS BLOB)",
		"events deleted":    "DELETE FROM event_log WHERE seq < 12",
		"one event deleted": "DELETE FROM event_log WHERE seq = 20",
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			file := copyOf(t, store)
			change(t, file, statement)
			l := open(t, file, sqlite.Options{}.WithRecent(40))
			appendAll(t, l, ordersEvents(t, 2)...)
			for _, oldest := range []bool{false, true} {
				for _, expr := range []string{"", "status:PLACED", "seq:18..33", "nothing-has-this"} {
					s := parsed(t, expr, receiver.EventQuery{Oldest: oldest})
					assert.Equal(t, scanned(t, l, s), searched(t, l, s), expr)
				}
			}
		})
	}
}

func TestASearchGoesOnAtItsCursor(t *testing.T) {
	t.Parallel()
	l := open(t, filepath.Join(t.TempDir(), "events.db"), sqlite.Options{}.WithRecent(40))
	appendAll(t, l, ordersEvents(t, 9)...)
	for _, oldest := range []bool{false, true} {
		all := scanned(t, l, parsed(t, "status:PLACED", receiver.EventQuery{Oldest: oldest}))
		require.Len(t, all, 9)
		var got []int64
		q := receiver.EventQuery{Oldest: oldest, Limit: 2}
		for range all {
			for found, err := range l.Search(t.Context(), parsed(t, "status:PLACED", q)) {
				require.NoError(t, err)
				for _, e := range found.Events {
					got = append(got, e.Seq)
				}
				if q.After = found.Cursor; !oldest {
					q.After, q.Before = 0, found.Cursor
				}
			}
		}
		assert.Equal(t, all, got)
	}
}

func TestASearchCanBeCancelled(t *testing.T) {
	t.Parallel()
	l := open(t, filepath.Join(t.TempDir(), "events.db"), sqlite.Options{}.WithRecent(8)) // one event in a block
	appendAll(t, l, ordersEvents(t, 20)...)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	parts := 0
	var last error
	for found, err := range l.Search(ctx, parsed(t, "nothing-has-this", receiver.EventQuery{})) {
		if parts++; err == nil {
			assert.Less(t, found.Searched, found.Total)
			assert.Empty(t, found.Events)
			cancel()
		}
		last = err
	}
	assert.Equal(t, 2, parts)
	require.ErrorIs(t, last, context.Canceled)
}

func TestRetentionShortensTheIndex(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "events.db")
	o := sqlite.Options{}.WithRecent(40)
	l := open(t, file, o)
	appendAll(t, l, ordersEvents(t, 9)...)
	require.NoError(t, l.Close())
	o.KeepEvents = 12
	l = prune(t, file, o)
	s := parsed(t, "", receiver.EventQuery{})
	assert.Len(t, searched(t, l, s), 12)
	require.NoError(t, l.Close())
	var lines int
	require.NoError(t, other(t, file).QueryRowContext(t.Context(), "SELECT count(*) FROM event_index WHERE last <= 33").Scan(&lines))
	assert.Zero(t, lines)
}

// An event that retention keeps for a reader leaves a gap behind it, whose lines stay.
func TestNumbersAreThoseOfStoredEvents(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "events.db")
	o := sqlite.Options{}.WithRecent(40)
	l := open(t, file, o)
	appendAll(t, l, ordersEvents(t, 9)...)
	require.NoError(t, l.AddFailure(t.Context(), receiver.Failure{Reader: "target", Seq: 3, At: time.Now(), Reason: "refused"}))
	require.NoError(t, l.Close())
	o.KeepEvents = 12
	l = prune(t, file, o)
	for _, oldest := range []bool{false, true} {
		s := parsed(t, "", receiver.EventQuery{Oldest: oldest})
		s.Numbers = true
		found := searched(t, l, s)
		assert.Len(t, found, 13)
		assert.Equal(t, scanned(t, l, s), found)
	}
}

// What is deleted while a search goes on is left out, and all the rest is searched.
func TestASearchGoesOnWhileEventsAreDeleted(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "events.db")
	l := open(t, file, sqlite.Options{}.WithRecent(8)) // one event in a block
	appendAll(t, l, ordersEvents(t, 20)...)
	s := parsed(t, "", receiver.EventQuery{})
	s.Numbers = true
	var got []int64
	parts, complete := 0, false
	for found, err := range l.Search(t.Context(), s) {
		require.NoError(t, err)
		got = append(got, found.Numbers...)
		complete = found.Searched == found.Total
		if parts++; parts == 1 {
			require.False(t, complete)
			change(t, file, "DELETE FROM event_log WHERE seq < 12")
			change(t, file, "DELETE FROM event_index WHERE last < 12")
		}
	}
	assert.True(t, complete)
	assert.Subset(t, got, scanned(t, l, s), "all that is there")
	assert.Len(t, scanned(t, l, s), 89)
}
