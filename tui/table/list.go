package table

import "slices"

// list is rows in a total order.
type list[R any] struct {
	compare func(a, b R) int
	rows    []R
}

func (l *list[R]) len() int { return len(l.rows) }

// find is where a row is, or would be.
func (l *list[R]) find(r R) (at int, found bool) {
	return slices.BinarySearchFunc(l.rows, r, l.compare)
}

// replace takes rows out, as they are in the list, and puts others in. It keeps
// neither slice, but may sort them.
func (l *list[R]) replace(out, in []R) {
	l.delete(out)
	l.insert(in)
}

// delete closes the gaps from left to right, moving each row once.
func (l *list[R]) delete(out []R) {
	if len(out) == 0 {
		return
	}
	slices.SortFunc(out, l.compare)
	to, from := -1, 0 // rows before from are either gone or before to
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

// insert opens gaps from right to left, moving each row once.
func (l *list[R]) insert(in []R) {
	if len(in) == 0 {
		return
	}
	slices.SortFunc(in, l.compare)
	end := len(l.rows) // of those that are not moved yet
	l.rows = slices.Grow(l.rows, len(in))[:end+len(in)]
	for n := len(in) - 1; n >= 0; n-- {
		at, _ := slices.BinarySearchFunc(l.rows[:end], in[n], l.compare)
		copy(l.rows[at+n+1:], l.rows[at:end])
		l.rows[at+n] = in[n]
		end = at
	}
}

// cut leaves n rows and returns the others, the last ones.
func (l *list[R]) cut(n int) []R {
	if n >= len(l.rows) {
		return nil
	}
	out := slices.Clone(l.rows[n:])
	clear(l.rows[n:])
	l.rows = l.rows[:n]
	return out
}
