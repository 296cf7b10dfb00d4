package client_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client"
)

// An entry of two bytes takes a hundred in memory.
func TestAPageWithVeryManyEntriesIsRefused(t *testing.T) {
	entries := "[" + strings.Repeat("{},", 100_000) + "{}]"
	same := []answer{{status: 200, body: `{"content":` + entries + `,"jobs":` + entries + `}`}}
	c := newUP42(t, map[string][]answer{"GET /v2/orders": same, "GET /v2/processing/jobs": same}).client()
	_, err := c.Orders(t.Context(), 10)
	assert.ErrorContains(t, err, "more than 10000")
	_, err = c.Jobs(t.Context(), 10)
	assert.ErrorContains(t, err, "more than 10000")
}

func TestMissingAndEmptyLists(t *testing.T) {
	for body, fails := range map[string]bool{
		`{"content":[],"jobs":[]}`: false, `{"content":null,"jobs":null}`: false, `{}`: true, `{"content":{},"jobs":{}}`: true,
	} {
		same := []answer{{status: 200, body: body}}
		c := newUP42(t, map[string][]answer{"GET /v2/orders": same, "GET /v2/processing/jobs": same}).client()
		orders, err := c.Orders(t.Context(), 10)
		assert.Equal(t, fails, err != nil, "%s: %v", body, err)
		assert.Empty(t, orders)
		jobs, err := c.Jobs(t.Context(), 10)
		assert.Equal(t, fails, err != nil, "%s: %v", body, err)
		assert.Empty(t, jobs)
		none, err := c.Orders(t.Context(), -1)
		assert.NoError(t, err)
		assert.Empty(t, none)
	}
	for body, fails := range map[string]bool{
		`{"data":[],"error":null}`: false, `[]`: false, `{"data":null,"error":null}`: true, `null`: true,
	} {
		same := []answer{{status: 200, body: body}}
		c := newUP42(t, map[string][]answer{"GET " + hooks: same, "GET /webhooks/events": same}).client()
		list, err := c.Webhooks(t.Context())
		assert.Equal(t, fails, err != nil, "%s: %v", body, err)
		assert.Empty(t, list)
		types, err := c.EventTypes(t.Context())
		assert.Equal(t, !fails, errors.Is(err, client.ErrNoEvents), "%s: %v", body, err)
		assert.Empty(t, types)
	}
	c := newUP42(t, map[string][]answer{"POST " + hooks + "/a/tests": {ok("{}")}}).client()
	_, err := c.TestWebhook(t.Context(), "a")
	assert.ErrorContains(t, err, "no report", "which is not the same as one of no tests")
}

func TestAnItemOnTwoPagesIsListedOnce(t *testing.T) {
	u := newUP42(t, map[string][]answer{
		"GET /v2/orders": {
			{status: 200, body: `{"content":[{"id":"3"},{"id":"2","orderDetails":"none"}],"totalPages":9}`},
			{status: 200, body: `{"content":[{"id":"2"},{"id":"1","orderDetails":null}],"totalPages":9}`},
		},
		"GET /v2/processing/jobs": {
			{status: 200, body: `{"jobs":[{"jobID":"3"},{"jobID":"2"}],"links":[{"rel":"next","href":"` + below + `/v2/processing/jobs?offset=2"}]}`},
			{status: 200, body: `{"jobs":[{"jobID":"2"},{"jobID":"1"}],"links":[{"rel":"next","href":"` + below + `/v2/processing/jobs?offset=4"}]}`},
		},
	})
	c := u.client()
	orders, err := c.Orders(t.Context(), 200)
	require.NoError(t, err)
	assert.Equal(t, []client.Order{{ID: "3"}, {ID: "2"}, {ID: "1"}}, orders)
	assert.Len(t, u.of("GET", "/v2/orders"), 3, "a page with nothing new is the last one")
	jobs, err := c.Jobs(t.Context(), 200)
	require.NoError(t, err)
	assert.Equal(t, []client.Job{{ID: "3"}, {ID: "2"}, {ID: "1"}}, jobs)
	assert.Len(t, u.of("GET", "/v2/processing/jobs"), 3)
}

