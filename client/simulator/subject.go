package simulator

import (
	"slices"
	"time"
)

// kind tells orders from jobs.
type kind int

const (
	order kind = iota
	job
)

// subject is an order or a job as it stands. Simulator.mu guards it.
type subject struct {
	kind kind
	id   string
	name string
	// status is as UP42 spells it: an order's in upper, a job's in lower case.
	status string
	final  bool
	// steps is how often it has changed.
	steps            int
	created, updated time.Time

	// Of an order: subStatus refines the status of a tasking order.
	tasking   bool
	subStatus string
	product   product
	place     place
	tags      []string

	// Of a job; started and finished are zero until then.
	process           string
	credits           int
	started, finished time.Time
}

// change takes a step at a time.
func (s *subject) change(to step, at time.Time) {
	if s.steps == 0 {
		s.created = at
	}
	s.steps++
	s.updated = at
	s.status, s.final = to.status, to.final
	if to.subStatus != "" {
		s.subStatus = to.subStatus
	}
	switch {
	case s.kind != job:
	case s.started.IsZero() && to.status == "running":
		s.started = at
	case s.finished.IsZero() && (to.final || to.status == "successful" || to.status == "failed"):
		s.finished = at
	}
}

func (s *subject) event() string {
	if s.kind == job {
		return jobStatus
	}
	return orderStatus
}

func (s *subject) orderType() string {
	if s.tasking {
		return "TASKING"
	}
	return "ARCHIVE"
}

// told is how a delivery tells of the subject.
func (s *subject) told(workspace string) any {
	if s.kind == job {
		return jobJSON{s.id, s.name, s.process, workspace, s.status, s.final}
	}
	return orderJSON{s.id, s.orderType(), s.product.host, s.status, s.final}
}

// maxEnded is how many ended orders, and how many ended jobs, are kept.
const maxEnded = 500

// shelf keeps subjects of one kind, in the order in which they began.
type shelf []*subject

func (s *shelf) add(x *subject) { *s = append(*s, x) }

// trim forgets the ended ones that changed first, where there are too many.
func (s *shelf) trim() {
	ended, oldest := 0, -1
	for i, x := range *s {
		if !x.final {
			continue
		}
		ended++
		if oldest < 0 || x.updated.Before((*s)[oldest].updated) {
			oldest = i
		}
	}
	if ended > maxEnded {
		*s = slices.Delete(*s, oldest, oldest+1)
	}
}

// find returns the subject of an id, nil where there is none.
func (s shelf) find(id string) *subject {
	for _, x := range s {
		if x.id == id {
			return x
		}
	}
	return nil
}
