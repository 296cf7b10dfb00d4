package client_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client"
)

func TestWebhooksAreReadInAllForms(t *testing.T) {
	u := newUP42(t, map[string][]answer{"GET " + hooks: {ok(`[
		{"id":"a","name":"one","url":"https://x.example","events":["job.status, order.status"],"active":true,"secret":"s","createdAt":"2023-01-09T03:34:52.267042Z","updatedAt":"2023-01-09T03:34:52Z","new":{"field":1}},
		{"id":"b","name":"two","url":"https://x.example","events":"order.status","active":false,"secret":null,"createdAt":"2023-01-09 03:34:52.2+0000","updatedAt":1673235292200},
		{"id":"c","name":"three","url":"https://x.example","events":[],"createdAt":"yesterday"}]`)}})
	list, err := u.client().Webhooks(t.Context())
	require.NoError(t, err)
	at := time.Date(2023, 1, 9, 3, 34, 52, 0, time.UTC)
	assert.Equal(t, []client.Webhook{
		{ID: "a", Name: "one", URL: "https://x.example", Events: []string{"job.status", "order.status"}, Active: true, Secret: "s", CreatedAt: at.Add(267042 * time.Microsecond), UpdatedAt: at},
		{ID: "b", Name: "two", URL: "https://x.example", Events: []string{"order.status"}, SecretUnknown: true, CreatedAt: at.Add(200 * time.Millisecond), UpdatedAt: at.Add(200 * time.Millisecond)},
		{ID: "c", Name: "three", URL: "https://x.example", Events: []string{}, SecretUnknown: true},
	}, list)
	assert.Equal(t, "Bearer token-I", u.of("GET", hooks)[0].authorization)
}

func TestAllFieldsOfAWebhookAreSent(t *testing.T) {
	one := ok(`{"id":"a/b","name":"n","url":"https://x.example","events":["order.status"],"active":false,"secret":"s"}`)
	u := newUP42(t, map[string][]answer{"POST " + hooks: {one}, "PUT " + hooks + "/a%2Fb": {one}})
	c := u.client(inWorkspace)
	w := client.Webhook{ID: "a/b", Name: "n", URL: "https://x.example", Events: []string{"order.status"}, Secret: "s"}
	const whole = `{"name":"n","url":"https://x.example","events":["order.status"],"secret":"s","active":false}`
	for method, call := range map[string]func() (client.Webhook, error){
		"POST": func() (client.Webhook, error) { return c.CreateWebhook(t.Context(), w) },
		"PUT":  func() (client.Webhook, error) { return c.UpdateWebhook(t.Context(), w) },
	} {
		got, err := call()
		require.NoError(t, err)
		assert.Equal(t, w, got)
		path := map[string]string{"POST": hooks, "PUT": hooks + "/a%2Fb"}[method]
		require.Len(t, u.of(method, path), 1)
		assert.JSONEq(t, whole, u.of(method, path)[0].body)
	}
	_, err := c.CreateWebhook(t.Context(), client.Webhook{})
	require.NoError(t, err)
	assert.Contains(t, u.of("POST", hooks)[1].body, `"events":[]`, "never null")
}

func TestReportsAreReadInBothForms(t *testing.T) {
	const shown = `{"startedAt":"2023-01-09T03:34:52.266344Z","testsRun":2,"testsSucceeded":1,"testsFailed":1,"tests":[
		{"startedAt":"2023-01-09T03:34:52.735495Z","eventName":"order.status","success":true,"message":"Test request was successful!",
		 "request":{"headers":{"caseInsensitiveName":true,"empty":false},"body":{"event":"order.status","messageId":"5f290b80"}},"response":"HttpResponse[https://…/, 200 OK]"},
		{"eventName":"job.status","success":false,"message":"refused","request":{"body":"{\"messageId\":\"6\"}"},"response":{"status":500}}]}`
	u := newUP42(t, map[string][]answer{
		"POST " + hooks + "/a/tests": {ok(shown)},
		"POST " + hooks + "/b/tests": {ok(`{"startedAt":"2023-01-09T03:34:52.266344Z","testsRun":3,"testsSucceeded":1}`)},
	})
	c := u.client(inWorkspace)
	r, err := c.TestWebhook(t.Context(), "a")
	require.NoError(t, err)
	assert.True(t, r.HasTests)
	assert.Equal(t, []int{2, 1, 1}, []int{r.Run, r.Succeeded, r.Failed})
	require.Len(t, r.Tests, 2)
	assert.Equal(t, client.Test{
		StartedAt: time.Date(2023, 1, 9, 3, 34, 52, 735495000, time.UTC), EventName: "order.status", Success: true,
		Message: "Test request was successful!", Response: "HttpResponse[https://…/, 200 OK]", MessageID: "5f290b80",
	}, r.Tests[0])
	assert.Equal(t, "6", r.Tests[1].MessageID, "a body that is JSON in a text")

	r, err = c.TestWebhook(t.Context(), "b")
	require.NoError(t, err)
	assert.False(t, r.HasTests)
	assert.Equal(t, []int{3, 1, 2}, []int{r.Run, r.Succeeded, r.Failed})
}

