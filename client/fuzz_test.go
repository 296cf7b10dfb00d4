package client_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/up42/up42-webhooks/client"
)

// parrot is a transport that always gives the same answer.
type parrot struct {
	status      int
	contentType string
	body        string
}

func (p parrot) RoundTrip(r *http.Request) (*http.Response, error) {
	res := response(p.status, p.body)
	res.Request = r
	res.Header.Set("Content-Type", p.contentType)
	return res, nil
}

// FuzzAnswers checks that no answer makes a call panic, and that each error is one short line
// without a secret.
func FuzzAnswers(f *testing.F) {
	const secret, token = "a-secret-of-some-length", "a-token-of-some-length"
	for _, body := range []string{
		``, `null`, `[]`, `{}`, `"text"`, `1`, `<html>`, `{"data":null,"error":null}`, `{"data":{"id":"a"},"error":null}`, `{"data":[{"id":"a"}]}`,
		`{"data":null,"error":{"code":422,"message":"a-secret-of-some-length"}}`, `{"error":"a-token-of-some-length"}`, `{"title":"t","detail":"d"}`,
		`{"content":[{"id":"a"}],"totalPages":2}`, `{"jobs":[{"jobID":"a"}],"links":[{"rel":"next","href":"//x/"}]}`, `{"testsRun":1,"tests":[{}]}`,
		`{"events":"a,b"}`, strings.Repeat("long ", 100), "{\"error\":\"a-tok\\u0007en-of-some-length\"}", "\x1b[2J\u202e\xff",
	} {
		f.Add(200, "application/json", body)
		f.Add(404, "text/html", body)
		f.Add(389, "text/plain", body) // it does not say whether a change was made
	}
	f.Fuzz(func(t *testing.T, status int, contentType, body string) {
		if status < 200 || status > 499 || status == http.StatusRequestTimeout || status == http.StatusTooManyRequests {
			t.Skip("these are tried again, which takes time")
		}
		c, err := client.New(client.Options{
			APIURL: "https://api.example", AuthURL: "https://auth.example", Workspace: "w", Transport: parrot{status, contentType, body},
			Credentials: client.Credentials{Token: token}, Sleep: func(context.Context, time.Duration) bool { return true },
		})
		if err != nil {
			t.Fatal(err)
		}
		ctx, hook := t.Context(), client.Webhook{ID: "a", Name: "n", URL: "https://x.example", Events: []string{"e"}, Secret: secret}
		for _, call := range []func() error{
			func() error { _, err := c.Webhooks(ctx); return err },
			func() error { _, err := c.Webhook(ctx, "a"); return err },
			func() error { return c.DeleteWebhook(ctx, "a") },
			func() error { _, err := c.TestWebhook(ctx, "a"); return err },
			func() error { _, err := c.EventTypes(ctx); return err },
			func() error { _, err := c.Orders(ctx, 3); return err },
			func() error { _, err := c.Order(ctx, "a"); return err },
			func() error { _, err := c.Jobs(ctx, 3); return err },
			func() error { _, err := c.Job(ctx, "a"); return err },
		} {
			checkError(t, call(), token)
		}
		_, err = c.CreateWebhook(ctx, hook)
		checkError(t, err, token, secret)
		_, err = c.UpdateWebhook(ctx, hook)
		checkError(t, err, token, secret)
	})
}

// checkError checks an error. Sent is what the call sent.
func checkError(t *testing.T, err error, sent ...string) {
	t.Helper()
	if err == nil {
		return
	}
	line := err.Error()
	if utf8.RuneCountInString(line) > 600 || strings.ContainsFunc(line, unicode.IsControl) {
		t.Errorf("no short line: %q", line)
	}
	for _, s := range sent {
		if strings.Contains(line, s) {
			t.Errorf("repeats a secret: %q", line)
		}
	}
	_ = client.Advice(err)
}
