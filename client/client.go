package client

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Options are what a Client needs.
type Options struct {
	// APIURL and AuthURL are the bases of all calls, with or without a last
	// slash; they may have a path. Plain HTTP is for this machine only.
	APIURL, AuthURL string
	Credentials     Credentials
	// Workspace is the workspace's id; "": the account's own, asked for once.
	Workspace string
	// Transport carries the requests; nil: one with timeouts of its own.
	Transport http.RoundTripper
	// Now is the clock of tokens; nil: time.Now.
	Now func() time.Time
	// UserAgent names the program.
	UserAgent string
}

// Client makes calls to UP42. It is safe for concurrent use.
//
// Calls that change nothing twice over (all but creating and testing a webhook)
// are tried again where UP42 is out of reach or fails; what UP42 puts off (429)
// is tried again when it says so. A refusal is an *Error; of a failure that may
// hide a success Unsure tells.
type Client struct {
	api  *base
	http *http.Client
	// own is the client's own transport, nil where one was given.
	own     *http.Transport
	session *session

	asking    chan struct{} // held while asking for the workspace; guards it
	workspace string
}

// New makes a Client. It makes no call: the first one signs in.
func New(o Options) (*Client, error) {
	api, err := newBase("API", o.APIURL)
	if err != nil {
		return nil, err
	}
	auth, err := newBase("sign-in", o.AuthURL)
	if err != nil {
		return nil, err
	}
	if err := o.Credentials.check(); err != nil {
		return nil, err
	}
	c := &Client{api: api, workspace: o.Workspace, asking: make(chan struct{}, 1)}
	transport := o.Transport
	if transport == nil {
		c.own = newTransport()
		transport = c.own
	}
	c.http = &http.Client{Transport: agent{transport, o.UserAgent}, CheckRedirect: stayHere}
	now := o.Now
	if now == nil {
		now = time.Now
	}
	c.session = newSession(c, auth, o.Credentials, now)
	return c, nil
}

// Format prints what it is and nothing of what is in it, whatever the verb.
func (c *Client) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "a client of UP42") }

// Workspace is the id of the workspace that the calls are about; it signs in
// where that is not known yet.
func (c *Client) Workspace(ctx context.Context) (string, error) {
	select {
	case c.asking <- struct{}{}:
	case <-ctx.Done():
		return "", fmt.Errorf("%s: %w", askWorkspace, ctx.Err())
	}
	defer func() { <-c.asking }()
	if c.workspace != "" {
		return c.workspace, nil
	}
	id, err := c.session.subject(ctx)
	if err == nil {
		c.workspace = id
	}
	return id, err
}

// Close ends the client's idle connections.
func (c *Client) Close() {
	if c.own != nil {
		c.own.CloseIdleConnections()
	}
}
