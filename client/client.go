package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Options are what a Client needs.
type Options struct {
	// APIURL and AuthURL are the bases of all calls, with or without a last
	// slash; they may have a path. They are https; on this machine http will do.
	APIURL, AuthURL string
	Credentials     Credentials
	// Workspace is the workspace's id; "": the account's own, asked for once.
	Workspace string
	// Transport carries the requests; nil: one with timeouts of its own.
	Transport http.RoundTripper
	// Now is the clock that tokens run out by; nil: time.Now.
	Now func() time.Time
	// UserAgent names the program.
	UserAgent string
}

// Client makes calls to UP42. It is safe for concurrent use.
//
// A call that UP42 answers with 429 is made again when UP42 wants it to be,
// unless that is more than a minute away. A call that may be made twice is tried
// a few times where UP42 fails (5xx) or the network does. All waiting ends with
// the context.
type Client struct {
	api, auth base
	http      *http.Client
	now       func() time.Time
	userAgent string
	// All that is secret is behind pointers: fmt follows none of them.
	tokens    *tokens
	workspace *workspace
}

// New makes a Client. It makes no call: the first one signs in. Its errors
// repeat nothing of the options.
func New(o Options) (*Client, error) {
	api, err := parseBase(o.APIURL)
	if err != nil {
		return nil, fmt.Errorf("the URL of UP42's API: %w", err)
	}
	auth, err := parseBase(o.AuthURL)
	if err != nil {
		return nil, fmt.Errorf("the URL of UP42's sign-in: %w", err)
	}
	if err := o.Credentials.check(); err != nil {
		return nil, err
	}
	c := &Client{
		api: api, auth: auth, http: newHTTP(o.Transport), now: o.Now, userAgent: o.UserAgent,
		tokens:    newTokens(o.Credentials),
		workspace: &workspace{turn: make(turn, 1), id: strings.TrimSpace(o.Workspace)},
	}
	if c.workspace.id != "" && checkID(c.workspace.id) != nil {
		return nil, errors.New("the id of the workspace is none")
	}
	if c.now == nil {
		c.now = time.Now
	}
	return c, nil
}

// Close ends the client's idle connections. Calls in flight go on.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// workspace is the workspace that calls are about.
type workspace struct {
	turn turn
	// id is "" until it is known.
	id string
}

// Workspace is the id of the workspace that the calls are about; it signs in
// where that is not known yet.
func (c *Client) Workspace(ctx context.Context) (string, error) {
	w, r := c.workspace, request{call: "ask for the account's workspace", method: http.MethodGet}
	if err := w.turn.take(ctx); err != nil {
		return "", r.failed(err)
	}
	defer w.turn.give()
	if w.id != "" {
		return w.id, nil
	}
	r.url = c.auth.at("realms", "public", "protocol", "openid-connect", "userinfo")
	info, err := ask[struct {
		Sub words `json:"sub"`
	}](ctx, c, r)
	if err != nil {
		return "", err
	}
	if checkID(string(info.Sub)) != nil {
		return "", r.unreadable("it names no workspace")
	}
	w.id = string(info.Sub)
	return w.id, nil
}

// turn is a lock that can be waited for with a context. Make it with room for
// one.
type turn chan struct{}

func (t turn) take(ctx context.Context) error {
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (t turn) give() { <-t }
