package simulator

import (
	"math/rand/v2"
	"strconv"
	"time"
)

// scenario is an order or job with all its future steps. They are decided when it is made.
type scenario struct {
	*subject
	ahead []step
	// next is the time from the start of this scenario to that of the next one, at speed 1.
	next time.Duration
	// begun means that the first step was made.
	begun bool
}

// plot is the course of a scenario. It adds all the steps.
type plot func(s *scenario, r *rand.Rand)

// shown are the plots that each simulator plays from its start, one of each: those that
// ask something of the user, or that are easily misunderstood.
var shown = [...]plot{
	func(s *scenario, r *rand.Rand) { s.beginTasking(r).study(r).placing(r, true).fulfil(r, true) },
	func(s *scenario, r *rand.Rand) { s.beginArchive(r).placing(r, false).fulfil(r, true) },
	func(s *scenario, r *rand.Rand) { s.beginJob(r).prepare(r).runTasks(r, 3, false).succeed(r, true) },
	func(s *scenario, r *rand.Rand) { s.beginJob(r).prepare(r).succeed(r, true) },
}

// newScenario makes the scenario with a number. It depends only on the seed and the number.
func newScenario(seed uint64, number int) *scenario {
	purpose := "life " + strconv.Itoa(number) // a part of the seed: another text changes all ids
	r := rand.New(chance(seed, purpose))
	s := &scenario{subject: &subject{id: newIDs(seed, purpose+" id").next(), place: pick(r, places[:])}}
	s.next = between(r, 35, 65)
	dice := r.IntN(100)
	switch i := number - endedAtStart; {
	case i >= 0 && i < len(shown):
		shown[i](s, r)
	case dice < 40:
		s.makeJob(r)
	case dice < 78:
		s.makeArchiveOrder(r)
	default:
		s.makeTaskingOrder(r)
	}
	return s
}

// add adds a step to another status.
func (s *scenario) add(after time.Duration, status string) *scenario {
	s.ahead = append(s.ahead, step{after: after, status: status})
	return s
}

// refine adds a step that changes only the sub-status.
func (s *scenario) refine(after time.Duration, subStatus string) *scenario {
	status := s.ahead[len(s.ahead)-1].status
	s.ahead = append(s.ahead, step{after: after, status: status, subStatus: subStatus})
	return s
}

// end adds a step to a final status. Another final status may follow.
func (s *scenario) end(after time.Duration, status string) *scenario {
	s.ahead = append(s.ahead, step{after: after, status: status, final: true})
	return s
}

// take makes the next step at a time.
func (s *scenario) take(at time.Time) {
	taken := s.ahead[0]
	s.ahead = s.ahead[1:]
	s.change(taken, at)
}

// between returns a random time between two numbers of seconds.
func between(r *rand.Rand, from, to int) time.Duration {
	return time.Duration(from)*time.Second + time.Duration(r.Int64N(int64(time.Duration(to-from)*time.Second)))
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }
