package client_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client"
)

func TestErrorsAreReadInAllForms(t *testing.T) {
	for name, tc := range map[string]struct {
		answer
		want client.Error
	}{
		"UP42's":           {answer{status: 422, body: `{"data":null,"error":{"code":422,"message":"url: must be HTTPS"}}`}, client.Error{Code: "422", Message: "url: must be HTTPS"}},
		"code is a word":   {answer{status: 409, body: `{"error":{"code":"CONFLICT","message":"taken"}}`}, client.Error{Code: "CONFLICT", Message: "taken"}},
		"error is a text":  {answer{status: 403, body: `{"data":null,"error":"not yours"}`}, client.Error{Message: "not yours"}},
		"a problem":        {answer{status: 400, header: map[string]string{"Content-Type": "application/problem+json"}, body: `{"title":"Bad Request","status":400,"detail":"no such field"}`}, client.Error{Message: "Bad Request: no such field"}},
		"sign-in's":        {answer{status: 403, body: `{"error":"forbidden","error_description":"no such scope"}`}, client.Error{Code: "forbidden", Message: "no such scope"}},
		"plain text":       {answer{status: 404, body: "no  route\nmatched"}, client.Error{Message: "no route matched"}},
		"a text in JSON":   {answer{status: 404, body: `"gone"`}, client.Error{Message: "gone"}},
		"a page":           {answer{status: 404, header: map[string]string{"Content-Type": "text/html"}, body: "<html><body>secret</body></html>"}, client.Error{Message: "an HTML page in the place of JSON", Page: true}},
		"nothing":          {answer{status: 403}, client.Error{}},
		"control codes":    {answer{status: 403, body: `{"error":{"message":"a\u001b[31mb\u0007\u0000c\u009b"}}`}, client.Error{Message: "a[31mbc"}},
		"too long":         {answer{status: 403, body: strings.Repeat("x", 1000)}, client.Error{Message: strings.Repeat("x", 299) + "…"}},
		"a request's name": {answer{status: 404, header: map[string]string{"X-Request-Id": "r1"}}, client.Error{RequestID: "r1"}},
		"an error inside":  {answer{status: 404, body: `{"error":{"error":{"message":"inner"}}}`}, client.Error{Message: "inner"}},
		"too many inside":  {answer{status: 404, body: strings.Repeat(`{"error":`, 9000) + `{"message":"inner"}` + strings.Repeat("}", 9000)}, client.Error{}},
		"cut off":          {answer{status: 404, body: `{"data":null,"error":{"co`}, client.Error{Message: `{"data":null,"error":{"co`}},
	} {
		t.Run(name, func(t *testing.T) {
			u := newUP42(t, map[string][]answer{"GET " + hooks: {tc.answer}})
			_, err := u.client(inWorkspace).Webhooks(t.Context())
			var got *client.Error
			require.ErrorAs(t, fmt.Errorf("wrapped: %w", err), &got)
			tc.want.Call, tc.want.Status = "list the webhooks", tc.status
			assert.Equal(t, &tc.want, got)
			assert.Contains(t, got.Error(), got.Message)
			assert.NotContains(t, got.Error(), "\n")
			assert.NotEmpty(t, client.Advice(err))
		})
	}
}

func TestMalformedAnswers(t *testing.T) {
	endless := func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := w.Write([]byte(strings.Repeat("[", 1<<16))); err != nil {
				return
			}
		}
	}
	for name, tc := range map[string]struct {
		answer
		want string
	}{
		"a page":                {answer{status: 200, body: " <html></html>"}, "an HTML page in the place of JSON"},
		"cut off":               {answer{status: 200, body: `{"data":[{"id":`}, "cut off"},
		"nothing":               {answer{status: 200}, "it is empty"},
		"plain text":            {answer{status: 200, body: "OK"}, "not JSON"},
		"another form":          {answer{status: 200, body: `{"data":{"a":1}}`}, "another form"},
		"a very long list":      {answer{status: 200, body: `{"data":[` + strings.Repeat("{},", 100_000) + `{}]}`}, "more than 10000"},
		"endless":               {answer{do: endless}, "longer than 8 MiB"},
		"an error all the same": {answer{status: 200, body: `{"data":null,"error":{"code":500,"message":"sorry"}}`}, "sorry"},
	} {
		t.Run(name, func(t *testing.T) {
			u := newUP42(t, map[string][]answer{"GET " + hooks: {tc.answer}})
			_, err := u.client(inWorkspace).Webhooks(t.Context())
			require.ErrorContains(t, err, tc.want)
			assert.Contains(t, err.Error(), "list the webhooks")
			assert.NotEmpty(t, client.Advice(err))
			assert.Len(t, u.of("GET", hooks), 1, "it is not repeated")
		})
	}
}

