package simulator_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client/simulator"
)

// These tests make the calls that the versions of UP42's Python SDK make for orders and jobs,
// and for the sign-in where it differs from that in sdk_test.go.

// versionOf makes an SDK that is signed in as a version does.
func versionOf(t *testing.T, sim *simulator.Simulator, base, version string) *sdk {
	t.Helper()
	transport := &http.Transport{DisableCompression: true}
	t.Cleanup(transport.CloseIdleConnections)
	s := &sdk{T: t, base: base, client: &http.Client{Transport: transport, Timeout: time.Minute}}
	form := url.Values{"grant_type": {"password"}, "username": {simulator.Username}, "password": {simulator.Password}}
	path := tokenPath
	switch version {
	case "1.1": // without a client id, at the API
		path = "/oauth/token"
	case "2.0":
		form.Set("client_id", "up42-sdk")
	default:
		form.Set("client_id", "up42-sdk")
		form.Set("scope", "openid")
	}
	req := s.newRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	got, err := s.do(req)
	require.NoError(t, err, version)
	s.token = s.text(got, "access_token")
	if version == "1.1" || version == "2.0" {
		got, err = s.json(http.MethodGet, "/users/me", dict{}) // with an empty object, although it is a GET
		require.NoError(t, err)
		s.workspace = s.text(got["data"].(dict), "id")
	} else {
		got, err = s.json(http.MethodGet, userInfoPath, nil)
		require.NoError(t, err)
		s.workspace = s.text(got, "sub")
	}
	assert.Equal(t, sim.Workspace(), s.workspace, version)
	return s
}

var versions = []string{"1.1", "2.0", "2.6", "3.3", "4.0"}

// eachVersion runs a test with each version on a simulator of its own.
func eachVersion(t *testing.T, o simulator.Options, test func(t *testing.T, s *sdk, sim *simulator.Simulator)) {
	t.Helper()
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			r := newRig(t, o)
			test(t, versionOf(t, r.sim, r.base, version), r.sim)
		})
	}
}

func TestEachVersionSignsInAndManagesWebhooks(t *testing.T) {
	eachVersion(t, simulator.Options{Quiet: true}, func(t *testing.T, s *sdk, _ *simulator.Simulator) {
		w := sdkWebhook{url: "https://example.com/hook", name: "a", events: []any{"order.status"}, active: true, secret: "hush"}
		require.NoError(t, s.save(&w))
		w.secret = "other"
		require.NoError(t, s.save(&w))
		assert.Equal(t, []sdkWebhook{w}, s.all())
		require.NoError(t, s.delete(w))
		assert.Empty(t, s.all())
	})
}

func TestTheOldestSDKsSignIn(t *testing.T) {
	r := newRig(t, simulator.Options{Quiet: true})
	post := func(form url.Values, authorization string) reply {
		a, err := r.try(http.MethodPost, "/oauth/token", form.Encode(), map[string]string{
			"Content-Type": "application/x-www-form-urlencoded", "Authorization": authorization,
		})
		require.NoError(t, err)
		return a
	}
	// A project's id and key are those of the account here.
	req, err := http.NewRequest(http.MethodPost, r.base, nil)
	require.NoError(t, err)
	req.SetBasicAuth(simulator.Username, simulator.Password)
	a := post(url.Values{"grant_type": {"client_credentials"}}, req.Header.Get("Authorization"))
	require.Equal(t, 200, a.status, a.text)
	var in struct {
		AccessToken string `json:"access_token"`
		Data        struct{ AccessToken string }
	}
	a.into(t, &in)
	assert.Equal(t, in.AccessToken, in.Data.AccessToken)
	r.token = in.Data.AccessToken
	assert.Equal(t, 200, r.call(http.MethodGet, "/users/me", "").status)

	for name, tc := range map[string]struct {
		form   url.Values
		basic  string
		status int
	}{
		"wrong password": {url.Values{"grant_type": {"password"}, "username": {simulator.Username}, "password": {"guess"}}, "", 401},
		"wrong key":      {url.Values{"grant_type": {"client_credentials"}}, "Basic Z3Vlc3M6Z3Vlc3M=", 401},
		"no key":         {url.Values{"grant_type": {"client_credentials"}}, "", 401},
		"no grant":       {url.Values{}, "", 400},
	} {
		a := post(tc.form, tc.basic)
		code, _ := a.refusal(t)
		assert.Equal(t, tc.status, a.status, name)
		assert.Equal(t, tc.status, code, name)
	}
}

// orders lists all orders as SDK 2.2 and later do: without a size, page after page.
func (s *sdk) orders(query url.Values) (ids []string) {
	s.Helper()
	for page := 0; ; page++ {
		query.Set("page", strconv.Itoa(page))
		got, err := s.json(http.MethodGet, "/v2/orders?"+query.Encode(), nil)
		require.NoError(s, err)
		content := got["content"].([]any)
		assert.LessOrEqual(s, len(content), 20, "the default size of a page")
		for _, o := range content {
			ids = append(ids, s.order(o.(dict)))
		}
		if float64(page+1) >= got["totalPages"].(float64) {
			return ids
		}
	}
}

