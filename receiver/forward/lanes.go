package forward

import (
	"sync"

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
	queue []*receiver.Event
}

func newLanes() *lanes { return &lanes{byKey: map[receiver.Key]*lane{}} }

// put appends an event to its lane; fresh says that nobody drives that yet.
func (ls *lanes) put(e *receiver.Event) (l *lane, fresh bool) {
	key, keyed := e.Key()
	if !keyed {
		return &lane{queue: []*receiver.Event{e}}, true
	}
	ls.mu.Lock()
	defer ls.mu.Unlock()
	l, ok := ls.byKey[key]
	if !ok {
		l = &lane{key: key, keyed: true}
		ls.byKey[key] = l
	}
	l.queue = append(l.queue, e)
	return l, !ok
}

// next takes the next event of a lane; nil: there is none, and the lane is gone.
func (ls *lanes) next(l *lane) *receiver.Event {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	if len(l.queue) == 0 {
		if l.keyed {
			delete(ls.byKey, l.key)
		}
		return nil
	}
	e := l.queue[0]
	l.queue[0] = nil
	l.queue = l.queue[1:]
	return e
}
