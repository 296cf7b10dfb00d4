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
	// task is the task of a job that the step is about. Nil: it is about the subject itself.
	task *task
}

// task is a task of a job.
type task struct{ id, name string }

// subject is an order or a job. The inventory's lock guards it.
type subject struct {
	kind kind
	id   string
	name string
	// status is in UP42's spelling: upper case for orders, lower case for jobs.
	status string
	final  bool
	// last is the last step.
	last step
	// steps is the number of changes so far.
	steps            int
	created, updated time.Time

	// The fields of orders. Only a tasking order has a subStatus.
	tasking   bool
	subStatus string
	product   product
	place     place
	tags      []string
	budget    string // the id of its budget; empty if it has none
	cancelled bool   // by its owner

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
	s.updated, s.last = at, to
	if to.task != nil {
		return
	}
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

// body is the inner body of a delivery about the last change of the subject.
func (s *subject) body(workspace string) any {
	if s.kind == order {
		return orderJSON{s.id, s.orderType(), s.product.host, s.status, s.subStatus, s.final}
	}
	j := jobJSON{JobID: s.id, JobName: s.name, ProcessID: s.process, WorkspaceID: workspace, Status: s.status, StatusIsFinal: s.final}
	if t := s.last.task; t != nil {
		j.JobTaskID, j.JobTaskName, j.Status, j.StatusIsFinal = t.id, t.name, s.last.status, s.last.final
	}
	return j
}
