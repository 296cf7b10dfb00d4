package table

import "slices"

// list is a sorted slice of rows. The order is total.
//
// It changes many rows at a time, and moves each other row only once. To change 17
// of 100,000 rows and draw takes 0.3 ms. To change them one by one takes 0.85 ms.
// BenchmarkUpsertAndView measures this.
type list[R any] struct {
	compare func(a, b R) int
	rows    []R
}

func (l *list[R]) len() int { return len(l.rows) }

func (l *list[R]) at(i int) R { return l.rows[i] }

// find returns the index of a row, or the index at which it would be.
func (l *list[R]) find(r R) (at int, found bool) {
	return slices.BinarySearchFunc(l.rows, r, l.compare)
}

// replace removes rows and inserts others. The rows in out must be as they are in
// the list. It sorts both slices, but does not keep them.
func (l *list[R]) replace(out, in []R) {
	l.delete(out)
	l.insert(in)
}

// delete removes rows. It works from left to right and moves each other row once.
func (l *list[R]) delete(out []R) {
	if len(out) == 0 {
		return
	}
	slices.SortFunc(out, l.compare)
	to, from := -1, 0 // all rows before from are removed, or are before to already
	for _, r := range out {
		at, found := slices.BinarySearchFunc(l.rows[from:], r, l.compare)
		if !found {
			continue
		}
		at += from
		if to < 0 {
			to = at
		} else {
			to += copy(l.rows[to:], l.rows[from:at])
		}
		from = at + 1
	}
	if to < 0 {
		return
	}
	to += copy(l.rows[to:], l.rows[from:])
	clear(l.rows[to:])
	l.rows = l.rows[:to]
}

// insert inserts rows. It works from right to left and moves each other row once.
func (l *list[R]) insert(in []R) {
	if len(in) == 0 {
		return
	}
	slices.SortFunc(in, l.compare)
	end := len(l.rows) // the end of the rows that are not moved yet
	l.rows = slices.Grow(l.rows, len(in))[:end+len(in)]
	for n := len(in) - 1; n >= 0; n-- {
		at, _ := slices.BinarySearchFunc(l.rows[:end], in[n], l.compare)
		copy(l.rows[at+n+1:], l.rows[at:end])
		l.rows[at+n] = in[n]
		end = at
	}
}

// cut removes all but the first n rows, and returns the removed ones.
func (l *list[R]) cut(n int) []R {
	if n >= len(l.rows) {
		return nil
	}
	out := slices.Clone(l.rows[n:])
	clear(l.rows[n:])
	l.rows = l.rows[:n]
	return out
}
