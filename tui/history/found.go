package history

import (
	"encoding/binary"
	"slices"
	"sort"
)

// Found are the sequence numbers of events that a search has found: first backwards from
// where it began, and then those of new events. It takes one or two bytes for each. Its zero
// value is empty.
type Found struct {
	older sequence
	newer sequence // negative, so that each is less than the one before
	first int64    // those before it are left out
	gone  []int64  // those that were removed, the greatest first
}

// AddOlder adds a number that is less than all others.
func (f *Found) AddOlder(n int64) { f.older.add(n) }

// AddNewer adds a number that is greater than all others.
func (f *Found) AddNewer(n int64) { f.newer.add(-n) }

// Trim leaves out the numbers before first.
func (f *Found) Trim(first int64) { f.first = max(f.first, first) }

// Remove leaves out a number that was found.
func (f *Found) Remove(n int64) {
	k := f.removedAfter(n - 1)
	if f.Has(n) {
		f.gone = slices.Insert(f.gone, k, n)
	}
}

// Has reports whether a number is there.
func (f *Found) Has(n int64) bool {
	i := f.Newer(n)
	return i < f.Len() && f.At(i) == n
}

// Len returns how many numbers there are.
func (f *Found) Len() int { return f.Newer(f.first - 1) }

// At returns the number at a place in the list.
func (f *Found) At(i int) int64 {
	i += sort.Search(len(f.gone), func(k int) bool { return f.allNewer(f.gone[k])-k > i })
	if n := f.newer.n; i < n {
		return -f.newer.at(n - 1 - i)
	}
	return f.older.at(i - f.newer.n)
}

// Newer implements Numbers.
func (f *Found) Newer(n int64) int {
	n = max(n, f.first-1)
	return f.allNewer(n) - f.removedAfter(n)
}

// allNewer is Newer with the numbers that were removed.
func (f *Found) allNewer(n int64) int { return f.newer.n - f.newer.greater(-n-1) + f.older.greater(n) }

// removedAfter returns how many numbers greater than n were removed.
func (f *Found) removedAfter(n int64) int {
	return sort.Search(len(f.gone), func(k int) bool { return f.gone[k] <= n })
}

// blockLen is how many numbers of a sequence are in a block.
const blockLen = 256

// sequence is a list of numbers, each less than the one before.
type sequence struct {
	blocks []block
	n      int
	last   int64
}

// block has consecutive numbers of a sequence: the first one, and for each of the others how
// much less it is than the one before.
type block struct {
	first int64
	steps []byte
}

func (s *sequence) add(n int64) {
	if s.n%blockLen == 0 {
		s.blocks = append(s.blocks, block{first: n})
	} else {
		b := &s.blocks[len(s.blocks)-1]
		b.steps = binary.AppendUvarint(b.steps, uint64(s.last-n))
	}
	s.n, s.last = s.n+1, n
}

func (s *sequence) at(i int) int64 {
	b := &s.blocks[i/blockLen]
	n, steps := b.first, b.steps
	for range i % blockLen {
		step, size := binary.Uvarint(steps)
		n, steps = n-int64(step), steps[size:]
	}
	return n
}

// greater returns how many numbers are greater than n.
func (s *sequence) greater(n int64) int {
	k := sort.Search(len(s.blocks), func(k int) bool { return s.blocks[k].first <= n })
	if k == 0 {
		return 0
	}
	b := &s.blocks[k-1]
	at, steps, count := b.first, b.steps, (k-1)*blockLen
	for at > n {
		count++
		if len(steps) == 0 {
			break
		}
		step, size := binary.Uvarint(steps)
		at, steps = at-int64(step), steps[size:]
	}
	return count
}
