package sorted_test

import (
	"cmp"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/up42/up42-webhooks/tui/table/sorted"
)

// TestAListIsThatOfAllItsRows changes a list as a table does, and compares it with a slice that is
// sorted each time.
func TestAListIsThatOfAllItsRows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := []int{}
		list, next := sorted.New(cmp.Compare[int], nil), 0
		for range rapid.IntRange(1, 12).Draw(t, "changes") {
			var out, in []int
			for range min(len(want), rapid.SampledFrom([]int{0, 1, 17, 900}).Draw(t, "out")) {
				i := rapid.IntRange(0, len(want)-1).Draw(t, "which")
				out = append(out, want[i])
				want = slices.Delete(want, i, i+1)
			}
			for range rapid.SampledFrom([]int{0, 1, 17, 900}).Draw(t, "in") {
				next = (next + 7919) % 1_000_003
				in = append(in, next)
			}
			want = append(want, in...)
			slices.Sort(want)
			list.Replace(out, in)
			assert.Equal(t, len(want), list.Len())
			assert.Equal(t, want, append([]int{}, list.All()...))
			n := rapid.IntRange(0, len(want)+1).Draw(t, "first")
			assert.Equal(t, append([]int{}, want[:min(n, len(want))]...), list.First(n))
		}
		keep := rapid.IntRange(0, len(want)).Draw(t, "keep")
		assert.Equal(t, append([]int{}, want[keep:]...), append([]int{}, list.Cut(keep)...))
		assert.Equal(t, keep, list.Len())
	})
}
