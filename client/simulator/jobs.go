package simulator

import (
	"cmp"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// jobView is a processing job as the API shows it.
type jobView struct {
	ProcessID         string       `json:"processID"`
	JobID             string       `json:"jobID"`
	AccountID         string       `json:"accountID"`
	WorkspaceID       string       `json:"workspaceID"`
	Definition        any          `json:"definition"`
	Results           *jobResults  `json:"results"`
	CreditConsumption *consumption `json:"creditConsumption"`
	Status            string       `json:"status"`
	Created           string       `json:"created"`
	Started           *string      `json:"started"`
	Finished          *string      `json:"finished"`
	Updated           string       `json:"updated"`
}

type jobResults struct {
	Collection string        `json:"collection,omitempty"`
	Errors     []resultError `json:"errors,omitempty"`
}

type resultError struct {
	Name    string `json:"name"`
	Message string `json:"message"`
}

type consumption struct {
	Credits int `json:"credits"`
}

func (s *Simulator) viewJob(x *subject) jobView {
	v := jobView{
		ProcessID: x.process, JobID: x.id, AccountID: s.account, WorkspaceID: s.workspace,
		Definition: map[string]any{"inputs": map[string]any{"title": x.name, "item": "https://api.up42.com/v2/assets/stac/collections/" + named("input of "+x.id)}},
		Status:     x.status, Created: stamp(x.created), Updated: stamp(x.updated),
		Started: maybe(x.started), Finished: maybe(x.finished),
	}
	switch x.status {
	case "successful", "captured":
		v.Results = &jobResults{Collection: "https://api.up42.com/v2/assets/stac/collections/" + named("output of "+x.id)}
		v.CreditConsumption = &consumption{x.credits}
	case "invalid", "rejected", "unlicensed", "failed", "released":
		v.Results = &jobResults{Errors: []resultError{{"JobFailed", "The job ended as " + x.status}}}
	}
	return v
}

func maybe(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	text := stamp(t)
	return &text
}

func (s *Simulator) getJob(r *http.Request) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.jobs.find(r.PathValue("id"))
	if x == nil {
		return refuse(http.StatusNotFound, "Job not found for the given id")
	}
	return answer{status: http.StatusOK, body: s.viewJob(x)}
}

// jobsPage is a page of jobs; the link "next" leads to the one after it.
type jobsPage struct {
	Jobs  []jobView `json:"jobs"`
	Links []link    `json:"links"`
}

type link struct {
	Rel  string `json:"rel"`
	Href string `json:"href"`
}

// jobSorts are what jobs can be sorted by.
var jobSorts = sorts{
	"created":                   func(a, b *subject) int { return a.created.Compare(b.created) },
	"updated":                   func(a, b *subject) int { return a.updated.Compare(b.updated) },
	"status":                    func(a, b *subject) int { return cmp.Compare(a.status, b.status) },
	"processID":                 func(a, b *subject) int { return cmp.Compare(a.process, b.process) },
	"creditConsumption.credits": func(a, b *subject) int { return cmp.Compare(a.credits, b.credits) },
}

const (
	defaultJobs = 20
	maxJobs     = 100
)

func (s *Simulator) listJobs(r *http.Request) answer {
	q := r.URL.Query()
	limit, okLimit := count(q, "limit", defaultJobs, maxJobs)
	from, okFrom := count(q, "offset", 0, 1<<30)
	compare, okSort := jobSorts.parse(q, "created")
	switch {
	case !okLimit || limit == 0 || !okFrom:
		return refuse(http.StatusBadRequest, "limit and offset must be numbers from 1 and from 0")
	case !okSort:
		return refuse(http.StatusBadRequest, "sort must be created, updated, status, processID or creditConsumption.credits, with asc or desc")
	case !s.ownOrAny(q):
		return forbidden()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.jobs.sorted(compare, jobFilter(q))
	from = min(from, len(found))
	to := min(from+limit, len(found))
	page := jobsPage{Jobs: make([]jobView, 0, to-from), Links: []link{{"self", jobsPath(r, q, from)}}}
	for _, x := range found[from:to] {
		page.Jobs = append(page.Jobs, s.viewJob(x))
	}
	if to < len(found) {
		page.Links = append(page.Links, link{"next", jobsPath(r, q, to)})
	}
	return answer{status: http.StatusOK, body: page}
}

// jobsPath leads to another page of a query. Like UP42's it has no host.
func jobsPath(r *http.Request, q url.Values, offset int) string {
	q.Set("offset", strconv.Itoa(offset))
	return r.URL.Path + "?" + q.Encode()
}

// jobFilter selects jobs as a query asks.
func jobFilter(q url.Values) func(*subject) bool {
	ids, statuses := list(q, "processId"), list(q, "status")
	return func(x *subject) bool { return anyOr(ids, x.process) && anyOr(statuses, x.status) }
}
