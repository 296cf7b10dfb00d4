package status

import (
	"cmp"
	"container/heap"
	"slices"
)

// ranking finds the first ones of some rows that change all the time. It is a heap in which
// rows stay that the table has replaced meanwhile: they are left out when they are met.
type ranking struct {
	get     func(id string) (*Row, bool)
	compare func(a, b *Row) int
	has     func(*Row) bool
	rows    []*Row
	valid   int // how many of them the table has
}

// spare is how many rows a ranking has at least before it forgets those that were replaced.
const spare = 64

func (k *ranking) count(r *Row, by int) {
	if !k.has(r) {
		return
	}
	k.valid += by
	if by > 0 {
		heap.Push(k, r)
	}
	if len(k.rows) > 2*k.valid+spare {
		k.rows = slices.DeleteFunc(k.rows, func(r *Row) bool { return !k.current(r) })
		heap.Init(k)
	}
}

// first returns the first rows that the table has.
func (k *ranking) first(limit int) (out []*Row) {
	for len(out) < limit && len(k.rows) > 0 {
		r := heap.Pop(k).(*Row)
		again := len(out) > 0 && out[len(out)-1] == r
		if k.current(r) && !again {
			out = append(out, r)
		}
	}
	for _, r := range out {
		heap.Push(k, r)
	}
	return out
}

// current reports whether the table has the row as it is.
func (k *ranking) current(r *Row) bool {
	now, ok := k.get(r.id)
	return ok && now == r
}

// Len, Less, Swap, Push and Pop implement heap.Interface.
func (k *ranking) Len() int { return len(k.rows) }

func (k *ranking) Less(i, j int) bool {
	a, b := k.rows[i], k.rows[j]
	return cmp.Or(k.compare(a, b), cmp.Compare(a.id, b.id)) < 0
}
func (k *ranking) Swap(i, j int) { k.rows[i], k.rows[j] = k.rows[j], k.rows[i] }
func (k *ranking) Push(r any)    { k.rows = append(k.rows, r.(*Row)) }
func (k *ranking) Pop() any {
	last := len(k.rows) - 1
	r := k.rows[last]
	k.rows[last] = nil
	k.rows = k.rows[:last]
	return r
}
