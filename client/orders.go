package client

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// pageSize is how many orders, or jobs, are asked for at a time.
const pageSize = 100

// Order is an order as UP42 lists it.
type Order struct {
	ID, Name string
	// Type is ARCHIVE or TASKING.
	Type   string
	Status string
	// SubStatus refines the status of a tasking order; "": none.
	SubStatus            string
	CreatedAt, UpdatedAt time.Time
}

// Job is a processing job as UP42 lists it.
type Job struct {
	ID string
	// Name is the job's title, "" where it has none.
	Name string
	// Process is the id of the process that runs.
	Process            string
	Status             string
	Created, UpdatedAt time.Time
}

type orderJSON struct {
	ID          string          `json:"id"`
	DisplayName string          `json:"displayName"`
	Status      string          `json:"status"`
	Type        string          `json:"type"`
	Details     json.RawMessage `json:"orderDetails"`
	CreatedAt   instant         `json:"createdAt"`
	UpdatedAt   instant         `json:"updatedAt"`
}

func (o orderJSON) order() Order {
	var details struct {
		SubStatus string `json:"subStatus"`
	}
	_ = json.Unmarshal(o.Details, &details) // there may be none
	return Order{
		ID: o.ID, Name: o.DisplayName, Type: o.Type, Status: o.Status, SubStatus: details.SubStatus,
		CreatedAt: o.CreatedAt.Time, UpdatedAt: o.UpdatedAt.Time,
	}
}

// Orders lists the newest orders of the workspace, at most max, newest first.
func (c *Client) Orders(ctx context.Context, max int) (list []Order, err error) {
	const what = listOrders
	seen := map[string]bool{} // pages move while they are read
	ws, err := c.Workspace(ctx)
	if err != nil {
		return nil, err
	}
	size := min(max, pageSize)
	for page := 0; len(list) < max; page++ {
		before := len(list)
		at := c.api.at(url.Values{
			"workspaceId": {ws}, "page": {strconv.Itoa(page)}, "size": {strconv.Itoa(size)}, "sort": {"createdAt,desc"},
		}, "v2", "orders")
		answer, _, err := c.do(ctx, call{what: what, method: http.MethodGet, url: at})
		if err != nil {
			return nil, err
		}
		var in struct {
			Content    json.RawMessage `json:"content"`
			TotalPages int             `json:"totalPages"`
		}
		var orders []orderJSON
		if err := decode(what, answer, &in); err != nil {
			return nil, err
		}
		if json.Unmarshal(in.Content, &orders) != nil {
			return nil, fmt.Errorf("%s: %w: there is no list in it", what, errAnswer)
		}
		for _, o := range orders {
			if !seen[o.ID] && len(list) < max {
				seen[o.ID] = true
				list = append(list, o.order())
			}
		}
		if len(list) == before || page+1 >= in.TotalPages {
			break
		}
	}
	return list, nil
}

// Order returns one order.
func (c *Client) Order(ctx context.Context, id string) (Order, error) {
	const what = "read the order"
	if id == "" {
		return Order{}, fmt.Errorf("%s: %w", what, errNoID)
	}
	answer, _, err := c.do(ctx, call{what: what, method: http.MethodGet, url: c.api.at(nil, "v2", "orders", id)})
	if err != nil {
		return Order{}, err
	}
	var in orderJSON
	if err := decode(what, answer, &in); err != nil {
		return Order{}, err
	}
	if !strings.EqualFold(in.ID, id) {
		return Order{}, fmt.Errorf("%s: %w: it is about another one, or none", what, errAnswer)
	}
	return in.order(), nil
}

type jobJSON struct {
	JobID      string          `json:"jobID"`
	ProcessID  string          `json:"processID"`
	Status     string          `json:"status"`
	Definition json.RawMessage `json:"definition"`
	Created    instant         `json:"created"`
	Updated    instant         `json:"updated"`
}

func (j jobJSON) job() Job {
	return Job{
		ID: j.JobID, Name: titleOf(j.Definition), Process: j.ProcessID, Status: j.Status,
		Created: j.Created.Time, UpdatedAt: j.Updated.Time,
	}
}

// titleOf is what a job's definition calls it.
func titleOf(definition json.RawMessage) string {
	var d struct {
		Title  string `json:"title"`
		Inputs struct {
			Title string `json:"title"`
		} `json:"inputs"`
	}
	_ = json.Unmarshal(definition, &d) // its form differs from process to process
	return cmp.Or(d.Inputs.Title, d.Title)
}

// Jobs lists the newest processing jobs of the workspace, at most max, newest
// first.
func (c *Client) Jobs(ctx context.Context, max int) (list []Job, err error) {
	const what = listJobs
	ws, err := c.Workspace(ctx)
	if err != nil {
		return nil, err
	}
	at := c.api.at(url.Values{
		"workspaceId": {ws}, "limit": {strconv.Itoa(min(max, pageSize))}, "sort": {"created,desc"},
	}, "v2", "processing", "jobs")
	seen, asked := map[string]bool{}, map[string]bool{}
	for at != nil && len(list) < max && !asked[at.String()] {
		before := len(list)
		asked[at.String()] = true
		answer, _, err := c.do(ctx, call{what: what, method: http.MethodGet, url: at})
		if err != nil {
			return nil, err
		}
		var in struct {
			Jobs  json.RawMessage `json:"jobs"`
			Links []linkJSON      `json:"links"`
		}
		var jobs []jobJSON
		if err := decode(what, answer, &in); err != nil {
			return nil, err
		}
		if json.Unmarshal(in.Jobs, &jobs) != nil {
			return nil, fmt.Errorf("%s: %w: there is no list in it", what, errAnswer)
		}
		for _, j := range jobs {
			if !seen[j.JobID] && len(list) < max {
				seen[j.JobID] = true
				list = append(list, j.job())
			}
		}
		if len(list) == before {
			break // links that bring nothing new lead round in circles
		}
		at = c.next(at, in.Links)
	}
	return list, nil
}

type linkJSON struct {
	Rel  string `json:"rel"`
	Href string `json:"href"`
}

// next is the page after one; nil: there is none, or it is somewhere else, where
// the token must not go.
func (c *Client) next(at *url.URL, links []linkJSON) *url.URL {
	for _, l := range links {
		if l.Rel != "next" {
			continue
		}
		if next, err := at.Parse(l.Href); err == nil && c.api.owns(next) {
			return next
		}
	}
	return nil
}

// Job returns one processing job.
func (c *Client) Job(ctx context.Context, id string) (Job, error) {
	const what = "read the job"
	if id == "" {
		return Job{}, fmt.Errorf("%s: %w", what, errNoID)
	}
	answer, _, err := c.do(ctx, call{what: what, method: http.MethodGet, url: c.api.at(nil, "v2", "processing", "jobs", id)})
	if err != nil {
		return Job{}, err
	}
	var in jobJSON
	if err := decode(what, answer, &in); err != nil {
		return Job{}, err
	}
	if !strings.EqualFold(in.JobID, id) {
		return Job{}, fmt.Errorf("%s: %w: it is about another one, or none", what, errAnswer)
	}
	return in.job(), nil
}