// order reads the fields of an order that the SDK requires, and returns the id.
func (s *sdk) order(o dict) string {
	s.Helper()
	for _, name := range []string{"displayName", "status", "workspaceId", "accountId"} {
		s.text(o, name)
	}
	details := o["orderDetails"].(dict)
	if s.text(o, "type") == "TASKING" {
		s.text(details, "acquisitionStart")
		s.text(details, "acquisitionEnd")
		assert.Contains(s, details, "geometry")
	} else {
		assert.Contains(s, details, "aoi")
	}
	return s.text(o, "id")
}

// ordersOf11 lists all orders as SDK 1.1 does: by a page size of 50, and an empty object in
// the request's body.
func (s *sdk) ordersOf11(query string) (ids []string) {
	s.Helper()
	for page := 0; ; page++ {
		path := "/v2/orders?" + query + "&size=50"
		if page > 0 {
			path += "&page=" + strconv.Itoa(page)
		}
		got, err := s.json(http.MethodGet, path, dict{})
		require.NoError(s, err)
		require.NotContains(s, got, "data")
		for _, o := range got["content"].([]any) {
			ids = append(ids, s.order(o.(dict)))
		}
		assert.Contains(s, got, "totalElements")
		if float64(page+1) >= got["totalPages"].(float64) {
			return ids
		}
	}
}

// grown is a simulator with some hundred orders and jobs.
func grown(t *testing.T) (*sdk, *simulator.Simulator) {
	t.Helper()
	var sim *simulator.Simulator
	bubble(t, func(t *testing.T) {
		d := newDirect(t, simulator.Options{Seed: 5, Speed: 1000})
		d.runFor(20 * time.Second)
		sim = d.sim
	})
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	return versionOf(t, sim, server.URL, "4.0"), sim
}

func TestTheSDKListsOrders(t *testing.T) {
	s, sim := grown(t)
	all := s.orders(url.Values{"sort": {"createdAt,desc"}})
	require.Greater(t, len(all), 60)
	assert.Len(t, slices.Compact(slices.Sorted(slices.Values(all))), len(all), "no order twice")
	assert.Equal(t, all, s.orders(url.Values{}), "in the default order")
	assert.Equal(t, all, s.orders(url.Values{"workspaceId": {sim.Workspace()}}))
	assert.Equal(t, all, s.ordersOf11("sort=createdAt%2Cdesc&workspaceId="+sim.Workspace()))

	// The filters of each version: requests repeats the names of lists.
	for _, query := range []url.Values{
		{"status": {"FULFILLED", "CANCELED"}},
		{"type": {"TASKING"}, "subStatus": {"QUOTATION_ACCEPTED", "FEASIBILITY_WAITING_RESPONSE"}},
		{"tags": {"harvest", "urban"}, "displayName": {"é"}},
	} {
		some := s.orders(query)
		assert.Subset(t, all, some)
		assert.Less(t, len(some), len(all), "%v", query)
	}
	wanted := []string{all[3], all[40]}
	assert.ElementsMatch(t, wanted, s.orders(url.Values{"ids": wanted}))
	assert.ElementsMatch(t, wanted, s.orders(url.Values{"ids": {strings.Join(wanted, ",")}}))
	assert.Empty(t, s.orders(url.Values{"ids": {"00000000-0000-4000-8000-000000000000"}}))
}

func TestTheSDKFiltersOrdersByBudget(t *testing.T) {
	s, _ := grown(t)
	byBudget := map[string][]string{}
	for _, id := range s.orders(url.Values{}) {
		o, err := s.json(http.MethodGet, "/v2/orders/"+id, nil)
		require.NoError(t, err)
		budget, _ := o["budgetId"].(string)
		byBudget[budget] = append(byBudget[budget], id)
	}
	require.Len(t, byBudget, 3, "two budgets, and none")
	var both, budgets []string
	for budget, ids := range byBudget {
		if budget != "" {
			assert.ElementsMatch(t, ids, s.orders(url.Values{"budgetIds": {budget}}))
			both, budgets = append(both, ids...), append(budgets, budget)
		}
	}
	assert.ElementsMatch(t, both, s.orders(url.Values{"budgetIds": budgets}))
}

func TestTheSDKSortsOrders(t *testing.T) {
	s, _ := grown(t)
	for _, field := range []string{"createdAt", "updatedAt", "status", "type", "dataProvider"} {
		values := func(direction string) (out []string) {
			got, err := s.json(http.MethodGet, "/v2/orders?size=200&sort="+field+"%2C"+direction, nil)
			require.NoError(t, err)
			for _, o := range got["content"].([]any) {
				out = append(out, s.text(o.(dict), field))
			}
			return out
		}
		assert.True(t, slices.IsSorted(values("asc")), field)
		down := values("desc")
		slices.Reverse(down)
		assert.True(t, slices.IsSorted(down), field)
	}
}

