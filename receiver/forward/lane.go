package forward

import (
	"container/heap"
	"container/list"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// item is an event that is to be sent.
type item struct {
	seq int64
	// event is nil if it must be read again: only events that will be sent soon are kept
	// in memory.
	event *receiver.Event
	// deadline is when to give the event up.
	deadline time.Time
	// tries is how often it was sent. why is the error of the last time.
	tries int
	why   error
}

// size is how many bytes the item keeps in memory.
func (it *item) size() int {
	if it.event == nil {
		return 0
	}
	return it.event.Size()
}

// lane is the queue of an order or job, or of a single event that names neither. Its first
// event is the one to send. The lane is in one of the places of a queue, or in none while
// its first event is being sent.
type lane struct {
	key    receiver.Key // used if shared
	shared bool
	items  []*item

	fresh *list.Element // its place among the fresh lanes, or nil
	place int           // its place among the waiting lanes, or -1
	due   time.Time     // when to send the first event again
}

func (l *lane) first() *item { return l.items[0] }

// waits says that the first event was tried, so that the others wait for it.
func (l *lane) waits() bool { return len(l.items) > 0 && l.first().tries > 0 }

// waiting are lanes by the time at which their first event is due. It is a heap.
type waiting []*lane

// push adds a lane.
func (w *waiting) push(l *lane) { heap.Push(w, l) }

// remove removes a lane.
func (w *waiting) remove(l *lane) { heap.Remove(w, l.place) }

// Len implements heap.Interface, as do the following methods.
func (w waiting) Len() int           { return len(w) }
func (w waiting) Less(i, j int) bool { return w[i].due.Before(w[j].due) }
func (w waiting) Swap(i, j int) {
	w[i], w[j] = w[j], w[i]
	w[i].place, w[j].place = i, j
}

// Push implements heap.Interface.
func (w *waiting) Push(x any) {
	l := x.(*lane)
	l.place = len(*w)
	*w = append(*w, l)
}

// Pop implements heap.Interface.
func (w *waiting) Pop() any {
	old := *w
	l := old[len(old)-1]
	old[len(old)-1] = nil
	*w = old[:len(old)-1]
	l.place = -1
	return l
}