// TestARecordedReport reads an answer of UP42.
func TestARecordedReport(t *testing.T) {
	recorded, err := os.ReadFile(filepath.Join("testdata", "report.json"))
	require.NoError(t, err)
	u := newUP42(t, map[string][]answer{"POST " + hooks + "/a/tests": {{status: 200, body: string(recorded)}}})
	r, err := u.client(inWorkspace).TestWebhook(t.Context(), "a")
	require.NoError(t, err)
	assert.Equal(t, []int{1, 1, 0}, []int{r.Run, r.Succeeded, r.Failed})
	require.Len(t, r.Tests, 1)
	assert.Equal(t, "5f290b80-d8d7-4d1c-bbe6-626d4f00dad3", r.Tests[0].MessageID)
	assert.Equal(t, "order.status", r.Tests[0].EventName)
}

func TestCallsNeedAnID(t *testing.T) {
	u := newUP42(t, nil)
	c := u.client(inWorkspace)
	for name, call := range map[string]func() error{
		"Webhook":       func() error { _, err := c.Webhook(t.Context(), ""); return err },
		"UpdateWebhook": func() error { _, err := c.UpdateWebhook(t.Context(), client.Webhook{}); return err },
		"DeleteWebhook": func() error { return c.DeleteWebhook(t.Context(), "") },
		"TestWebhook":   func() error { _, err := c.TestWebhook(t.Context(), ""); return err },
		"Order":         func() error { _, err := c.Order(t.Context(), ""); return err },
		"Job":           func() error { _, err := c.Job(t.Context(), ""); return err },
	} {
		assert.ErrorContains(t, call(), "no id", name)
	}
	assert.Empty(t, u.calls)
}

func TestUnusualAnswersToChanges(t *testing.T) {
	w := client.Webhook{ID: "a", Name: "n", Secret: "hush-hush"}
	page := answer{status: 200, header: map[string]string{"Content-Type": "text/html"}, body: "<html>sign in to the Wi-Fi</html>"}
	for name, tc := range map[string]struct {
		answer
		update, remove string // the errors, empty for success
	}{
		"nothing":          {answer{status: 204}, "", ""},
		"a page":           {page, "an HTML page", "an HTML page"},
		"a page, not here": {answer{status: 404, header: page.header, body: page.body}, "an HTML page", "an HTML page"},
		"refused inside":   {answer{status: 200, body: `{"data":null,"error":{"code":422,"message":"no hush-hush"}}`}, "no ********", "hush"},
	} {
		t.Run(name, func(t *testing.T) {
			u := newUP42(t, map[string][]answer{"PUT " + hooks + "/a": {tc.answer}, "DELETE " + hooks + "/a": {tc.answer}, "GET " + hooks + "/a": {{status: 403}}})
			c := u.client(inWorkspace, inNoTime)
			got, err := c.UpdateWebhook(t.Context(), w)
			if removed := c.DeleteWebhook(t.Context(), "a"); tc.remove == "" {
				assert.NoError(t, removed)
			} else {
				assert.ErrorContains(t, removed, tc.remove)
				assert.False(t, client.NotFound(removed))
			}
			if tc.update == "" {
				require.NoError(t, err)
				assert.Equal(t, w, got)
				return
			}
			assert.ErrorContains(t, err, tc.update)
		})
	}
}