func TestCredentialsFollowNoRedirectElsewhere(t *testing.T) {
	evil := newUP42(t, nil)
	for name, tc := range map[string]struct {
		call func(*client.Client) error
		path string
		to   string
		fine bool
	}{
		"elsewhere":           {func(c *client.Client) error { _, err := c.Webhooks(t.Context()); return err }, "GET " + hooks, evil.URL + below + hooks, false},
		"elsewhere, to write": {func(c *client.Client) error { _, err := c.CreateWebhook(t.Context(), client.Webhook{}); return err }, "POST " + hooks, evil.URL + below + hooks, false},
		"here, to write":      {func(c *client.Client) error { _, err := c.CreateWebhook(t.Context(), client.Webhook{}); return err }, "POST " + hooks, below + "/new", false},
		"here":                {func(c *client.Client) error { _, err := c.Webhooks(t.Context()); return err }, "GET " + hooks, below + "/new", true},
	} {
		t.Run(name, func(t *testing.T) {
			u := newUP42(t, map[string][]answer{
				tc.path:    {{status: 307, header: map[string]string{"Location": tc.to}}},
				"GET /new": {ok(`[]`)}, "POST /new": {ok(`{"id":"x"}`)},
			})
			err := tc.call(u.client(inWorkspace))
			if tc.fine {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, "credentials must not follow")
			assert.Contains(t, client.Advice(err), "UP42_API_URL")
			assert.Len(t, u.of(strings.Fields(tc.path)[0], hooks), 1)
		})
	}
	assert.Empty(t, evil.calls)
	assert.Empty(t, evil.signIns)
}

func TestARedirectLoopIsNotRepeated(t *testing.T) {
	round := answer{status: 307, header: map[string]string{"Location": below + hooks}}
	u := newUP42(t, map[string][]answer{"GET " + hooks: {round}})
	_, err := u.client(inWorkspace).Webhooks(t.Context())
	require.ErrorContains(t, err, "redirected too many times")
	assert.Equal(t, "see whether UP42_API_URL is right", client.Advice(err))
	assert.Len(t, u.of("GET", hooks), 5, "followed five times, once")
}

