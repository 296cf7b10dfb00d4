package simulator

import (
	"cmp"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// jobView is a processing job in the API.
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

func (in *inventory) viewJob(x *subject) jobView {
	v := jobView{
		ProcessID: x.process, JobID: x.id, AccountID: in.account.id, WorkspaceID: in.account.workspace,
		Definition: map[string]any{"inputs": map[string]any{"title": x.name, "item": "https://api.up42.com/v2/assets/stac/collections/" + named("input of "+x.id)}},
		Status:     x.status, Created: stamp(x.created), Updated: stamp(x.updated),
		Started: stampOrNil(x.started), Finished: stampOrNil(x.finished),
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

func stampOrNil(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	text := stamp(t)
	return &text
}

func (in *inventory) getJob(r *http.Request) answer {
	return in.show(r, job, "Job not found for the given id", func(x *subject) any { return in.viewJob(x) })
}

// jobsPage is a page of jobs. The link "next" leads to the page after it.
type jobsPage struct {
	Jobs  []jobView `json:"jobs"`
	Links []link    `json:"links"`
}

type link struct {
	Rel  string `json:"rel"`
	Href string `json:"href"`
}

// jobSorts are the fields by which jobs can be sorted.
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

func (in *inventory) listJobs(r *http.Request) answer {
	q := r.URL.Query()
	limit, okLimit := count(q, "limit", defaultJobs, maxJobs)
	from, okFrom := count(q, "offset", 0, 1<<30)
	filter, okFilter := readJobFilter(q, in.now())
	compare, okSort := jobSorts.parse(q, "created")
	switch {
	case !okLimit || limit == 0 || !okFrom:
		return refuse(http.StatusBadRequest, "limit and offset must be numbers from 1 and from 0")
	case !okFilter:
		return refuse(http.StatusBadRequest, "minDuration and maxDuration must be numbers of seconds, the first not above the second")
	case !okSort:
		return refuse(http.StatusBadRequest, "sort must be created, updated, status, processID or creditConsumption.credits, with asc or desc")
	case !in.account.owns(q):
		return forbidden()
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	found := in.jobs.sorted(compare, filter.pass)
	from = min(from, len(found))
	to := min(from+limit, len(found))
	page := jobsPage{Jobs: make([]jobView, 0, to-from), Links: []link{{"self", jobsPath(r, q, from)}}}
	for _, x := range found[from:to] {
		page.Jobs = append(page.Jobs, in.viewJob(x))
	}
	if to < len(found) {
		page.Links = append(page.Links, link{"next", jobsPath(r, q, to)})
	}
	return ok(page)
}

// jobsPath returns the link to another page of a query. Like at UP42, it has no host.
func jobsPath(r *http.Request, q url.Values, offset int) string {
	q.Set("offset", strconv.Itoa(offset))
	return r.URL.Path + "?" + q.Encode()
}

// jobFilter selects jobs by what a query says.
type jobFilter struct {
	ids, processes, statuses []string
	// timed selects jobs that have started, and ran for shortest to longest. A job that has
	// not ended has run until now.
	timed             bool
	shortest, longest time.Duration
	now               time.Time
}

// readJobFilter reads the filter of a query; ok is false if it is not valid.
func readJobFilter(q url.Values, now time.Time) (f jobFilter, ok bool) {
	const most = math.MaxInt32
	shortest, okShortest := count(q, "minDuration", 0, most)
	longest, okLongest := count(q, "maxDuration", most, most)
	return jobFilter{
		ids: list(q, "ids"), processes: list(q, "processId"), statuses: list(q, "status"),
		timed: q.Has("minDuration") || q.Has("maxDuration"), now: now,
		shortest: time.Duration(shortest) * time.Second, longest: time.Duration(longest) * time.Second,
	}, okShortest && okLongest && shortest <= longest
}

func (f jobFilter) pass(x *subject) bool {
	return anyOr(f.ids, x.id) && anyOr(f.processes, x.process) && anyOr(f.statuses, x.status) && (!f.timed || f.inTime(x))
}

func (f jobFilter) inTime(x *subject) bool {
	if x.started.IsZero() {
		return false
	}
	end := x.finished
	if end.IsZero() {
		end = f.now
	}
	took := end.Sub(x.started)
	return took >= f.shortest && took <= f.longest
}