func TestOrdersAreReadInPages(t *testing.T) {
	page := func(first, n int) string {
		var items []string
		for i := range n {
			items = append(items, `{"id":"o`+strings.Repeat("i", first+i)+`","displayName":"SPOT","status":"PLACED","type":"TASKING","orderDetails":{"subStatus":"QUOTATION_ACCEPTED"},"createdAt":"2023-01-09T03:34:52Z","updatedAt":"2023-01-10T03:34:52Z"}`)
		}
		return `{"content":[` + strings.Join(items, ",") + `],"totalPages":3}`
	}
	u := newUP42(t, map[string][]answer{"GET /v2/orders": {{status: 200, body: page(0, 100)}, {status: 200, body: page(100, 100)}, {status: 200, body: page(200, 5)}}})
	list, err := u.client().Orders(t.Context(), 150)
	require.NoError(t, err)
	require.Len(t, list, 150)
	assert.Equal(t, client.Order{
		ID: "o", Name: "SPOT", Type: "TASKING", Status: "PLACED", SubStatus: "QUOTATION_ACCEPTED",
		CreatedAt: time.Date(2023, 1, 9, 3, 34, 52, 0, time.UTC), UpdatedAt: time.Date(2023, 1, 10, 3, 34, 52, 0, time.UTC),
	}, list[0])
	calls := u.of("GET", "/v2/orders")
	require.Len(t, calls, 2)
	assert.Equal(t, "page=1&size=100&sort=createdAt%2Cdesc&workspaceId="+workspace, calls[1].query)
}

func TestJobsFollowLinksOnTheSameHost(t *testing.T) {
	job := func(id string) string {
		return `{"jobID":"` + id + `","processID":"pansharpening","status":"captured","created":"2023-01-09T03:34:52Z","updated":"2023-01-10T03:34:52Z","definition":{"inputs":{"title":"Berlin"}}}`
	}
	for name, href := range map[string]string{
		"elsewhere": "https://evil.example/v2/processing/jobs?page=2",
		"a loop":    "?limit=100&sort=created%2Cdesc&workspaceId=" + workspace,
	} {
		t.Run(name, func(t *testing.T) {
			u := newUP42(t, map[string][]answer{"GET /v2/processing/jobs": {
				{status: 200, body: `{"jobs":[` + job("1") + `],"links":[{"rel":"self","href":"x"},{"rel":"next","href":"` + below + `/v2/processing/jobs?token=t"}]}`},
				{status: 200, body: `{"jobs":[` + job("2") + `],"links":[{"rel":"next","href":"` + href + `"}]}`},
			}})
			list, err := u.client().Jobs(t.Context(), 200)
			require.NoError(t, err)
			require.Len(t, list, 2)
			assert.Equal(t, client.Job{
				ID: "1", Name: "Berlin", Process: "pansharpening", Status: "captured",
				Created: time.Date(2023, 1, 9, 3, 34, 52, 0, time.UTC), UpdatedAt: time.Date(2023, 1, 10, 3, 34, 52, 0, time.UTC),
			}, list[0])
			assert.Len(t, u.of("GET", "/v2/processing/jobs"), 2)
		})
	}
}

func TestOneOrderAndOneJob(t *testing.T) {
	u := newUP42(t, map[string][]answer{
		"GET /v2/orders/%2E%2E":        {{status: 200, body: `{"id":"..","status":"FULFILLED"}`}},
		"GET /v2/processing/jobs/j%3F": {{status: 200, body: `{"jobID":"j?","status":"running","definition":[]}`}},
	})
	c := u.client()
	o, err := c.Order(t.Context(), "..")
	require.NoError(t, err)
	assert.Equal(t, "FULFILLED", o.Status)
	j, err := c.Job(t.Context(), "j?")
	require.NoError(t, err)
	assert.Equal(t, "running", j.Status)
	_, err = c.Job(t.Context(), "gone")
	assert.True(t, client.NotFound(err))
}

func TestAnAnswerAboutAnotherIDIsAnError(t *testing.T) {
	for body, fails := range map[string]bool{
		`{"data":{}}`: true, `{"data":null,"error":null}`: true, `{"id":"b","jobID":"b"}`: true, `{"data":{"id":"A","jobID":"A"}}`: false,
	} {
		same := []answer{{status: 200, body: body}}
		c := newUP42(t, map[string][]answer{"GET /v2/orders/a": same, "GET /v2/processing/jobs/a": same}).client()
		_, err := c.Order(t.Context(), "a")
		assert.Equal(t, fails, err != nil, "order %s: %v", body, err)
		_, err = c.Job(t.Context(), "a")
		assert.Equal(t, fails, err != nil, "job %s: %v", body, err)
	}
}
