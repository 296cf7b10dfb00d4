// Package probe asks an address what serves it.
package probe

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Reply is what came of a request.
type Reply struct {
	Status int
	Header http.Header
	// body is the beginning of it.
	body string
}

// Pong says whether it is what /ping of a receiver answers.
func (r *Reply) Pong() bool {
	return r.Status == http.StatusOK && strings.TrimSpace(r.body) == "PONG"
}

// Request asks once and follows no redirect. Its error is without the URL.
func Request(ctx context.Context, agent string, transport *http.Transport, method, address string) (*Reply, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, nil)
	if err != nil {
		return nil, WithoutURL(err)
	}
	req.Header.Set("User-Agent", agent)
	req.Header.Set("Cache-Control", "no-cache")
	c := &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	resp, err := c.Do(req)
	if err != nil {
		return nil, WithoutURL(err)
	}
	const enough = 4 << 10
	body, err := io.ReadAll(io.LimitReader(resp.Body, enough))
	if err = errors.Join(err, resp.Body.Close()); err != nil {
		return nil, WithoutURL(err)
	}
	return &Reply{Status: resp.StatusCode, Header: resp.Header, body: string(body)}, nil
}

func WithoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// Occupant guesses who has an address.
func Occupant(ctx context.Context, agent, address string) string {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	r, err := Request(ctx, agent, &http.Transport{DisableKeepAlives: true}, http.MethodGet, "http://"+address+"/ping")
	if err == nil && r.Pong() {
		return "another receiver: an up42hooks with another --store, or the old collector"
	}
	return "another program"
}