func TestPagesOfOrders(t *testing.T) {
	s, _ := grown(t)
	for query, want := range map[string]int{"": 20, "size=1": 1, "size=50": 50, "size=100000": 200} {
		got, err := s.json(http.MethodGet, "/v2/orders?"+query, nil)
		require.NoError(t, err)
		assert.Equal(t, float64(want), got["size"], query)
		assert.LessOrEqual(t, len(got["content"].([]any)), want, query)
	}
	got, err := s.json(http.MethodGet, "/v2/orders?page=1000", nil)
	require.NoError(t, err)
	assert.Empty(t, got["content"])
}

// jobs lists all jobs as the SDK does: by the links to the next pages.
func (s *sdk) jobs(query string) (out []dict) {
	s.Helper()
	for path := "/v2/processing/jobs?" + query; path != ""; {
		got, err := s.json(http.MethodGet, path, nil)
		require.NoError(s, err)
		for _, j := range got["jobs"].([]any) {
			j := j.(dict)
			for _, name := range []string{"processID", "jobID", "accountID", "workspaceID", "status", "created", "updated"} {
				s.text(j, name)
			}
			for _, name := range []string{"definition", "results", "creditConsumption", "started", "finished"} {
				assert.Contains(s, j, name)
			}
			assert.Contains(s, []string{
				"created", "licensed", "unlicensed", "valid", "invalid", "accepted", "rejected", "running", "successful", "failed", "captured", "released",
			}, j["status"], "a status that the SDK knows")
			out = append(out, j)
		}
		path = ""
		for _, l := range got["links"].([]any) {
			if l := l.(dict); l["rel"] == "next" {
				path = s.text(l, "href")
			}
		}
	}
	return out
}

func TestTheSDKListsJobs(t *testing.T) {
	s, sim := grown(t)
	all := s.jobs("")
	require.Greater(t, len(all), 25)
	assert.Len(t, s.jobs("limit=5&workspaceId="+sim.Workspace()+"&sort=created%2Cdesc"), len(all))
	id := func(j dict) string { return j["jobID"].(string) }
	wanted := id(all[2]) + "," + id(all[20])
	some := s.jobs("ids=" + url.QueryEscape(wanted))
	require.Len(t, some, 2)
	assert.Equal(t, wanted, id(some[0])+","+id(some[1]))
	assert.Empty(t, s.jobs("ids=nothing"))

	for _, j := range s.jobs("status=captured%2Creleased&processId=" + url.QueryEscape(s.text(all[0], "processID"))) {
		assert.Contains(t, []string{"captured", "released"}, j["status"])
		assert.Equal(t, all[0]["processID"], j["processID"])
	}
	for _, sort := range []string{"processID,asc", "status,desc", "created,desc", "creditConsumption.credits,desc"} {
		assert.Len(t, s.jobs("sort="+url.QueryEscape(sort)), len(all))
	}
}

func TestTheSDKFiltersJobsByDuration(t *testing.T) {
	r := newRig(t, simulator.Options{Seed: 3, Quiet: true})
	s := versionOf(t, r.sim, r.base, "3.3")
	took := func(j dict) time.Duration {
		started, err := time.Parse(time.RFC3339, s.text(j, "started"))
		require.NoError(t, err)
		finished, err := time.Parse(time.RFC3339, s.text(j, "finished"))
		require.NoError(t, err)
		return finished.Sub(started)
	}
	var all []time.Duration
	for _, j := range s.jobs("status=captured%2Csuccessful%2Creleased") {
		all = append(all, took(j))
	}
	require.Greater(t, len(all), 3)
	slices.Sort(all)
	middle := int(all[len(all)/2].Seconds())
	shorter, longer := 0, 0
	for _, j := range s.jobs(fmt.Sprintf("maxDuration=%d&status=captured%%2Csuccessful%%2Creleased", middle)) {
		shorter++
		assert.LessOrEqual(t, took(j), time.Duration(middle)*time.Second)
	}
	for _, j := range s.jobs(fmt.Sprintf("minDuration=%d&status=captured%%2Csuccessful%%2Creleased", middle)) {
		longer++
		assert.GreaterOrEqual(t, took(j), time.Duration(middle)*time.Second)
	}
	assert.Positive(t, shorter)
	assert.Positive(t, longer)
	assert.Equal(t, len(all), shorter+longer)
	for _, j := range s.jobs("minDuration=0") {
		assert.NotNil(t, j["started"], "a job that has not started has no duration")
	}
	for _, query := range []string{"minDuration=x", "maxDuration=-1", "minDuration=2&maxDuration=1"} {
		_, err := s.json(http.MethodGet, "/v2/processing/jobs?"+query, nil)
		assert.Equal(t, httpError(400), err, query)
	}
}
