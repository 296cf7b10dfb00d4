package simulator_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client/simulator"
)

func TestWebhookLife(t *testing.T) {
	now := time.Date(2026, 1, 9, 3, 34, 52, 267042000, time.UTC)
	r := newRig(t, simulator.Options{Quiet: true, Now: func() time.Time { return now }})
	path := r.webhooksPath()
	assert.JSONEq(t, `{"data":[],"error":null}`, r.call(http.MethodGet, path, "").text)

	// As UP42's SDK creates one: no secret is null, and active is not sent.
	made := r.webhook(r.call(http.MethodPost, path, `{"name":"a","url":"https://example.com/x","events":["order.status"],"secret":null}`), 201)
	assert.Equal(t, webhook{
		ID: made.ID, Name: "a", URL: "https://example.com/x", Events: []string{"order.status"},
		CreatedAt: "2026-01-09T03:34:52.267042Z", UpdatedAt: "2026-01-09T03:34:52.267042Z",
	}, made)
	assert.Regexp(t, `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`, made.ID)

	now = now.Add(time.Minute)
	put := r.webhook(r.call(http.MethodPut, path+"/"+made.ID,
		`{"name":"b","url":"http://127.0.0.1:9/y","events":["job.status, order.status"],"secret":"hush","active":true}`), 200)
	want := webhook{
		made.ID, "b", "http://127.0.0.1:9/y",
		[]string{"job.status", "order.status"},
		true, "hush",
		made.CreatedAt, "2026-01-09T03:35:52.267042Z",
	}
	assert.Equal(t, want, put)
	assert.Equal(t, want, r.webhook(r.call(http.MethodGet, path+"/"+made.ID, ""), 200))

	put = r.webhook(r.call(http.MethodPut, path+"/"+made.ID, `{"name":"b","url":"https://example.com","events":["job.status"]}`), 200)
	assert.Empty(t, put.Secret, "what is left out is cleared")
	assert.False(t, put.Active)

	second := r.register("https://example.com/2", "")
	var all struct{ Data []webhook }
	r.call(http.MethodGet, path, "").into(t, &all)
	require.Len(t, all.Data, 2)
	assert.Equal(t, []string{made.ID, second.ID}, []string{all.Data[0].ID, all.Data[1].ID})

	a := r.call(http.MethodDelete, path+"/"+made.ID, "")
	assert.Equal(t, 204, a.status)
	assert.Empty(t, a.text)
	for _, method := range []string{http.MethodGet, http.MethodDelete} {
		code, message := r.call(method, path+"/"+made.ID, "").refusal(t)
		assert.Equal(t, 404, code)
		assert.NotEmpty(t, message)
	}
}

