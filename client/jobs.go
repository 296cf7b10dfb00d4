package client

import (
	"cmp"
	"context"
	"encoding/json"
	"net/url"
	"strconv"
	"time"
)

// Job is a processing job in the API.
type Job struct {
	ID string
	// Name is the title of the job. It may be empty.
	Name string
	// Process is the id of the process that the job runs.
	Process            string
	Status             string
	Created, UpdatedAt time.Time
}

type jobJSON struct {
	JobID      string          `json:"jobID"`
	ProcessID  string          `json:"processID"`
	Status     string          `json:"status"`
	Definition json.RawMessage `json:"definition"`
	Created    instant         `json:"created"`
	Updated    instant         `json:"updated"`
}

func (j jobJSON) id() string { return j.JobID }

func (j jobJSON) job() Job {
	return Job{
		ID: j.JobID, Name: titleOf(j.Definition), Process: j.ProcessID, Status: j.Status,
		Created: j.Created.Time, UpdatedAt: j.Updated.Time,
	}
}

// titleOf returns the title in the definition of a job.
func titleOf(definition json.RawMessage) string {
	var d struct {
		Title  string `json:"title"`
		Inputs struct {
			Title string `json:"title"`
		} `json:"inputs"`
	}
	_ = json.Unmarshal(definition, &d) // each process has its own form
	return cmp.Or(d.Inputs.Title, d.Title)
}

type linkJSON struct {
	Rel  string `json:"rel"`
	Href string `json:"href"`
}

// Jobs lists at most max processing jobs of the workspace, the newest first.
func (c *Client) Jobs(ctx context.Context, max int) (list []Job, err error) {
	ws, err := c.Workspace(ctx)
	if err != nil {
		return nil, err
	}
	at := c.api.at(url.Values{
		"workspaceId": {ws}, "limit": {strconv.Itoa(min(max, pageSize))}, "sort": {"created,desc"},
	}, "v2", "processing", "jobs")
	asked := map[string]bool{}
	found, err := collect(max, jobJSON.id, func() (jobs []jobJSON, more bool, err error) {
		asked[at.String()] = true
		var in struct {
			Jobs  json.RawMessage   `json:"jobs"`
			Links entries[linkJSON] `json:"links"`
		}
		if err := c.caller.read(ctx, listJobs, at, &in); err != nil {
			return nil, false, err
		}
		at = c.next(at, in.Links)
		jobs, err = listIn[jobJSON](listJobs, in.Jobs)
		return jobs, at != nil && !asked[at.String()], err
	})
	for _, j := range found {
		list = append(list, j.job())
	}
	return list, err
}

// next returns the address of the next page, nil after the last page. It ignores an address
// on another host, which must not get the token.
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
	j, err := readOne(ctx, c.caller, "read the job", id, c.api.at(nil, "v2", "processing", "jobs", id), jobJSON.id)
	if err != nil {
		return Job{}, err
	}
	return j.job(), nil
}
