package simulator

import (
	"cmp"
	"time"
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
