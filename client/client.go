package client

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// Regions of UP42 and where they live.
const (
	Europe      = "eu"
	SaudiArabia = "sa"
)

// APIURL and AuthURL are the addresses of a region's API and sign-in; "" for a
// region that is not known.
func APIURL(region string) string  { return "" }
func AuthURL(region string) string { return "" }

// Credentials are a username with its password, or a token that was made
// elsewhere and is used as it is.
type Credentials struct {
	Username string
	Password Secret
	Token    Secret
}

// ReadCredentials reads the file of UP42's SDK: {"username": …, "password": …}.
func ReadCredentials(file string) (Credentials, error) {
	return Credentials{}, errors.ErrUnsupported
}

// Options are what a Client needs.
type Options struct {
	// APIURL and AuthURL are the bases of all calls, with or without a last
	// slash; they may have a path.
	APIURL, AuthURL string
	Credentials     Credentials
	// Workspace is the workspace's id; "": the account's own, asked for once.
	Workspace string
	// Transport carries the requests; nil: one with timeouts of its own.
	Transport http.RoundTripper
	// Now is the clock; nil: time.Now.
	Now func() time.Time
	// UserAgent names the program.
	UserAgent string
}

// Client makes calls to UP42. It is safe for concurrent use.
type Client struct{}

// New makes a Client. It makes no call: the first one signs in.
func New(o Options) (*Client, error) { return nil, errors.ErrUnsupported }

// Workspace is the id of the workspace that the calls are about; it signs in
// where that is not known yet.
func (c *Client) Workspace(ctx context.Context) (string, error) { return "", errors.ErrUnsupported }

// Close ends the client's idle connections.
func (c *Client) Close() {}
