package simulator

import (
	"math/rand/v2"
	"strconv"
)

func (s *scenario) makeArchiveOrder(r *rand.Rand) {
	s.beginArchive(r)
	switch dice := r.IntN(100); {
	case dice < 8:
		s.placing(r, false).fulfil(r, r.IntN(100) < 88)
	case dice < 12:
		s.add(between(r, 10, 20), "BEING_PLACED").add(between(r, 10, 20), "PLACEMENT_FAILED").end(between(r, 30, 60), "FAILED_PERMANENTLY")
	case dice < 19:
		s.placing(r, true).end(between(r, 10, 30), "CANCELED")
	default:
		s.placing(r, true).fulfil(r, r.IntN(100) < 88)
	}
}

func (s *scenario) makeTaskingOrder(r *rand.Rand) {
	s.beginTasking(r)
	if r.IntN(100) < 20 {
		s.reject(r)
		return
	}
	s.study(r).placing(r, true).fulfil(r, r.IntN(100) < 88)
}

func (s *scenario) beginArchive(r *rand.Rand) *scenario {
	return s.beginOrder(r, archiveProducts[:])
}

func (s *scenario) beginTasking(r *rand.Rand) *scenario {
	s.tasking = true
	return s.beginOrder(r, taskingProducts[:])
}

func (s *scenario) beginOrder(r *rand.Rand, products []product) *scenario {
	s.product, s.tags, s.budget = pick(r, products), pick(r, tags[:]), pick(r, budgets[:])
	s.name = s.product.title + ", " + s.place.name
	return s.add(0, "CREATED")
}

// study adds a feasibility study and a quotation. Both wait for the owner, who accepts.
func (s *scenario) study(r *rand.Rand) *scenario {
	return s.askOwner(r).refine(between(r, 40, 70), "QUOTATION_ACCEPTED")
}

// reject adds a feasibility study and a quotation that the owner rejects.
func (s *scenario) reject(r *rand.Rand) {
	s.askOwner(r).refine(between(r, 40, 70), "QUOTATION_REJECTED").end(between(r, 10, 20), "CANCELED")
}

// askOwner adds the steps up to the question whether the owner accepts the quotation.
func (s *scenario) askOwner(r *rand.Rand) *scenario {
	s.refine(between(r, 10, 20), "FEASIBILITY_WAITING_UPLOAD").refine(between(r, 10, 20), "FEASIBILITY_WAITING_RESPONSE")
	return s.refine(between(r, 60, 90), "QUOTATION_WAITING_UPLOAD").refine(between(r, 10, 20), "QUOTATION_WAITING_RESPONSE")
}

// placing adds the steps up to PLACED. If it is not smooth, the first attempt fails.
func (s *scenario) placing(r *rand.Rand, smooth bool) *scenario {
	s.add(between(r, 10, 20), "BEING_PLACED")
	if smooth {
		return s.add(between(r, 10, 20), "PLACED")
	}
	return s.add(between(r, 10, 20), "PLACEMENT_FAILED").add(between(r, 40, 70), "PLACED")
}

// fulfil adds the steps from PLACED to the end.
func (s *scenario) fulfil(r *rand.Rand, well bool) {
	s.add(between(r, 10, 30), "BEING_FULFILLED")
	if well {
		s.end(between(r, 15, 30), "FULFILLED")
	} else {
		s.end(between(r, 15, 30), "FAILED_PERMANENTLY")
	}
}

func (s *scenario) makeJob(r *rand.Rand) {
	s.beginJob(r)
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
	s.start(r)
	withTasks, failing := r.IntN(100) < 25, dice < 23
	if withTasks {
		s.runTasks(r, 2+r.IntN(3), failing)
	}
	if failing {
		s.end(between(r, 5, 15), "failed").end(between(r, 5, 10), "released")
		return
	}
	s.succeed(r, r.IntN(100) < 60)
}

func (s *scenario) beginJob(r *rand.Rand) *scenario {
	s.kind, s.process, s.credits = job, pick(r, processes[:]), 50+r.IntN(4000)
	s.name = s.process + ", " + s.place.name
	return s.add(0, "created")
}

// prepare adds the steps of a job up to its start.
func (s *scenario) prepare(r *rand.Rand) *scenario {
	return s.add(between(r, 5, 15), "licensed").add(between(r, 5, 15), "valid").start(r)
}

func (s *scenario) start(r *rand.Rand) *scenario {
	return s.add(between(r, 5, 15), "accepted").add(between(r, 5, 15), "running")
}

// succeed adds the end of a job. Some jobs stay successful, others are captured too: then
// their credits are taken.
func (s *scenario) succeed(r *rand.Rand, captured bool) {
	s.end(between(r, 15, 40), "successful")
	if captured {
		s.end(between(r, 5, 10), "captured")
	}
}

// runTasks adds the tasks of a job, one after the other. If the job is failing, the last of
// them fails.
func (s *scenario) runTasks(r *rand.Rand, number int, failing bool) *scenario {
	for i := range number {
		t := &task{id: named("task " + strconv.Itoa(i+1) + " of " + s.id), name: taskNames[i%len(taskNames)]}
		end := "successful"
		if failing && i == number-1 {
			end = "failed"
		}
		s.ahead = append(s.ahead,
			step{after: between(r, 3, 8), task: t, status: "running"},
			step{after: between(r, 8, 15), task: t, status: end, final: true})
	}
	return s
}
