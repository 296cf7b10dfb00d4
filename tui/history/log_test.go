package history_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/tui/history"
)

// logOf makes a log with events a second apart, of which some are deleted.
func logOf(t *rapid.T) (log *receivertest.Log, last int64, deleted []int64) {
	last = rapid.Int64Range(0, 120).Draw(t, "last")
	log = receivertest.NewLog()
	for n := range last {
		log.Add(receivertest.Order(fmt.Sprint("order-", n), "PLACED", receivertest.At(receivertest.Start.Add(time.Duration(n+1)*time.Second))))
	}
	deleted = rapid.SliceOfN(rapid.Int64Range(1, 120), 0, 40).Draw(t, "deleted")
	log.Delete(deleted...)
	return log, last, deleted
}

func TestRejectedDeliveriesArePlacedByTheirTimes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		log, last, deleted := logOf(t)
		seconds := rapid.SliceOfN(rapid.Int64Range(0, 130), 0, 12).Draw(t, "seconds")
		slices.Sort(seconds)
		some := make([]history.Inserted, len(seconds))
		for i, s := range seconds {
			at := receivertest.Start.Add(time.Duration(s)*time.Second + time.Millisecond)
			some[len(some)-1-i] = history.Inserted{Key: -int64(i + 1), At: at.UnixMicro()}
		}
		require.NoError(t, history.Place(context.Background(), log, some, 1, last))
		for i, s := range slices.Backward(seconds) {
			want := min(s, last)
			for slices.Contains(deleted, want) {
				want--
			}
			got := some[len(some)-1-i].After
			for slices.Contains(deleted, got) {
				got-- // the place between two events is the same
			}
			require.Equal(t, want, got)
		}
	})
}

func TestDeliveriesAreFetchedByTheirKeys(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		log, last, deleted := logOf(t)
		log.Add(receivertest.Order("no", "PLACED", receivertest.Rejected("stale")))
		keys := rapid.SliceOfNDistinct(rapid.Int64Range(1, 130), 1, 40, rapid.ID).Draw(t, "keys")
		slices.Sort(keys)
		slices.Reverse(keys)
		keys = append(keys, -1, -2)
		f, err := history.Fetch(context.Background(), log, keys)
		require.NoError(t, err)
		var got []int64
		for _, d := range f.Deliveries {
			require.Equal(t, d.Key < 0, d.Event.Verdict == receiver.Rejected)
			require.Equal(t, max(d.Key, -d.Key), d.Event.Seq)
			got = append(got, d.Key)
		}
		there := func(key int64) bool { return key == -1 || key > 0 && key <= last && !slices.Contains(deleted, key) }
		var missing []int64
		want := slices.DeleteFunc(slices.Clone(keys), func(key int64) bool {
			if !there(key) {
				missing = append(missing, key)
			}
			return !there(key)
		})
		require.ElementsMatch(t, want, got)
		require.ElementsMatch(t, missing, f.Missing)
		for _, key := range missing {
			if key < 0 || key > last {
				continue
			}
			from, to, err := history.GapAt(context.Background(), log, key, last)
			require.NoError(t, err)
			require.True(t, from <= key && key <= to)
			for n := from; n <= to; n++ {
				require.False(t, there(n))
			}
			require.True(t, (from == 1 || there(from-1)) && (to == last || there(to+1)))
		}
	})
}

// A search finds all that is there at its end, whatever comes and is deleted meanwhile.
func TestASearchGoesOnWhileTheLogChanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		log := receivertest.NewLog()
		matching, oldest, last, rejected := map[int64]bool{}, int64(1), int64(0), int64(0)
		add := func(n int) {
			for range n {
				status := rapid.SampledFrom([]receiver.Status{"PLACED", "FAILED"}).Draw(t, "status")
				e := receivertest.Order(fmt.Sprint("order-", last, "-", rejected), status)
				if rapid.IntRange(0, 9).Draw(t, "rejected") == 0 {
					e.Verdict, e.Reason = receiver.Rejected, "stale"
					rejected++
				} else {
					last++
				}
				log.Add(e)
				if status == "FAILED" {
					matching[keyOf(e)] = true
				}
			}
		}
		add(rapid.IntRange(0, 700).Draw(t, "events"))
		s := history.NewSearch(func(q receiver.EventQuery) receiver.Search {
			return receiver.Search{EventQuery: q, Match: func(e *receiver.Event) bool { return e.Status == "FAILED" }}
		}, last)
		for {
			step, ok := s.Next(last, rejected)
			if !ok {
				break
			}
			stop := rapid.Bool().Draw(t, "stops")
			step.Run(context.Background(), log, func() bool { return stop })
			require.NoError(t, step.Err)
			s.Take(step)
			switch rapid.IntRange(0, 3).Draw(t, "then") {
			case 0:
				add(rapid.IntRange(1, 20).Draw(t, "more"))
			case 1:
				for range min(rapid.Int64Range(1, 200).Draw(t, "old"), last-oldest+1) {
					log.Delete(oldest)
					delete(matching, oldest)
					oldest++
				}
			}
		}
		require.True(t, s.Complete())
		s.Trim(oldest)
		got := map[int64]bool{}
		for i := range s.Len() {
			got[s.At(i)] = true
		}
		for _, n := range s.Rejected {
			got[-n] = true
		}
		require.Equal(t, matching, got)
	})
}

func keyOf(e *receiver.Event) int64 {
	if e.Verdict == receiver.Rejected {
		return -e.Seq
	}
	return e.Seq
}
