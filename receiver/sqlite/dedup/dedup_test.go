package dedup_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
	"github.com/up42/up42-webhooks/receiver/sqlite/dedup"
	"github.com/up42/up42-webhooks/receiver/sqlite/sqlitetest"
)

func index(t *testing.T, c *conn.Conn, limit int) *dedup.Index {
	t.Helper()
	x := dedup.NewIndex(limit)
	require.NoError(t, x.Load(c))
	return x
}

func key(i int) dedup.Key { return dedup.KeyOf(event(i)) }

func event(i int) *receiver.Event {
	return &receiver.Event{Seq: int64(i + 1), Verdict: receiver.Verified, Message: receiver.Message{MessageID: fmt.Sprint(i)}, Raw: fmt.Append(nil, i)}
}

func message(i int) dedup.Message {
	return dedup.Message{Trust: receiver.FullTrust, Seq: int64(i + 1), Body: dedup.DigestOf(sha256.Sum256(fmt.Append(nil, i)))}
}

// find looks messages up as a batch does.
func find(t *testing.T, c *conn.Conn, x *dedup.Index, keys ...dedup.Key) (found []dedup.Message) {
	t.Helper()
	for i := range keys {
		x.Want(&keys[i])
	}
	require.NoError(t, x.Lookup(c))
	for _, k := range keys {
		m, ok := x.Find(k)
		assert.Equal(t, ok, m.Seq != 0)
		found = append(found, m)
	}
	return found
}

func TestKeyOf(t *testing.T) {
	event := func(id, body string, signatures ...string) *receiver.Event {
		e := &receiver.Event{Message: receiver.Message{MessageID: id}, Raw: []byte(body)}
		for _, s := range signatures {
			e.Headers = append(e.Headers, receiver.Header{Name: "signature", Value: s})
		}
		return e
	}
	same := [][2]*receiver.Event{
		{event("m", "a"), event("m", "b")},
		{event("", "a", "s=1"), event("", "a", " s=1")},
	}
	for _, p := range same {
		assert.Equal(t, dedup.KeyOf(p[0]), dedup.KeyOf(p[1]))
	}
	different := []*receiver.Event{event("m", ""), event("n", ""), event("", "m"), event("", "a", "b"), event("", "ab"), event("", "a", "b", "c"), event("", "a", "bc")}
	seen := map[dedup.Key]bool{}
	for _, e := range different {
		k := dedup.KeyOf(e)
		assert.False(t, seen[k])
		seen[k] = true
	}
}

// Whatever the limit is, and whatever is in runs, messages are found.
func TestAnIndexFindsWhatWasPut(t *testing.T) {
	for _, limit := range []int{1, 10, 1000} {
		t.Run(fmt.Sprint(limit), func(t *testing.T) {
			c := sqlitetest.Connect(t)
			x := index(t, c, limit)
			for i := range 120 {
				assert.Zero(t, find(t, c, x, key(i))[0])
				x.Put(key(i), message(i))
				require.NoError(t, x.Save(c))
			}
			for _, x := range []*dedup.Index{x, index(t, c, limit)} {
				for i := range 120 {
					assert.Equal(t, message(i), find(t, c, x, key(i))[0])
				}
				assert.Zero(t, find(t, c, x, key(120))[0])
			}
		})
	}
}

func TestCheckerReportsWhatIsMissing(t *testing.T) {
	c := sqlitetest.Connect(t)
	x := index(t, c, 50)
	for i := range 120 {
		x.Put(key(i), message(i))
		require.NoError(t, x.Save(c))
	}
	checker, err := dedup.NewChecker(c)
	require.NoError(t, err)
	var missing []int64
	for i := range 130 {
		seqs, err := checker.Add(t.Context(), event(i))
		require.NoError(t, err)
		missing = append(missing, seqs...)
	}
	seqs, err := checker.Flush(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []int64{121, 122, 123, 124, 125, 126, 127, 128, 129, 130}, append(missing, seqs...))
}

// The index names the event of a message that has the most trust, also where others have the
// message, and in whichever window of events that event is.
func TestCheckerFindsWhatIsNamedByAnotherEvent(t *testing.T) {
	c := sqlitetest.Connect(t)
	x := index(t, c, 3)
	const apart = 10
	var events []*receiver.Event
	for i := range 12 {
		e := event(i)
		e.Seq = int64(i+1) * apart
		events = append(events, e)
		m := message(i)
		m.Trust, m.Seq = receiver.FullTrust-1, e.Seq
		x.Put(key(i), m)
		require.NoError(t, x.Save(c))
	}
	for i := range 6 { // the same messages, with more trust
		again := event(i)
		again.Seq = int64(12+i+1) * apart
		events = append(events, again)
		m := message(i)
		m.Seq = again.Seq
		x.Put(key(i), m)
		require.NoError(t, x.Save(c))
	}
	stray := event(100)
	stray.Seq = 9*apart + 1 // its message is missing
	late := event(7)
	late.Seq = 30 * apart // after the event that the index names
	events = append(append(slices.Insert(events, 9, stray), late), event(101))
	events[len(events)-1].Seq = 31 * apart
	checker, err := dedup.NewChecker(c)
	require.NoError(t, err)
	checker.WithWindow(4 * apart)
	for _, e := range events {
		missing, err := checker.Add(t.Context(), e)
		require.NoError(t, err)
		assert.Empty(t, missing)
	}
	missing, err := checker.Flush(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []int64{9*apart + 1, 30 * apart, 31 * apart}, missing)
}

func TestAnInterruptedCheckEnds(t *testing.T) {
	c := sqlitetest.Connect(t)
	x := index(t, c, 1)
	x.Put(key(0), message(0))
	require.NoError(t, x.Save(c))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	checker, err := dedup.NewChecker(c)
	require.NoError(t, err)
	_, err = checker.Add(ctx, event(0))
	require.ErrorIs(t, err, context.Canceled)
}

func TestMessagesWithoutEventAreRestored(t *testing.T) {
	c := sqlitetest.Connect(t)
	x := index(t, c, 8)
	for i := range 30 { // some in runs, some recent; there are no events
		x.Put(key(i), message(i))
		require.NoError(t, x.Save(c))
	}
	to := sqlitetest.Connect(t)
	restored := index(t, to, 8)
	n := 0
	var last dedup.Key
	require.NoError(t, dedup.EachWithoutEvent(t.Context(), c, func(k dedup.Key, m dedup.Message) error {
		assert.Positive(t, k.Compare(last), "in the order of keys")
		last = k
		n++
		return restored.Restore(to, k, m)
	}))
	require.NoError(t, restored.Save(to))
	assert.Equal(t, 30, n)
	for i := range 30 {
		assert.Equal(t, message(i), find(t, to, restored, key(i))[0])
	}
}

func TestADamagedIndexIsNotLoaded(t *testing.T) {
	for _, damage := range []string{
		"INSERT INTO dedup_recent VALUES (1, x'00')",
		"INSERT INTO dedup VALUES (9223372036854775807, x'')",
	} {
		c := sqlitetest.Connect(t)
		require.NoError(t, c.Exec(t.Context(), damage))
		require.ErrorIs(t, dedup.NewIndex(10).Load(c), codec.ErrInvalid)
		_, err := dedup.NewChecker(c)
		require.ErrorIs(t, err, codec.ErrInvalid)
	}
}
