// Package history lists the deliveries of a log without reading them: it knows which there
// are, in which order, and which of them a filter lets pass. So a list of ten million takes
// no more memory than one of a hundred, and any place of it can be looked at.
//
// A delivery is named by its key: the sequence number of an event, or the negative number of
// a rejected delivery, as these are counted separately. The newest is the first of a list.
package history

// Numbers are sequence numbers, the greatest first.
type Numbers interface {
	Len() int
	At(i int) int64
	// Newer returns how many of them are greater than n.
	Newer(n int64) int
}
