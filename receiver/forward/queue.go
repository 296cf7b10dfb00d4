package forward

import (
	"container/list"
	"context"
	"strings"
	"sync"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

const (
	// maxHeld bounds the events that are kept in memory.
	maxHeld = 1000
	// maxOpen bounds the events that wait. Those that are not kept in memory take some 400
	// bytes each.
	maxOpen = 100_000
	// sweepEvery is how often overdue events are looked for while the target is ill.
	sweepEvery = time.Second
)

// queue decides which event is sent next. The events of an order or a job are sent one
// after the other. It is safe for concurrent use.
type queue struct {
	parallel int
	memory   int // for events, in bytes

	mu      sync.Mutex
	byKey   map[receiver.Key]*lane
	fresh   list.List // of lanes whose first event was not tried, the oldest first
	waiting waiting   // lanes whose first event is sent again later
	overdue []*lane   // lanes whose first event is to be given up
	last    []*lane   // lanes whose first event was never tried, and is overdue
	health  health
	open    int           // all events
	held    int           // those in memory
	bytes   int           // what they take
	sending int           // attempts under way
	older   int           // those that leave room for the newest lanes, see choose
	turn    int           // counts attempts
	sweepAt time.Time     // when to look for overdue events
	changed chan struct{} // closed when something changed
}

// task is something to do for an item. finish or postpone ends it.
type task struct {
	lane *lane
	item *item
	// giveUp says to give the event up. Otherwise it is to be sent.
	giveUp bool
	older  bool // it is counted in queue.older
	probe  bool // the target is ill
}

func newQueue(parallel, memory int) *queue {
	return &queue{
		parallel: parallel, memory: memory, byKey: map[receiver.Key]*lane{}, health: health{credit: firstCredit}, changed: make(chan struct{}),
	}
}

// put adds an event as soon as there is room. It returns false if ctx ended.
func (q *queue) put(ctx context.Context, e *receiver.Event, deadline time.Time) bool {
	for {
		q.mu.Lock()
		ok, changed := q.add(e, deadline), q.changed
		q.mu.Unlock()
		if ok {
			return true
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return false
		}
	}
}

// add adds an event if there is room. While the target is ill, and behind an event that
// waits, events are not kept in memory. So neither keeps others from being found.
func (q *queue) add(e *receiver.Event, deadline time.Time) bool {
	key := receiver.Key{Kind: e.Kind, ID: e.ID}
	// An id without a row may be as long as a body.
	shared := e.ID != "" && len(e.ID) <= receiver.MaxID
	var l *lane
	if shared {
		l = q.byKey[key]
	}
	waits := l != nil && l.waits()
	hold := !waits && (q.held == 0 || q.held < maxHeld && q.bytes+e.Size() <= q.memory)
	if q.open >= maxOpen || !hold && !waits && !q.health.ill() {
		return false
	}
	it := &item{seq: e.Seq, deadline: deadline}
	if hold {
		it.event = e
		q.held++
		q.bytes += it.size()
	}
	q.open++
	if l == nil {
		l = &lane{place: -1}
		if shared {
			key.ID = strings.Clone(e.ID) // it may be a part of the body
			l.key, l.shared = key, true
			q.byKey[key] = l
		}
		l.fresh = q.fresh.PushBack(l)
	}
	l.items = append(l.items, it)
	q.wake()
	return true
}

// tried counts an attempt that failed with err.
func (q *queue) tried(it *item, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	it.tries++
	it.why = err
}

// wake wakes all that wait for a change.
func (q *queue) wake() {
	close(q.changed)
	q.changed = make(chan struct{})
}

// next waits for a task. It returns false if ctx ended.
func (q *queue) next(ctx context.Context) (task, bool) {
	for ctx.Err() == nil {
		q.mu.Lock()
		t, wait, ok := q.pick(time.Now())
		changed := q.changed
		q.mu.Unlock()
		if ok {
			return t, true
		}
		timer := time.NewTimer(wait)
		select {
		case <-changed:
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
	}
	return task{}, false
}

// pick returns the next task, or how long nothing is to be done unless something changes.
func (q *queue) pick(now time.Time) (t task, wait time.Duration, ok bool) {
	wait = time.Hour
	if q.health.ill() {
		wait = min(wait, q.sweep(now))
	}
	if len(q.overdue) > 0 {
		l := q.overdue[0]
		q.overdue = q.overdue[1:]
		return task{lane: l, item: l.first(), giveUp: true}, 0, true
	}
	atOnce := q.parallel
	if q.health.ill() {
		atOnce = 1
		if pause := q.health.pause(now, len(q.last) > 0); pause > 0 {
			return t, min(wait, pause), false
		}
	}
	if q.sending >= atOnce {
		return t, wait, false
	}
	if len(q.last) > 0 {
		l := q.last[0]
		q.last = q.last[1:]
		return q.begin(l, false), 0, true
	}
	l, older, pause := q.choose(now)
	if l == nil {
		return t, min(wait, pause), false
	}
	return q.begin(l, older), 0, true
}

// choose takes the lane whose first event is sent next out of its place. Fresh lanes and
// those that wait take turns. Repeated attempts have half of the places, so that events on
// which a target hangs leave it time for others. If the target failed lately, they share
// this half with the oldest fresh lanes, and the other half is for the newest ones: these
// may be the only ones that it takes.
func (q *queue) choose(now time.Time) (l *lane, older bool, wait time.Duration) {
	wait = time.Hour
	room := q.older < max(1, q.parallel/2)
	due := false
	if len(q.waiting) > 0 && room {
		wait = q.waiting[0].due.Sub(now)
		due = wait <= 0
	}
	shaky := q.health.shaky(now)
	switch {
	case due && (q.turn%2 == 1 || q.fresh.Len() == 0):
		l, older = q.waiting[0], true
	case q.fresh.Len() == 0:
		return nil, false, wait
	case shaky && (q.turn%2 == 0 || !room):
		l = q.fresh.Back().Value.(*lane)
	default:
		l, older = q.fresh.Front().Value.(*lane), shaky
	}
	q.turn++
	q.take(l)
	return l, older, 0
}

// take takes a lane out of its place.
func (q *queue) take(l *lane) {
	if l.fresh != nil {
		q.fresh.Remove(l.fresh)
		l.fresh = nil
	}
	if l.place >= 0 {
		q.waiting.remove(l)
	}
}

// begin makes the task for the first event of a lane.
func (q *queue) begin(l *lane, older bool) task {
	q.sending++
	if older {
		q.older++
	}
	return task{lane: l, item: l.first(), older: older, probe: q.health.ill()}
}

// sweep finds the lanes whose first event is overdue, and returns when to look again. An
// event waits for longer than its time only if the target is ill. One that was never tried
// is sent once before it is given up.
func (q *queue) sweep(now time.Time) time.Duration {
	if now.Before(q.sweepAt) {
		return q.sweepAt.Sub(now)
	}
	q.sweepAt = now.Add(sweepEvery)
	var found []*lane
	for e := q.fresh.Front(); e != nil; e = e.Next() {
		if l := e.Value.(*lane); !now.Before(l.first().deadline) {
			found = append(found, l)
		}
	}
	for _, l := range q.waiting {
		if !now.Before(l.first().deadline) {
			found = append(found, l)
		}
	}
	for _, l := range found {
		q.take(l)
		if l.waits() {
			q.overdue = append(q.overdue, l)
		} else {
			q.last = append(q.last, l)
		}
	}
	return sweepEvery
}

// end ends the attempt of a task.
func (q *queue) end(t task) {
	if t.giveUp {
		return
	}
	q.sending--
	if t.older {
		q.older--
	}
}

// finish ends a task whose event is done: it was sent, given up or is gone.
func (q *queue) finish(t task) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.end(t)
	l := t.lane
	q.release(t.item)
	q.open--
	l.items[0] = nil
	if l.items = l.items[1:]; len(l.items) > 0 {
		l.fresh = q.fresh.PushBack(l)
	} else if l.shared {
		delete(q.byKey, l.key)
	}
	q.wake()
}

// release removes the event of an item from memory.
func (q *queue) release(it *item) {
	if it.event == nil {
		return
	}
	q.held--
	q.bytes -= it.size()
	it.event = nil
}

// failed notes that an attempt failed, and reports whether the target is ill. postpone must
// be called next.
func (q *queue) failed(s symptom) (ill bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	wasIll := q.health.ill()
	q.health.failed(time.Now(), s)
	if q.health.ill() && !wasIll {
		q.turn = 0 // the newest lane is next
	}
	return q.health.ill()
}

// works notes an answer that shows that the target works.
func (q *queue) works() {
	q.mu.Lock()
	defer q.mu.Unlock()
	wasIll := q.health.ill()
	if q.health.works(); wasIll {
		q.wake()
	}
}

// postpone ends a task whose event is sent again after some time, or for the last time when
// its time is over. The lane's events leave the memory.
func (q *queue) postpone(t task, wait time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.end(t)
	l := t.lane
	for _, it := range l.items {
		q.release(it)
	}
	l.due = time.Now().Add(wait)
	if t.item.deadline.Before(l.due) {
		l.due = t.item.deadline
	}
	q.waiting.push(l)
	q.wake()
}
