package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/cenkalti/backoff/v5"
)

const (
	// maxAnswer is the longest answer that is read, in bytes.
	maxAnswer = 8 << 20
	// attemptTimeout bounds one attempt, so that an answer that never ends does.
	attemptTimeout = 90 * time.Second
	// maxTries bounds the attempts at one call, longestWait the waiting between
	// all of them.
	maxTries    = 4
	longestWait = time.Minute
)

// What is called, in words, where what to do about a failure depends on it.
const (
	signIn        = "sign in"
	askWorkspace  = "ask for the workspace"
	listWebhooks  = "list the webhooks"
	createWebhook = "create the webhook"
	testWebhook   = "test the webhook"
	listEvents    = "list the events"
	listOrders    = "list the orders"
	listJobs      = "list the jobs"
)

// call is one call to the API.
type call struct {
	what   string // in words, for errors: "list the webhooks"
	method string
	url    *url.URL
	body   any // sent as JSON; nil: none
	// secret is what the body holds of the kind: no error may repeat it.
	secret Secret
	// once: to make the call twice does something else than to make it once.
	once bool
}

// do makes a call and returns the answer's body; lost says that an attempt before
// the last one may have been carried out, although it failed.
func (c *Client) do(ctx context.Context, k call) (answer []byte, lost bool, err error) {
	var body []byte
	if k.body != nil {
		if body, err = json.Marshal(k.body); err != nil {
			return nil, false, fmt.Errorf("%s: %w", k.what, err)
		}
	}
	renewed := false
	lost, err = persist(ctx, k.once, func() error {
		token, err := c.session.token(ctx)
		if err != nil {
			return final{err}
		}
		answer, err = c.attempt(ctx, k, body, token)
		if Unauthorized(err) && !renewed && c.session.renewable() {
			renewed = true
			if token, err = c.session.renew(ctx, token); err != nil {
				return final{err}
			}
			answer, err = c.attempt(ctx, k, body, token)
		}
		return err
	})
	return answer, lost, err
}

// final is an error that no further attempt changes.
type final struct{ error }

func (f final) Unwrap() error { return f.error }

// persist makes attempts until one succeeds or there is no use in another one:
// nor is there in a wait that ctx would not see the end of. lost is as for do.
func persist(ctx context.Context, once bool, attempt func() error) (lost bool, err error) {
	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval = 300 * time.Millisecond
	left := longestWait
	for tries := 1; ; tries++ {
		if err = attempt(); err == nil {
			return lost, nil
		}
		var f final
		if errors.As(err, &f) {
			return lost, f.error
		}
		wait, hopeful := worthIt(err, once)
		wait = max(wait, pauses.NextBackOff())
		if left -= wait; !hopeful || tries == maxTries || left < 0 || ctx.Err() != nil || late(ctx, wait) {
			return lost, err
		}
		lost = lost || MayBeDone(err)
		if !sleep(ctx, wait) {
			return lost, fmt.Errorf("%w (gave up waiting to try again: %w)", err, context.Cause(ctx))
		}
	}
}

// late says that ctx ends before a wait would.
func late(ctx context.Context, wait time.Duration) bool {
	end, ok := ctx.Deadline()
	return ok && time.Until(end) <= wait
}

// worthIt says whether another attempt may succeed, and after which wait at
// least.
func worthIt(err error, once bool) (wait time.Duration, hopeful bool) {
	var refused *Error
	switch {
	case !errors.As(err, &refused):
		// Nobody knows what became of it. What took too long would do so again.
		return 0, !once && !misled(err) && !errors.Is(err, errAnswer) && !timedOut(err)
	case refused.Status == http.StatusTooManyRequests:
		return refused.RetryAfter, true // put off, so nothing was done
	default:
		return refused.RetryAfter, refused.Status/100 == 5 && !once
	}
}

// misled says that redirects led nowhere.
func misled(err error) bool { return errors.Is(err, errElsewhere) || errors.Is(err, errLoop) }

func timedOut(err error) bool {
	var network net.Error
	return errors.As(err, &network) && network.Timeout()
}

func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// attempt sends the request once. Its error is unsure where it has to be.
func (c *Client) attempt(ctx context.Context, k call, body []byte, token Secret) ([]byte, error) {
	ctx, sent := c.noteSending(ctx)
	answer, err := c.send(ctx, k, body, token)
	if err != nil && !sent() {
		return nil, unsent{err}
	}
	return answer, k.doubt(err)
}

func (c *Client) send(ctx context.Context, k call, body []byte, token Secret) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, k.method, k.url.String(), bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", k.what, bare(err))
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Authorization", "Bearer "+token.Reveal())
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", k.what, bare(err))
	}
	answer, err := readAnswer(res)
	if res.StatusCode/100 != 2 || err == nil && refusedInside(answer) {
		return nil, refusal(k.what, res, answer, token, k.secret)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: read the answer: %w", k.what, bare(err))
	}
	return answer, nil
}

// errAnswer: there is an answer, and it is none of UP42's.
var errAnswer = errors.New("the answer can't be read")

func readAnswer(res *http.Response) ([]byte, error) {
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if len(answer) > maxAnswer {
		err = fmt.Errorf("%w: it is longer than %d MiB", errAnswer, maxAnswer>>20)
	}
	return answer, errors.Join(err, res.Body.Close())
}

// bare is an error of a request without its URL.
func bare(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// agent names the program in all requests.
type agent struct {
	http.RoundTripper
	name string
}

func (a agent) RoundTrip(r *http.Request) (*http.Response, error) {
	if a.name != "" {
		r = r.Clone(r.Context())
		r.Header.Set("User-Agent", a.name)
	}
	return a.RoundTripper.RoundTrip(r)
}
