package simulator

import "math/rand/v2"

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
