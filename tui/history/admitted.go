package history

import (
	"cmp"
	"slices"
	"sort"
)

// Admitted are the events of a log that were admitted later than they came, with their places
// in time. A copy stays as it is when the original changes.
type Admitted struct {
	list []Inserted // by their places, the newest first
	seqs []int64    // sorted
}

// All returns them, the newest first. The slice must not be changed.
func (a *Admitted) All() []Inserted { return a.list }

// Has reports whether an event is one of them.
func (a *Admitted) Has(seq int64) bool {
	_, ok := slices.BinarySearch(a.seqs, seq)
	return ok
}

// Add adds events.
func (a *Admitted) Add(some ...Inserted) {
	list, seqs := slices.Clone(a.list), slices.Clone(a.seqs)
	for _, one := range some {
		if !a.Has(one.Key) {
			list, seqs = append(list, one), append(seqs, one.Key)
		}
	}
	slices.SortFunc(list, later)
	slices.Sort(seqs)
	a.list, a.seqs = list, seqs
}

// Remove leaves out the events from a first to a last one, which the log does not have any more.
func (a *Admitted) Remove(from, to int64) {
	gone := func(seq int64) bool { return from <= seq && seq <= to }
	if !slices.ContainsFunc(a.seqs, gone) {
		return
	}
	a.list = slices.DeleteFunc(slices.Clone(a.list), func(one Inserted) bool { return gone(one.Key) })
	a.seqs = slices.DeleteFunc(slices.Clone(a.seqs), gone)
}

// Only returns those of the events that are in a sorted list.
func (a *Admitted) Only(seqs []int64) (out []Inserted) {
	if len(seqs) == 0 {
		return nil
	}
	for _, one := range a.list {
		if _, ok := slices.BinarySearch(seqs, one.Key); ok {
			out = append(out, one)
		}
	}
	return out
}

// Runs calls f with each range of neighbours among some events.
func Runs(some []Inserted, f func(from, to int64)) {
	seqs := make([]int64, len(some))
	for i, one := range some {
		seqs[i] = one.Key
	}
	slices.Sort(seqs)
	for len(seqs) > 0 {
		n := sort.Search(len(seqs), func(k int) bool { return seqs[k] > seqs[0]+int64(k) })
		f(seqs[0], seqs[n-1])
		seqs = seqs[n:]
	}
}

// Merge merges deliveries that are in their order, the newest first.
func Merge(rejected, admitted []Inserted) []Inserted {
	if len(admitted) == 0 {
		return rejected
	}
	out := make([]Inserted, 0, len(rejected)+len(admitted))
	for len(rejected) > 0 && len(admitted) > 0 {
		from := &rejected
		if later(admitted[0], rejected[0]) < 0 {
			from = &admitted
		}
		out = append(out, (*from)[0])
		*from = (*from)[1:]
	}
	return append(append(out, rejected...), admitted...)
}

// later compares deliveries by their places, the newest first.
func later(a, b Inserted) int {
	return cmp.Or(cmp.Compare(b.After, a.After), cmp.Compare(b.At, a.At), cmp.Compare(b.Key, a.Key))
}