func TestWebhookValidation(t *testing.T) {
	r := newRig(t, simulator.Options{Quiet: true})
	tests := []struct {
		name, body string
		status     int
		want       string
	}{
		{"no name", `{"url":"https://example.com","events":["job.status"]}`, 422, "name"},
		{"blank name", `{"name":" ","url":"https://example.com","events":["job.status"]}`, 422, "name"},
		{"long name", `{"name":"` + strings.Repeat("n", 256) + `","url":"https://example.com","events":["job.status"]}`, 422, "name"},
		{"no url", `{"name":"a","events":["job.status"]}`, 422, "url"},
		{"http", `{"name":"a","url":"http://example.com","events":["job.status"]}`, 422, "HTTPS"},
		{"a host that begins like loopback", `{"name":"a","url":"http://127.0.0.1.example.com","events":["job.status"]}`, 422, "HTTPS"},
		{"ftp", `{"name":"a","url":"ftp://127.0.0.1","events":["job.status"]}`, 422, "HTTPS"},
		{"no host", `{"name":"a","url":"https:///x","events":["job.status"]}`, 422, "HTTPS"},
		{"relative", `{"name":"a","url":"/x","events":["job.status"]}`, 422, "HTTPS"},
		{"long url", `{"name":"a","url":"https://example.com/` + strings.Repeat("u", 2048) + `","events":["job.status"]}`, 422, "url"},
		{"no events", `{"name":"a","url":"https://example.com","events":[]}`, 422, "events"},
		{"unknown event", `{"name":"a","url":"https://example.com","events":["job.status","scene.status"]}`, 422, "scene.status"},
		{"long secret", `{"name":"a","url":"https://example.com","events":["job.status"],"secret":"` + strings.Repeat("é", 501) + `"}`, 422, "secret"},
		{"not JSON", `name=a`, 400, "Malformed"},
		{"null", `null`, 400, "Malformed"},
		{"wrong type", `{"name":1}`, 400, "Malformed"},
		{"too long", `"` + strings.Repeat("x", 70<<10) + `"`, 413, "body"},
	}
	existing := r.register("https://example.com", "")
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			for method, path := range map[string]string{http.MethodPost: r.webhooksPath(), http.MethodPut: r.webhooksPath() + "/" + existing.ID} {
				a := r.call(method, path, tc.body)
				assert.Equal(t, tc.status, a.status)
				code, message := a.refusal(t)
				assert.Equal(t, tc.status, code)
				assert.Contains(t, message, tc.want)
			}
		})
	}
	assert.Equal(t, existing, r.webhook(r.call(http.MethodGet, r.webhooksPath()+"/"+existing.ID, ""), 200), "untouched")

	for _, good := range []string{"http://localhost:1/x", "http://[::1]:1", "http://127.1.2.3", "https://example.com"} {
		body := fmt.Sprintf(`{"name":"a","url":%q,"events":["job.status"],"secret":%q}`, good, strings.Repeat("é", 500))
		assert.Equal(t, 201, r.call(http.MethodPost, r.webhooksPath(), body).status, good)
	}
}

func TestEveryCallIsGuarded(t *testing.T) {
	r := newRig(t, simulator.Options{Quiet: true})
	id := r.register("https://example.com", "").ID
	hooks := r.webhooksPath()
	calls := [][2]string{
		{"GET", "/webhooks/events"},
		{"GET", hooks},
		{"POST", hooks},
		{"GET", hooks + "/" + id},
		{"PUT", hooks + "/" + id},
		{"DELETE", hooks + "/" + id},
		{"POST", hooks + "/" + id + "/tests"},
		{"GET", "/v2/orders"},
		{"GET", "/v2/orders/x"},
		{"POST", "/v2/orders/x/cancellation"},
		{"GET", "/users/me"},
		{"GET", "/v2/processing/jobs"},
		{"GET", "/v2/processing/jobs/x"},
	}
	good := r.token
	for _, c := range calls {
		for _, header := range []map[string]string{nil, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic " + good}} {
			a, err := r.try(c[0], c[1], "", header)
			require.NoError(t, err)
			assert.Equal(t, 401, a.status, "%v", c)
			assert.NotEmpty(t, a.header.Get("WWW-Authenticate"))
			assert.NotEmpty(t, a.header.Get("X-Request-Id"))
		}
		if other, ok := strings.CutPrefix(c[1], hooks); ok {
			code, _ := r.call(c[0], "/workspaces/00000000-0000-4000-8000-000000000000/webhooks"+other, "").refusal(t)
			assert.Equal(t, 403, code, "%v", c)
		}
	}
	for _, path := range []string{hooks + "/00000000-0000-4000-8000-000000000000", "/v2/orders/x", "/v2/processing/jobs/x"} {
		code, _ := r.call(http.MethodGet, path, "").refusal(t)
		assert.Equal(t, 404, code, path)
	}
}

