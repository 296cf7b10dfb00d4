package client_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client"
)

// script is a transport that answers each request with the next status or error. It repeats
// the last one. Lists of webhooks are empty, and no part of it.
type script struct {
	mu      sync.Mutex
	answers []any
	at      []time.Time
	method  string
}

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/webhooks") {
		return response(200, `{"data":[],"error":null}`), nil
	}
	s.method = r.Method
	s.at = append(s.at, time.Now())
	next := s.answers[min(len(s.at), len(s.answers))-1]
	switch next := next.(type) {
	case error:
		return nil, next
	case time.Duration: // 429 with this wait
		res := response(429, `{"error":{"message":"slow down"}}`)
		res.Header.Set("Retry-After", strconv.Itoa(int(next.Seconds())))
		return res, nil
	case int:
		return response(next, `{"data":{"id":"a","url":"https://a.example"},"error":null}`), nil
	default:
		return nil, errors.New("the script is wrong")
	}
}

func response(status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
}

func TestCallsAreRepeated(t *testing.T) {
	reset := errors.New("connection reset")
	read := func(ctx context.Context, c *client.Client) error { _, err := c.Webhook(ctx, "a"); return err }
	create := func(ctx context.Context, c *client.Client) error {
		_, err := c.CreateWebhook(ctx, client.Webhook{})
		return err
	}
	update := func(ctx context.Context, c *client.Client) error {
		_, err := c.UpdateWebhook(ctx, client.Webhook{ID: "a"})
		return err
	}
	test := func(ctx context.Context, c *client.Client) error { _, err := c.TestWebhook(ctx, "a"); return err }
	remove := func(ctx context.Context, c *client.Client) error { return c.DeleteWebhook(ctx, "a") }
	for name, tc := range map[string]struct {
		call    func(context.Context, *client.Client) error
		answers []any
		tries   int
		fails   bool
		least   time.Duration
	}{
		"reading, after a reset":          {read, []any{reset, 200}, 2, false, 0},
		"reading, after failures":         {read, []any{500, 502, 503, 200}, 4, false, 0},
		"reading, not for ever":           {read, []any{500}, 4, true, 0},
		"reading, refused":                {read, []any{403, 200}, 1, true, 0},
		"replacing, after a reset":        {update, []any{reset, 500, 200}, 3, false, 0},
		"creating, after a reset":         {create, []any{reset, 200}, 1, true, 0},
		"creating, after a failure":       {create, []any{500, 200}, 1, true, 0},
		"creating, put off":               {create, []any{7 * time.Second, 200}, 2, false, 7 * time.Second},
		"testing, after a reset":          {test, []any{reset, 200}, 1, true, 0},
		"reading, put off":                {read, []any{3 * time.Second, 5 * time.Second, 200}, 3, false, 8 * time.Second},
		"put off for too long":            {read, []any{300 * time.Second, 200}, 1, true, 0},
		"put off again and again":         {read, []any{40 * time.Second}, 2, true, 40 * time.Second},
		"reading, too slow":               {read, []any{context.DeadlineExceeded, 200}, 1, true, 0},
		"deleting, whose answer was lost": {remove, []any{reset, 404}, 2, false, 0},
		"deleting, after a failure":       {remove, []any{503, 404}, 2, false, 0},
		"deleting what is not there":      {remove, []any{404}, 1, true, 0},
		"deleting, put off, what is gone": {remove, []any{time.Second, 404}, 2, true, time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				net := &script{answers: tc.answers}
				c, err := client.New(client.Options{
					APIURL: "https://api.example", AuthURL: "https://auth.example", Transport: net, Workspace: "w", Credentials: client.Credentials{Token: "t"},
				})
				require.NoError(t, err)
				began := time.Now()
				err = tc.call(t.Context(), c)
				assert.Equal(t, tc.fails, err != nil, "%v", err)
				assert.Len(t, net.at, tc.tries)
				assert.GreaterOrEqual(t, time.Since(began), tc.least)
				assert.Less(t, time.Since(began), tc.least+15*time.Second)
			})
		})
	}
}

func TestTheWaitBeforeARepetitionEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, err := client.New(client.Options{
			APIURL: "https://api.example", AuthURL: "https://auth.example", Workspace: "w", Credentials: client.Credentials{Token: "t"},
			Transport: &script{answers: []any{50 * time.Second}},
		})
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		began := time.Now()
		_, err = c.Webhook(ctx, "a")
		require.ErrorIs(t, err, context.Canceled)
		var refused *client.Error
		require.ErrorAs(t, err, &refused, "the error has the refusal too")
		assert.Equal(t, 50*time.Second, refused.RetryAfter)
		assert.Equal(t, time.Second, time.Since(began))
	})
}

func TestAWaitBeyondTheDeadlineIsNotBegun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, err := client.New(client.Options{
			APIURL: "https://api.example", AuthURL: "https://auth.example", Workspace: "w", Credentials: client.Credentials{Token: "t"},
			Transport: &script{answers: []any{50 * time.Second}},
		})
		require.NoError(t, err)
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		began := time.Now()
		_, err = c.Webhook(ctx, "a")
		assert.Equal(t, "UP42 asks to wait 50s", client.Advice(err))
		assert.Zero(t, time.Since(began))
	})
}

func TestAnAnswerThatNeverEndsIsCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, err := client.New(client.Options{
			APIURL: "https://api.example", AuthURL: "https://auth.example", Workspace: "w", Credentials: client.Credentials{Token: "t"},
			Transport: silent{},
		})
		require.NoError(t, err)
		_, err = c.TestWebhook(t.Context(), "a")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.True(t, client.Unsure(err))
		_, err = c.Webhook(t.Context(), "a")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Contains(t, client.Advice(err), "does not answer")
	})
}

// silent is a transport that does not answer.
type silent struct{}

func (silent) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}
