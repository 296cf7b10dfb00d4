package simulator

import (
	"cmp"
	"container/heap"
	"context"
	"sync"
	"time"

	"github.com/up42/up42-webhooks/receiver/retry"
)

const (
	// endedAtStart and activeAtStart are the numbers of orders and jobs at the start.
	endedAtStart  = 24
	activeAtStart = 6
	// maxDelay is the delay from which on the player does not catch up: the machine was
	// asleep then.
	maxDelay = time.Second
)

// due is a step of a scenario at a time of the schedule.
type due struct {
	at       time.Duration
	number   int // of the scenario; at the same time, the lower number is first
	scenario *scenario
}

// schedule has the next step of each scenario, the earliest first. It is a container/heap.
// Its time counts from the start at speed 1, and only while Run runs, so that the order of
// steps does not depend on a clock.
type schedule struct {
	queue []due
	at    time.Duration
	// number is the number of the newest scenario.
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

// player plays scenarios: it changes orders and jobs, and tells the deliverer.
type player struct {
	seed      uint64
	speed     float64
	now       func() time.Time
	inventory *inventory
	deliverer *deliverer

	schedule schedule // used by one Run at a time
}

// populate makes the orders and jobs that exist at the start, and schedules what comes
// first. At speed 10 the first change comes within half a second.
func (p *player) populate() {
	start := p.now()
	for number := range endedAtStart + activeAtStart {
		s := newScenario(p.seed, number)
		steps := len(s.ahead)
		if number >= endedAtStart {
			steps = 1 + number%(len(s.ahead)-1)
		}
		p.makePast(s, steps, start.Add(-time.Duration(endedAtStart+activeAtStart-number)*97*time.Minute))
		p.inventory.add(s.subject)
		if len(s.ahead) > 0 {
			soon := time.Duration(number-endedAtStart)*5*time.Second + 3*time.Second
			heap.Push(&p.schedule, due{soon, number, s})
		}
	}
	p.schedule.number = endedAtStart + activeAtStart - 1
	p.scheduleNew(5 * time.Second)
}

// makePast makes the first steps of a scenario. They start at a time, and are slower than
// the steps that Run plays.
func (p *player) makePast(s *scenario, steps int, at time.Time) {
	for range steps {
		at = at.Add(10 * s.ahead[0].after)
		s.take(at)
	}
}

// scheduleNew schedules the start of the next scenario.
func (p *player) scheduleNew(at time.Duration) {
	p.schedule.number++
	heap.Push(&p.schedule, due{at, p.schedule.number, newScenario(p.seed, p.schedule.number)})
}

// play makes the scheduled steps until ctx ends. It catches up on delays below maxDelay.
func (p *player) play(ctx context.Context, deliveries *sync.WaitGroup) {
	wall := time.Now()
	for {
		wait := p.schedule.queue[0].at - p.schedule.at
		wall = wall.Add(time.Duration(float64(wait) / p.speed))
		if !retry.Sleep(ctx, time.Until(wall)) {
			return
		}
		if now := time.Now(); now.Sub(wall) > maxDelay {
			wall = now
		}
		p.step(ctx, deliveries)
	}
}

// step makes the next scheduled step.
func (p *player) step(ctx context.Context, deliveries *sync.WaitGroup) {
	d := heap.Pop(&p.schedule).(due)
	p.schedule.at = d.at
	s := d.scenario
	if s.steps == 0 {
		p.inventory.add(s.subject)
		p.scheduleNew(d.at + s.next)
	}
	if changed, silent := p.inventory.change(s, p.now()); !silent {
		p.deliverer.announce(ctx, deliveries, changed)
	}
	if len(s.ahead) > 0 {
		heap.Push(&p.schedule, due{d.at + s.ahead[0].after, d.number, s})
	}
}
