package simulator

import (
	"cmp"
	"container/heap"
	"context"
	"sync"
	"time"
)

const (
	// endedAtStart and activeAtStart are the numbers of orders and jobs at the start.
	endedAtStart  = 24
	activeAtStart = 6
	// maxChanged is how many changes from outside wait for Run.
	maxChanged = 256
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
	// paused holds the player and the deliverer.
	paused gate
	// changed has orders and jobs that somebody has changed, until Run delivers that.
	changed chan subject

	schedule schedule // used by one Run at a time
}

// populate makes the orders and jobs that exist at the start, and schedules what comes
// first. At speed 10 the first change comes within half a second.
func (p *player) populate() {
	start := p.now()
	for number := range endedAtStart + activeAtStart {
		s := newScenario(p.seed, number)
		steps := len(s.ahead)
		switch {
		case number >= endedAtStart+len(shown):
			steps = 1 + number%(len(s.ahead)-1)
		case number >= endedAtStart: // all of it is to be seen
			steps = 1
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
	s.begun = true
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
		if !p.wait(ctx, time.Until(wall), deliveries) {
			// The next Run waits for the rest only.
			left := time.Duration(float64(max(0, time.Until(wall))) * p.speed)
			p.schedule.at = max(p.schedule.at, p.schedule.queue[0].at-left)
			return
		}
		if now := time.Now(); now.Sub(wall) > maxDelay {
			wall = now
		}
		p.step(ctx, deliveries)
	}
}

// wait waits for a time, and delivers changes from outside meanwhile. It returns false if ctx
// ends first.
func (p *player) wait(ctx context.Context, d time.Duration, deliveries *sync.WaitGroup) bool {
	if ctx.Err() != nil {
		return false
	}
	t := time.NewTimer(d)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return false
		case <-t.C:
			return p.paused.pass(ctx)
		case x := <-p.changed:
			p.deliverer.announce(ctx, deliveries, x)
		}
	}
}

// rest only delivers changes from outside, until ctx ends.
func (p *player) rest(ctx context.Context, deliveries *sync.WaitGroup) {
	for p.wait(ctx, time.Hour, deliveries) {
	}
}

// step makes the next scheduled step.
func (p *player) step(ctx context.Context, deliveries *sync.WaitGroup) {
	d := heap.Pop(&p.schedule).(due)
	p.schedule.at = d.at
	s := d.scenario
	if !s.begun {
		s.begun = true
		p.inventory.add(s.subject)
		p.scheduleNew(d.at + s.next)
	}
	if changed, ok := p.inventory.change(s, p.now()); ok {
		p.deliverer.announce(ctx, deliveries, changed)
	}
	if len(s.ahead) > 0 {
		heap.Push(&p.schedule, due{d.at + s.ahead[0].after, d.number, s})
	}
}
