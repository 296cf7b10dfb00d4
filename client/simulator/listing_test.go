package simulator_test

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client/simulator"
)

type orderSeen struct {
	ID, WorkspaceID, AccountID, DisplayName, Status, Type, DataProductID, CreatedAt, UpdatedAt string
	Tags                                                                                       []string
	OrderDetails                                                                               map[string]any
}

type ordersSeen struct {
	Content                   []orderSeen
	TotalPages, TotalElements int
}

type jobSeen struct {
	ProcessID         string `json:"processID"`
	JobID             string `json:"jobID"`
	AccountID         string `json:"accountID"`
	WorkspaceID       string `json:"workspaceID"`
	Status            string
	Created, Updated  string
	Started, Finished *string
	Definition        map[string]any
	Results           *struct {
		Collection string
		Errors     []struct{ Name, Message string }
	}
	CreditConsumption *struct{ Credits int }
}

type jobsSeen struct {
	Jobs  []jobSeen
	Links []struct{ Rel, Href string }
}

// orders reads all pages of a query.
func (r *rig) orders(query url.Values) (all []orderSeen) {
	r.Helper()
	for page := 0; ; page++ {
		query.Set("page", strconv.Itoa(page))
		var in ordersSeen
		a := r.call(http.MethodGet, "/v2/orders?"+query.Encode(), "")
		require.Equal(r, 200, a.status, a.text)
		a.into(r, &in)
		all = append(all, in.Content...)
		if page+1 >= in.TotalPages {
			assert.Len(r, all, in.TotalElements)
			return all
		}
	}
}

// jobs reads all pages of a query by their links.
func (r *rig) jobs(query url.Values) (all []jobSeen) {
	r.Helper()
	for path := "/v2/processing/jobs?" + query.Encode(); path != ""; {
		var in jobsSeen
		a := r.call(http.MethodGet, path, "")
		require.Equal(r, 200, a.status, a.text)
		a.into(r, &in)
		all = append(all, in.Jobs...)
		path = ""
		for _, l := range in.Links {
			if l.Rel == "next" {
				path = l.Href
			}
		}
	}
	return all
}

func TestOrders(t *testing.T) {
	r := newRig(t, simulator.Options{Quiet: true, Seed: 3})
	all := r.orders(url.Values{"workspaceId": {r.sim.Workspace()}, "size": {"4"}, "sort": {"createdAt,desc"}})
	require.Greater(t, len(all), 8, "some history")
	assert.True(t, slices.IsSortedFunc(all, func(a, b orderSeen) int { return compareText(b.CreatedAt, a.CreatedAt) }))
	ids := map[string]bool{}
	for _, o := range all {
		ids[o.ID] = true
		assert.Equal(t, r.sim.Workspace(), o.WorkspaceID)
		for _, text := range []string{o.AccountID, o.DisplayName, o.DataProductID, o.UpdatedAt} {
			assert.NotEmpty(t, text)
		}
		if o.Type == "TASKING" {
			for _, name := range []string{"acquisitionStart", "acquisitionEnd", "geometry"} {
				assert.NotEmpty(t, o.OrderDetails[name], name)
			}
		} else {
			assert.Equal(t, "ARCHIVE", o.Type)
			assert.NotEmpty(t, o.OrderDetails["aoi"])
		}
		var one orderSeen
		r.call(http.MethodGet, "/v2/orders/"+o.ID, "").into(t, &one)
		assert.Equal(t, o, one)
	}
	assert.Len(t, ids, len(all), "no order twice")

	assert.Equal(t, all, r.orders(url.Values{}), "by default the newest first")
	up := r.orders(url.Values{"sort": {"createdAt,asc"}, "size": {"1000"}})
	slices.Reverse(up)
	assert.Equal(t, all, up)
	for _, o := range r.orders(url.Values{"type": {"TASKING"}, "status": {"FULFILLED", "CANCELED"}}) {
		assert.Equal(t, "TASKING", o.Type)
		assert.Contains(t, []string{"FULFILLED", "CANCELED"}, o.Status)
	}
	found := r.orders(url.Values{"displayName": {all[0].DisplayName}})
	assert.Contains(t, found, all[0])
}

func compareText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func TestJobs(t *testing.T) {
	r := newRig(t, simulator.Options{Quiet: true, Seed: 3})
	all := r.jobs(url.Values{"workspaceId": {r.sim.Workspace()}, "limit": {"3"}, "sort": {"created,desc"}})
	require.Greater(t, len(all), 6, "some history")
	assert.True(t, slices.IsSortedFunc(all, func(a, b jobSeen) int { return compareText(b.Created, a.Created) }))
	ids := map[string]bool{}
	for _, j := range all {
		ids[j.JobID] = true
		for _, text := range []string{j.ProcessID, j.AccountID, j.WorkspaceID, j.Updated} {
			assert.NotEmpty(t, text)
		}
		assert.NotNil(t, j.Definition["inputs"])
		if j.Status == "captured" {
			require.NotNil(t, j.Results)
			assert.NotEmpty(t, j.Results.Collection)
			require.NotNil(t, j.CreditConsumption)
			assert.Positive(t, j.CreditConsumption.Credits)
			assert.NotNil(t, j.Started)
			assert.NotNil(t, j.Finished)
		}
		var one jobSeen
		r.call(http.MethodGet, "/v2/processing/jobs/"+j.JobID, "").into(t, &one)
		assert.Equal(t, j, one)
	}
	assert.Len(t, ids, len(all), "no job twice")
	assert.Equal(t, all, r.jobs(url.Values{}), "by default the newest first")
	captured := r.jobs(url.Values{"status": {"captured,released"}, "processId": {all[0].ProcessID + "," + all[1].ProcessID}, "limit": {"1"}})
	for _, j := range captured {
		assert.Contains(t, []string{"captured", "released"}, j.Status)
		assert.Contains(t, []string{all[0].ProcessID, all[1].ProcessID}, j.ProcessID)
	}
	assert.Empty(t, r.jobs(url.Values{"status": {"nothing"}}))
}

func TestInvalidQueries(t *testing.T) {
	r := newRig(t, simulator.Options{Quiet: true})
	tests := map[string]int{
		"/v2/orders?page=-1":                      400,
		"/v2/orders?page=x":                       400,
		"/v2/orders?size=0":                       400,
		"/v2/orders?sort=nothing,desc":            400,
		"/v2/orders?sort=status,sideways":         400,
		"/v2/orders?workspaceId=another":          403,
		"/v2/orders?page=1000000":                 200,
		"/v2/orders/unknown":                      404,
		"/v2/processing/jobs?limit=0":             400,
		"/v2/processing/jobs?limit=x":             400,
		"/v2/processing/jobs?offset=-1":           400,
		"/v2/processing/jobs?sort=createdAt,desc": 400,
		"/v2/processing/jobs?workspaceId=another": 403,
		"/v2/processing/jobs?offset=1000000":      200,
		"/v2/processing/jobs/unknown":             404,
	}
	for path, status := range tests {
		a := r.call(http.MethodGet, path, "")
		assert.Equal(t, status, a.status, path)
		if status != 200 {
			code, message := a.refusal(t)
			assert.Equal(t, status, code, path)
			assert.NotEmpty(t, message, path)
		}
	}
}