// A call that the simulator does not have is not mistaken for something that is missing.
func TestWhatIsNotSimulatedIsNamed(t *testing.T) {
	r := newRig(t, simulator.Options{Quiet: true})
	hooks := r.webhooksPath()
	for _, c := range [][2]string{
		{"GET", "/"},
		{"GET", "/v2"},
		{"POST", "/v2/orders"},
		{"PATCH", "/v2/orders/x"},
		{"GET", "/v2/budgets"},
		{"GET", "/v2/assets/stac/collections"},
		{"DELETE", "/webhooks/events"},
		{"PATCH", hooks},
		{"GET", hooks + "/x/nothing"},
		{"GET", "/oauth/token"},
		{"POST", "/realms/public/protocol/openid-connect/logout"},
		{"POST", "/" + strings.Repeat("é", 3000)},
	} {
		for _, token := range []string{"", r.token} {
			a, err := r.try(c[0], c[1], "", map[string]string{"Authorization": "Bearer " + token})
			require.NoError(t, err)
			assert.Equal(t, 501, a.status, "%v", c)
			code, message := a.refusal(t)
			assert.Equal(t, 501, code)
			assert.Contains(t, message, c[0]+" "+c[1][:min(len(c[1]), 100)])
			assert.Less(t, len(message), 500)
		}
	}
}

func TestListEvents(t *testing.T) {
	r := newRig(t, simulator.Options{Quiet: true})
	var in struct {
		Data []struct{ Name, Title, Category, Description, Documentation string }
	}
	r.call(http.MethodGet, "/webhooks/events", "").into(t, &in)
	require.GreaterOrEqual(t, len(in.Data), 2)
	job, order := in.Data[0], in.Data[1]
	assert.Equal(t, "job.status, Job Status Updates, job, Sent when job/task status is updated, https://docs.up42.com/developers/",
		strings.Join([]string{job.Name, job.Title, job.Category, job.Description, job.Documentation}, ", "), "as recorded")
	assert.Equal(t, "order.status, Order Status Updates, order, Sent when order status is updated, https://docs.up42.com/developers/",
		strings.Join([]string{order.Name, order.Title, order.Category, order.Description, order.Documentation}, ", "), "as recorded")
}

func TestAnotherCatalogue(t *testing.T) {
	r := newRig(t, simulator.Options{Quiet: true, Events: []string{}})
	assert.JSONEq(t, `{"data":[],"error":null}`, r.call(http.MethodGet, "/webhooks/events", "").text)
	assert.Equal(t, 422, r.call(http.MethodPost, r.webhooksPath(), `{"name":"a","url":"https://example.com","events":["order.status"]}`).status)

	g := &target{}
	r = newRig(t, simulator.Options{Quiet: true, Events: []string{"order.status", "scene.status"}, Transport: g})
	assert.Equal(t, 422, r.call(http.MethodPost, r.webhooksPath(), `{"name":"a","url":"https://example.com","events":["job.status"]}`).status)
	w := r.webhook(r.call(http.MethodPost, r.webhooksPath(), `{"name":"a","url":"https://example.com","events":["scene.status"]}`), 201)
	require.Equal(t, 200, r.call(http.MethodPost, r.webhooksPath()+"/"+w.ID+"/tests", "").status)
	require.Len(t, g.at("example.com"), 1)
	assert.Equal(t, "scene.status", g.at("example.com")[0].Event)
}

func TestHiddenSecrets(t *testing.T) {
	r := newRig(t, simulator.Options{Quiet: true, HideSecrets: true})
	settings := `{"name":"a","url":"https://example.com","events":["order.status"],"secret":"hush"}`
	created := r.call(http.MethodPost, r.webhooksPath(), settings)
	w := r.webhook(created, 201)
	for _, a := range []reply{
		created, r.call(http.MethodGet, r.webhooksPath(), ""), r.call(http.MethodGet, r.webhooksPath()+"/"+w.ID, ""),
		r.call(http.MethodPut, r.webhooksPath()+"/"+w.ID, settings),
	} {
		assert.Contains(t, a.text, `"name":"a"`)
		assert.NotContains(t, a.text, "secret")
	}
}
