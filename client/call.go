package client

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
)

// call is one call to the API.
type call struct {
	what   string // in words, for errors: "list the webhooks"
	method string
	url    *url.URL
	body   any // sent as JSON; may be nil
	// secret is the secret in the body. No error may repeat it.
	secret Secret
	// once means that the call must not be repeated: a second one would do something else.
	once bool
}

// caller makes calls with a token.
type caller struct {
	http    *http.Client
	session *session
	// traced means that the transport reports connections, so that it is known whether a
	// request was sent.
	traced bool
}

// do makes a call and returns the body of the answer. lost is true if an attempt before the
// last one may have been carried out although it failed.
func (c *caller) do(ctx context.Context, k call) (answer []byte, lost bool, err error) {
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
			return final{unsent{err}}
		}
		answer, err = c.attempt(ctx, k, body, token)
		if Unauthorized(err) && !renewed && c.session.renewable() {
			renewed = true
			if token, err = c.session.renew(ctx, token); err != nil {
				return final{unsent{err}}
			}
			answer, err = c.attempt(ctx, k, body, token)
		}
		return err
	})
	return answer, lost, err
}

// read makes a call that changes nothing, and decodes its answer into v.
func (c *caller) read(ctx context.Context, what string, at *url.URL, v any) error {
	answer, _, err := c.do(ctx, call{what: what, method: http.MethodGet, url: at})
	if err != nil {
		return err
	}
	return decode(what, answer, v)
}

// attempt sends the request once. Its error says whether the request was sent.
func (c *caller) attempt(ctx context.Context, k call, body []byte, token Secret) ([]byte, error) {
	ctx, sent := c.noteSending(ctx)
	answer, err := c.send(ctx, k, body, token)
	if err != nil && !sent() {
		return nil, unsent{err}
	}
	return answer, err
}

func (c *caller) send(ctx context.Context, k call, body []byte, token Secret) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	secrets := []Secret{token, k.secret, c.session.account().Password}
	req, err := http.NewRequestWithContext(ctx, k.method, k.url.String(), bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", k.what, harmless(err, secrets...))
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Authorization", "Bearer "+token.Reveal())
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", k.what, harmless(err, secrets...))
	}
	answer, err := readAnswer(res)
	if res.StatusCode/100 != 2 || err == nil && refusedInside(answer) {
		return nil, refusal(k.what, res, answer, secrets...)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: read the answer: %w", k.what, harmless(err, secrets...))
	}
	return answer, nil
}

// noteSending returns a context for a request, and a function that reports whether the request
// may have been sent. Without a connection it was not sent.
func (c *caller) noteSending(ctx context.Context) (noting context.Context, sent func() bool) {
	var connected atomic.Bool
	noting = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	})
	return noting, func() bool { return connected.Load() || !c.traced }
}
