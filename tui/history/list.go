package history

import (
	"sort"
)

// List has events and, between them, the deliveries whose place their numbers do not say.
type List struct {
	Events  Numbers    // without those of Between
	Between []Inserted // the newest first
}

// Inserted is a rejected delivery, or an event that was admitted later than it came, with its
// place among the other events.
type Inserted struct {
	Key int64
	// At is when it came, in microseconds of Unix time.
	At int64
	// After is the newest event that came before it.
	After int64
}

// Len returns how many deliveries there are.
func (l *List) Len() int { return l.Events.Len() + len(l.Between) }

// Key returns the key of the delivery at a place in the list.
func (l *List) Key(i int) int64 {
	k := sort.Search(len(l.Between), func(k int) bool { return l.place(k) >= i })
	if k < len(l.Between) && l.place(k) == i {
		return l.Between[k].Key
	}
	return l.Events.At(i - k)
}

// place returns the place of an inserted delivery.
func (l *List) place(k int) int { return k + l.Events.Newer(l.Between[k].After) }

// Index returns the place of a delivery, or where an event would be that is not in the list.
// ok is false if there is no such rejected delivery.
func (l *List) Index(key int64) (i int, ok bool) {
	newer := 0
	if key >= 0 {
		if newer = l.Events.Newer(key); newer < l.Events.Len() && l.Events.At(newer) == key {
			return newer + l.after(key), true
		}
	}
	for k := range l.Between {
		if l.Between[k].Key == key {
			return l.place(k), true
		}
	}
	if key < 0 {
		return 0, false
	}
	return newer + l.after(key), true
}

// after returns how many inserted deliveries came after an event.
func (l *List) after(seq int64) int {
	return sort.Search(len(l.Between), func(k int) bool { return l.Between[k].After < seq })
}