// TestAdviceOn404 checks that the advice depends on the call.
func TestAdviceOn404(t *testing.T) {
	const workspaceWrong, gone, signInWrong = "see whether the workspace is right", "it is not there (any more)", "see whether UP42_AUTH_URL is right"
	const userinfo = "GET /realms/public/protocol/openid-connect/userinfo"
	missing := answer{status: 404, body: `{"data":null,"error":{"code":404,"message":"no such thing"}}`}
	hook := client.Webhook{ID: "a"}
	for name, tc := range map[string]struct {
		call func(*client.Client) error
		want string
	}{
		"webhooks":   {func(c *client.Client) error { _, err := c.Webhooks(t.Context()); return err }, workspaceWrong},
		"orders":     {func(c *client.Client) error { _, err := c.Orders(t.Context(), 1); return err }, workspaceWrong},
		"jobs":       {func(c *client.Client) error { _, err := c.Jobs(t.Context(), 1); return err }, workspaceWrong},
		"creating":   {func(c *client.Client) error { _, err := c.CreateWebhook(t.Context(), hook); return err }, workspaceWrong},
		"a webhook":  {func(c *client.Client) error { _, err := c.Webhook(t.Context(), "a"); return err }, gone},
		"changing":   {func(c *client.Client) error { _, err := c.UpdateWebhook(t.Context(), hook); return err }, gone},
		"testing":    {func(c *client.Client) error { _, err := c.TestWebhook(t.Context(), "a"); return err }, gone},
		"an order":   {func(c *client.Client) error { _, err := c.Order(t.Context(), "a"); return err }, gone},
		"a job":      {func(c *client.Client) error { _, err := c.Job(t.Context(), "a"); return err }, gone},
		"the events": {func(c *client.Client) error { _, err := c.EventTypes(t.Context()); return err }, "see whether UP42_API_URL is right"},
	} {
		t.Run(name, func(t *testing.T) {
			err := tc.call(newUP42(t, map[string][]answer{"GET " + hooks: {missing}}).client(inWorkspace))
			require.True(t, client.NotFound(err), "%v", err)
			assert.Equal(t, tc.want, client.Advice(err))
		})
	}
	_, err := newUP42(t, map[string][]answer{userinfo: {missing}}).client().Webhook(t.Context(), "a")
	assert.False(t, client.NotFound(err), "nobody has looked for the webhook")
	assert.Equal(t, signInWrong, client.Advice(err))
}

func TestAdvice(t *testing.T) {
	for status, want := range map[int]string{
		401: "sign in again", 403: "workspace", 404: "not there (any more)", 409: "changed meanwhile", 422: "complains", 429: "wait 30s", 500: "try again later", 503: "try again later", 302: "UP42_API_URL",
	} {
		e := &client.Error{Status: status}
		if status == 429 {
			e.RetryAfter = 30 * time.Second
		}
		assert.Contains(t, client.Advice(fmt.Errorf("x: %w", e)), want, "%d", status)
	}
	assert.Contains(t, client.Advice(context.Canceled), "cancelled")
	assert.Contains(t, client.Advice(context.DeadlineExceeded), "does not answer")
	assert.Contains(t, client.Advice(errors.New("connection refused")), "network")
	assert.Empty(t, client.Advice(nil))
}

// An error says which host has no address, and not which resolver was asked.
func TestAHostThatIsNotFound(t *testing.T) {
	for words, dns := range map[string]net.DNSError{
		"there is no host api.example":                  {Err: "no such host", IsNotFound: true},
		"the host api.example can't be looked up":       {Err: "server misbehaving", IsTemporary: true},
		"to look up the host api.example took too long": {Err: "i/o timeout", IsTimeout: true},
	} {
		dns.Name, dns.Server = "api.example", "127.0.0.53:53"
		synctest.Test(t, func(t *testing.T) {
			c, err := client.New(client.Options{
				APIURL: "https://api.example", AuthURL: "https://auth.example", Workspace: "w", Credentials: client.Credentials{Token: "t"},
				Transport: &script{answers: []any{&net.OpError{Op: "dial", Net: "tcp", Err: &dns}}},
			})
			require.NoError(t, err)
			_, err = c.Webhook(t.Context(), "a")
			require.EqualError(t, err, "read the webhook: "+words)
			assert.Equal(t, words, client.Broken(err))
			assert.Equal(t, "check the network and the name of the host", client.Advice(err))
		})
	}
}

// Whoever masks secrets is told those of webhooks that are sent and read.
func TestSecretsOfWebhooksAreLearned(t *testing.T) {
	var learned []client.Secret
	c, err := client.New(client.Options{
		APIURL: "https://api.example", AuthURL: "https://auth.example", Workspace: "w", Credentials: client.Credentials{Token: "t"},
		Transport: parrot{200, "application/json", `{"data":{"id":"a","url":"https://a.example","secret":"read"},"error":null}`}, Learned: func(s client.Secret) { learned = append(learned, s) },
	})
	require.NoError(t, err)
	_, err = c.UpdateWebhook(t.Context(), client.Webhook{ID: "a", Name: "n", URL: "https://a.example", Secret: "sent"})
	require.NoError(t, err)
	assert.Equal(t, []client.Secret{"sent", "read"}, learned)
}
