package simulator

import (
	"math/rand/v2"
	"strconv"
)

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
