package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// reply is what came of a request.
type reply struct {
	status int
	header http.Header
	// body is the beginning of it.
	body string
}

// pong says whether it is what /ping of a receiver answers.
func (r *reply) pong() bool {
	return r.status == http.StatusOK && strings.TrimSpace(r.body) == "PONG"
}

// request asks once and follows no redirect. Its error is without the URL.
func request(ctx context.Context, agent string, transport *http.Transport, method, address string) (*reply, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, nil)
	if err != nil {
		return nil, bareError(err)
	}
	req.Header.Set("User-Agent", agent)
	req.Header.Set("Cache-Control", "no-cache")
	c := &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	resp, err := c.Do(req)
	if err != nil {
		return nil, bareError(err)
	}
	const enough = 4 << 10
	body, err := io.ReadAll(io.LimitReader(resp.Body, enough))
	if err = errors.Join(err, resp.Body.Close()); err != nil {
		return nil, bareError(err)
	}
	return &reply{status: resp.StatusCode, header: resp.Header, body: string(body)}, nil
}

func bareError(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// squatter guesses who has an address.
func squatter(ctx context.Context, agent, address string) string {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	r, err := request(ctx, agent, &http.Transport{DisableKeepAlives: true}, http.MethodGet, "http://"+address+"/ping")
	if err == nil && r.pong() {
		return "another receiver: an up42hooks with another --store, or the old collector"
	}
	return "another program"
}
