package history

import "sort"

// List has events and the rejected deliveries between them.
type List struct {
	Events   Numbers
	Rejected []Rejection // the newest first
}

// Rejection is a rejected delivery, and its place among the events.
type Rejection struct {
	Number int64
	// At is when it came, in microseconds of Unix time.
	At int64
	// After is the newest event that came before it.
	After int64
}

// Key returns its key.
func (r *Rejection) Key() int64 { return -r.Number }

// Len returns how many deliveries there are.
func (l *List) Len() int { return l.Events.Len() + len(l.Rejected) }

// Key returns the key of the delivery at a place in the list.
func (l *List) Key(i int) int64 {
	k := sort.Search(len(l.Rejected), func(k int) bool { return l.place(k) >= i })
	if k < len(l.Rejected) && l.place(k) == i {
		return l.Rejected[k].Key()
	}
	return l.Events.At(i - k)
}

// place returns the place of a rejected delivery.
func (l *List) place(k int) int { return k + l.Events.Newer(l.Rejected[k].After) }

// Index returns the place of a delivery, or where an event would be that is not in the list.
// ok is false if there is no such rejected delivery.
func (l *List) Index(key int64) (i int, ok bool) {
	if key >= 0 {
		k := sort.Search(len(l.Rejected), func(k int) bool { return l.Rejected[k].After < key })
		return k + l.Events.Newer(key), true
	}
	k := sort.Search(len(l.Rejected), func(k int) bool { return l.Rejected[k].Key() >= key })
	if k == len(l.Rejected) || l.Rejected[k].Key() != key {
		return 0, false
	}
	return l.place(k), true
}
