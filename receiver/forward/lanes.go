package forward

import (
	"sync"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// lanes are queues of events, one for each order and job. They are safe for concurrent
// use.
type lanes struct {
	mu    sync.Mutex
	byKey map[receiver.Key]*lane
}

// lane is the queue of an order or job, or of a single event that names neither.
type lane struct {
	key   receiver.Key // used if shared
	queue []item

	shared bool
}

// item is an event in a lane.
type item struct {
	*receiver.Event
	since time.Time // when it came into the lane
}

func newLanes() *lanes { return &lanes{byKey: map[receiver.Key]*lane{}} }

// put appends an event to its lane. If fresh is true, the lane has no reader yet: the
// caller must call next until it returns false. An event with an id has the lane of its
// order or job even if it has no status.
func (ls *lanes) put(e *receiver.Event) (l *lane, fresh bool) {
	it := item{e, time.Now()}
	if e.ID == "" {
		return &lane{queue: []item{it}}, true
	}
	key := receiver.Key{Kind: e.Kind, ID: e.ID}
	ls.mu.Lock()
	defer ls.mu.Unlock()
	l, ok := ls.byKey[key]
	if !ok {
		l = &lane{key: key, shared: true}
		ls.byKey[key] = l
	}
	l.queue = append(l.queue, it)
	return l, !ok
}

// next removes the first event of a lane. If it returns false, the lane was empty and is
// removed.
func (ls *lanes) next(l *lane) (it item, ok bool) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	if len(l.queue) == 0 {
		if l.shared {
			delete(ls.byKey, l.key)
		}
		return item{}, false
	}
	it = l.queue[0]
	l.queue[0] = item{}
	l.queue = l.queue[1:]
	return it, true
}
