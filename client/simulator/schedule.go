package simulator

import (
	"cmp"
	"container/heap"
	"context"
	"sync"
	"time"
)

// due is something that happens at a time of the schedule.
type due struct {
	at     time.Duration
	number int // of the life; of two at the same time the older life is first
	life   *life
}

// schedule is what is to happen, the earliest first (a container/heap). Its
// time is that of speed 1, counted from the start, and stands still while
// nobody plays: so the order of what happens does not depend on any clock.
type schedule struct {
	queue []due
	at    time.Duration
	// number is that of the last life that began.
	number int
}

func (s *schedule) Len() int { return len(s.queue) }
func (s *schedule) Less(i, j int) bool {
	a, b := s.queue[i], s.queue[j]
	return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.number, b.number)) < 0
}
func (s *schedule) Swap(i, j int) { s.queue[i], s.queue[j] = s.queue[j], s.queue[i] }
func (s *schedule) Push(x any)    { s.queue = append(s.queue, x.(due)) }
func (s *schedule) Pop() any {
	last := len(s.queue) - 1
	x := s.queue[last]
	s.queue = s.queue[:last]
	return x
}

// The population at the start.
const (
	endedAtStart = 24
	aliveAtStart = 6
)

// populate lays down what has happened before the start, and what comes first.
// Things move soon: at speed 10 the first one within half a second.
func (s *Simulator) populate() {
	start := s.now()
	for number := range endedAtStart + aliveAtStart {
		l := newLife(s.seed, number)
		steps := len(l.ahead)
		if number >= endedAtStart {
			steps = 1 + number%(len(l.ahead)-1)
		}
		s.liveThrough(l, steps, start.Add(-time.Duration(endedAtStart+aliveAtStart-number)*97*time.Minute))
		s.shelf(l.kind).add(l.subject)
		if len(l.ahead) > 0 {
			soon := time.Duration(number-endedAtStart)*5*time.Second + 3*time.Second
			heap.Push(&s.schedule, due{soon, number, l})
		}
	}
	s.schedule.number = endedAtStart + aliveAtStart - 1
	s.expectLife(5 * time.Second)
}

// liveThrough takes the first steps of a life that began at a time, at a pace
// between UP42's and ours.
func (s *Simulator) liveThrough(l *life, steps int, at time.Time) {
	for range steps {
		at = at.Add(10 * l.ahead[0].after)
		l.take(at)
	}
}

// expectLife lets the next life begin at a time of the schedule.
func (s *Simulator) expectLife(at time.Duration) {
	s.schedule.number++
	heap.Push(&s.schedule, due{at, s.schedule.number, newLife(s.seed, s.schedule.number)})
}

// late is how far play may be behind before it takes the delay for a pause.
const late = time.Second

// play lets what is scheduled happen until ctx ends. A delay is made good, as
// far as it is no pause of the whole machine.
func (s *Simulator) play(ctx context.Context, deliveries *sync.WaitGroup) {
	wall := time.Now()
	for {
		s.mu.Lock()
		wait := s.schedule.queue[0].at - s.schedule.at
		s.mu.Unlock()
		wall = wall.Add(time.Duration(float64(wait) / s.speed))
		if !pass(ctx, time.Until(wall)) {
			return
		}
		if now := time.Now(); now.Sub(wall) > late {
			wall = now
		}
		s.happen(ctx, deliveries)
	}
}

// happen lets the next thing of the schedule happen.
func (s *Simulator) happen(ctx context.Context, deliveries *sync.WaitGroup) {
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	d := heap.Pop(&s.schedule).(due)
	s.schedule.at = d.at
	l := d.life
	shelf := s.shelf(l.kind)
	if l.steps == 0 {
		shelf.add(l.subject)
		s.expectLife(d.at + l.next)
	}
	taken := l.take(now)
	if !taken.silent {
		s.announce(ctx, deliveries, l.subject)
	}
	if len(l.ahead) > 0 {
		heap.Push(&s.schedule, due{d.at + l.ahead[0].after, d.number, l})
	} else {
		shelf.trim()
	}
}

func (s *Simulator) shelf(k kind) *shelf {
	if k == job {
		return &s.jobs
	}
	return &s.orders
}
