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
}

// newScenario makes the scenario with a number. It depends only on the seed and the number.
func newScenario(seed uint64, number int) *scenario {
	purpose := "life " + strconv.Itoa(number) // a part of the seed: another text changes all ids
	r := rand.New(chance(seed, purpose))
	s := &scenario{subject: &subject{id: newIDs(seed, purpose+" id").next(), place: pick(r, places[:])}}
	s.next = between(r, 25, 55)
	switch dice := r.IntN(100); {
	case dice < 40:
		s.makeJob(r)
	case dice < 78:
		s.makeArchiveOrder(r)
	default:
		s.makeTaskingOrder(r)
	}
	return s
}

func (s *scenario) makeArchiveOrder(r *rand.Rand) {
	s.product, s.tags = pick(r, archiveProducts[:]), pick(r, tags[:])
	s.name = s.product.title + ", " + s.place.name
	s.add(0, "CREATED").add(between(r, 10, 20), "BEING_PLACED")
	switch dice := r.IntN(100); {
	case dice < 7:
		s.add(between(r, 10, 20), "PLACEMENT_FAILED").end(between(r, 10, 20), "FAILED_PERMANENTLY")
		return
	case dice < 14:
		s.add(between(r, 10, 20), "PLACED").end(between(r, 10, 30), "CANCELED")
		return
	}
	s.fulfil(r)
}

func (s *scenario) makeTaskingOrder(r *rand.Rand) {
	s.tasking, s.product, s.tags = true, pick(r, taskingProducts[:]), pick(r, tags[:])
	s.name = s.product.title + ", " + s.place.name
	s.add(0, "CREATED").refine(r, "FEASIBILITY_WAITING_UPLOAD").refine(r, "FEASIBILITY_WAITING_RESPONSE")
	s.refine(r, "QUOTATION_WAITING_UPLOAD").refine(r, "QUOTATION_WAITING_RESPONSE")
	if r.IntN(100) < 20 {
		s.refine(r, "QUOTATION_REJECTED").end(between(r, 10, 20), "CANCELED")
		return
	}
	s.refine(r, "QUOTATION_ACCEPTED").add(between(r, 10, 20), "BEING_PLACED")
	s.fulfil(r)
}

// fulfil adds the steps from PLACED to the end, which may be a failure.
func (s *scenario) fulfil(r *rand.Rand) {
	s.add(between(r, 10, 20), "PLACED").add(between(r, 10, 30), "BEING_FULFILLED")
	if r.IntN(100) < 12 {
		s.end(between(r, 15, 30), "FAILED_PERMANENTLY")
		return
	}
	s.end(between(r, 15, 30), "FULFILLED")
}

func (s *scenario) makeJob(r *rand.Rand) {
	s.kind, s.process, s.credits = job, pick(r, processes[:]), 50+r.IntN(4000)
	s.name = s.process + ", " + s.place.name
	s.add(0, "created")
	dice := r.IntN(100)
	if dice < 4 {
		s.end(between(r, 5, 15), "unlicensed")
		return
	}
	s.add(between(r, 5, 15), "licensed")
	if dice < 9 {
		s.end(between(r, 5, 15), "invalid")
		return
	}
	s.add(between(r, 5, 15), "valid")
	if dice < 13 {
		s.end(between(r, 5, 15), "rejected")
		return
	}
	s.add(between(r, 5, 15), "accepted").add(between(r, 5, 15), "running")
	if dice < 23 {
		s.add(between(r, 15, 40), "failed").end(between(r, 5, 10), "released")
		return
	}
	s.add(between(r, 15, 40), "successful").end(between(r, 5, 10), "captured")
}

func (s *scenario) add(after time.Duration, status string) *scenario {
	s.ahead = append(s.ahead, step{after: after, status: status})
	return s
}

// refine adds a step that changes only the sub-status.
func (s *scenario) refine(r *rand.Rand, subStatus string) *scenario {
	status := s.ahead[len(s.ahead)-1].status
	s.ahead = append(s.ahead, step{after: between(r, 10, 20), status: status, subStatus: subStatus, silent: true})
	return s
}

func (s *scenario) end(after time.Duration, status string) {
	s.ahead = append(s.ahead, step{after: after, status: status, final: true})
}

// take makes the next step at a time and returns it.
func (s *scenario) take(at time.Time) step {
	taken := s.ahead[0]
	s.ahead = s.ahead[1:]
	s.change(taken, at)
	return taken
}

// between returns a random time between two numbers of seconds.
func between(r *rand.Rand, from, to int) time.Duration {
	return time.Duration(from)*time.Second + time.Duration(r.Int64N(int64(time.Duration(to-from)*time.Second)))
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }
