package forward

import (
	"sync"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// lanes are the events that wait for their turn, by their order or job. It is
// safe for concurrent use.
type lanes struct {
	mu    sync.Mutex
	byKey map[receiver.Key]*lane
}

// lane is a queue in which the first event is under way.
type lane struct {
	key   receiver.Key
	keyed bool // else it is one event's own
	queue []item
}

// item is an event that came into its lane at some time.
type item struct {
	*receiver.Event
	since time.Time
}

func newLanes() *lanes { return &lanes{byKey: map[receiver.Key]*lane{}} }

// put appends an event to its lane; fresh says that nobody drives that yet.
// What names an id has a lane, also where it has no row for want of a status.
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
		l = &lane{key: key, keyed: true}
		ls.byKey[key] = l
	}
	l.queue = append(l.queue, it)
	return l, !ok
}

// next takes the next event of a lane; false: there is none, and the lane is
// gone.
func (ls *lanes) next(l *lane) (it item, ok bool) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	if len(l.queue) == 0 {
		if l.keyed {
			delete(ls.byKey, l.key)
		}
		return item{}, false
	}
	it = l.queue[0]
	l.queue[0] = item{}
	l.queue = l.queue[1:]
	return it, true
}
