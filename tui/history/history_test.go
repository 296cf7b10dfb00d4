package history_test

import (
	"cmp"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/up42/up42-webhooks/tui/history"
)

// naive compares numbers with a sorted slice.
func naive(t *rapid.T, n history.Numbers, want []int64) {
	require.Equal(t, len(want), n.Len())
	for i, number := range want {
		require.Equal(t, number, n.At(i), i)
		require.Equal(t, i, n.Newer(number))
	}
	require.Equal(t, 0, n.Newer(1<<40))
	require.Equal(t, len(want), n.Newer(-1))
}

func TestStoredNumbersHaveGaps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first, last := rapid.Int64Range(1, 9).Draw(t, "first"), rapid.Int64Range(0, 40).Draw(t, "last")
		s := history.NewStored(first, last)
		var want []int64
		for n := first; n <= last; n++ {
			want = append(want, n)
		}
		before := s
		count := before.Len()
		for range rapid.IntRange(0, 8).Draw(t, "changes") {
			if rapid.Bool().Draw(t, "extends") {
				first, more := rapid.Int64Range(1, 45).Draw(t, "first"), rapid.Int64Range(0, 5).Draw(t, "more")
				for range more {
					want = append(want, s.Last()+1)
					s.Extend(0, s.Last()+1)
				}
				first = min(first, s.Last()+1)
				s.Extend(first, s.Last())
				want = slices.DeleteFunc(want, func(n int64) bool { return n < first })
				continue
			}
			from, to := rapid.Int64Range(0, 50).Draw(t, "from"), rapid.Int64Range(0, 50).Draw(t, "to")
			if from > to || to > s.Last() {
				continue
			}
			s.Remove(from, to)
			want = slices.DeleteFunc(want, func(n int64) bool { return n >= from && n <= to })
		}
		slices.Sort(want)
		slices.Reverse(want)
		naive(t, &s, want)
		require.Equal(t, count, before.Len(), "a copy stays as it is")
	})
}

func TestFoundNumbersGrowAtBothEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var f history.Found
		var want []int64
		low, high := int64(100_000), int64(100_000)
		for range rapid.IntRange(0, 700).Draw(t, "n") {
			if rapid.Bool().Draw(t, "older") {
				low -= rapid.Int64Range(1, 130).Draw(t, "step")
				f.AddOlder(low)
				want = append(want, low)
			} else {
				high += rapid.Int64Range(1, 130).Draw(t, "step")
				f.AddNewer(high)
				want = append(want, high)
			}
		}
		for range rapid.IntRange(0, 9).Draw(t, "removed") {
			n := rapid.Int64Range(99_000, 101_000).Draw(t, "number")
			if len(want) > 0 && rapid.Bool().Draw(t, "there") {
				n = rapid.SampledFrom(want).Draw(t, "one")
			}
			f.Remove(n)
			want = slices.DeleteFunc(want, func(m int64) bool { return m == n })
		}
		first := rapid.Int64Range(90_000, 110_000).Draw(t, "first")
		if rapid.Bool().Draw(t, "trims") {
			f.Trim(first)
			want = slices.DeleteFunc(want, func(n int64) bool { return n < first })
		}
		slices.Sort(want)
		slices.Reverse(want)
		naive(t, &f, want)
	})
}

// TestRejectedDeliveriesStandBetweenEvents compares a list with one that was made in full.
func TestRejectedDeliveriesStandBetweenEvents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		last := rapid.Int64Range(0, 20).Draw(t, "last")
		var r history.Rejections
		after, number := int64(0), int64(0)
		var some []history.Inserted
		for range rapid.IntRange(0, 10).Draw(t, "rejected") {
			after = min(last, after+rapid.Int64Range(0, 5).Draw(t, "after"))
			number += rapid.Int64Range(1, 3).Draw(t, "number")
			some = append(some, history.Inserted{Key: -number, After: after})
		}
		r.Add(some...)
		s := history.NewStored(1, last)
		l := history.List{Events: &s, Between: r.All()}
		var want []int64
		for n := last; n >= 0; n-- {
			for _, one := range slices.Backward(some) {
				if one.After == n {
					want = append(want, one.Key)
				}
			}
			if n > 0 {
				want = append(want, n)
			}
		}
		require.Equal(t, len(want), l.Len())
		for i, key := range want {
			require.Equal(t, key, l.Key(i), i)
			at, ok := l.Index(key)
			require.True(t, ok)
			require.Equal(t, i, at)
		}
		_, ok := l.Index(-99)
		assert.False(t, ok)
	})
}

// TestAdmittedEventsStandWhereTheyCame compares a list with one that was made in full.
func TestAdmittedEventsStandWhereTheyCame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		last := rapid.Int64Range(1, 20).Draw(t, "last")
		s := history.NewStored(1, last)
		var r history.Rejections
		var a history.Admitted
		var between []history.Inserted
		for n := range rapid.Int64Range(0, 6).Draw(t, "rejected") {
			one := history.Inserted{Key: -n - 1, After: min(n*3, last), At: n * 10}
			between = append(between, one)
			r.Add(one)
		}
		admitted := map[int64]bool{}
		for _, seq := range rapid.SliceOfNDistinct(rapid.Int64Range(1, last), 0, 6, rapid.ID).Draw(t, "admitted") {
			admitted[seq] = true
			one := history.Inserted{Key: seq, After: rapid.Int64Range(0, seq-1).Draw(t, "after"), At: rapid.Int64Range(1, 99).Draw(t, "at")}
			between = append(between, one)
			a.Add(one)
			require.True(t, a.Has(seq))
		}
		history.Runs(a.All(), s.Remove)
		slices.SortFunc(between, func(a, b history.Inserted) int {
			return cmp.Or(cmp.Compare(b.After, a.After), cmp.Compare(b.At, a.At), cmp.Compare(b.Key, a.Key))
		})
		var want []int64
		for n := last; n >= 0; n-- {
			for _, one := range between {
				if one.After == n {
					want = append(want, one.Key)
				}
			}
			if n > 0 && !admitted[n] {
				want = append(want, n)
			}
		}
		l := history.List{Events: &s, Between: history.Merge(r.All(), a.All())}
		require.Equal(t, len(want), l.Len())
		for i, key := range want {
			require.Equal(t, key, l.Key(i), i)
			at, ok := l.Index(key)
			require.True(t, ok)
			require.Equal(t, i, at)
		}
		a.Remove(1, last)
		assert.Empty(t, a.All())
	})
}
