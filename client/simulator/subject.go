package simulator

import (
	"time"
)

// kind is the kind of a subject.
type kind int

const (
	order kind = iota
	job
)

// step is one change of a subject.
type step struct {
	// after is the time since the last step, at speed 1.
	after     time.Duration
	status    string
	subStatus string // empty if it does not change
	final     bool
	// silent steps change only the sub-status. No webhook gets a delivery.
	silent bool
}

// subject is an order or a job. The inventory's lock guards it.
type subject struct {
	kind kind
	id   string
	name string
	// status is in UP42's spelling: upper case for orders, lower case for jobs.
	status string
	final  bool
	// steps is the number of changes so far.
	steps            int
	created, updated time.Time

	// The fields of orders. Only a tasking order has a subStatus.
	tasking   bool
	subStatus string
	product   product
	place     place
	tags      []string

	// The fields of jobs. started and finished are zero before that.
	process           string
	credits           int
	started, finished time.Time
}

// change makes a step at a time.
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

// body is the inner body of a delivery about the subject.
func (s *subject) body(workspace string) any {
	if s.kind == job {
		return jobJSON{s.id, s.name, s.process, workspace, s.status, s.final}
	}
	return orderJSON{s.id, s.orderType(), s.product.host, s.status, s.final}
}
