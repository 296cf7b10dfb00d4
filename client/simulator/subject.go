package simulator

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
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

// maxEnded is how many final subjects a list keeps.
const maxEnded = 500

// subjectList has subjects of one kind, the oldest first.
type subjectList []*subject

func (s *subjectList) add(x *subject) { *s = append(*s, x) }

// trim removes the final subject that changed first if there are too many.
func (s *subjectList) trim() {
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

// find returns the subject with an id, nil if it does not exist.
func (s subjectList) find(id string) *subject {
	for _, x := range s {
		if x.id == id {
			return x
		}
	}
	return nil
}

// sorts are the comparisons that a query can name.
type sorts map[string]func(a, b *subject) int

// parse reads the parameter sort of a query, such as "createdAt,desc". The default is the
// newest first; the default direction is ascending. Subjects that compare equal are sorted
// by id, so that pages fit together.
func (s sorts) parse(q url.Values, newest string) (compare func(a, b *subject) int, ok bool) {
	field, direction, _ := strings.Cut(cmp.Or(q.Get("sort"), newest+",desc"), ",")
	by := s[field]
	direction = strings.ToLower(cmp.Or(direction, "asc"))
	if by == nil || direction != "asc" && direction != "desc" {
		return nil, false
	}
	return func(a, b *subject) int {
		c := by(a, b)
		if direction == "desc" {
			c = -c
		}
		return cmp.Or(c, cmp.Compare(a.id, b.id))
	}, true
}

// sorted returns the subjects that pass a filter, in an order.
func (s subjectList) sorted(compare func(a, b *subject) int, pass func(*subject) bool) []*subject {
	var out []*subject
	for _, x := range s {
		if pass(x) {
			out = append(out, x)
		}
	}
	slices.SortFunc(out, compare)
	return out
}
