package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/up42/up42-webhooks/cmd/up42hooks/team"
	"github.com/up42/up42-webhooks/receiver/admission"
	"github.com/up42/up42-webhooks/receiver/retry"
)

// Client asks the receiver of a store. It is safe for concurrent use.
type Client struct {
	http *http.Client
	last atomic.Pointer[known] // nil before the first answer
}

// known is what the receiver answered last.
type known struct {
	good []int64
	team *team.State
	err  error // why it is not known which deliveries are good
}

var _ Admissions = (*Client)(nil)

// NewClient makes a client. It connects with each call, so that it finds a receiver that
// starts later.
func NewClient(store string) *Client {
	dial := func(ctx context.Context, _, _ string) (c net.Conn, err error) {
		folder, err := folderOf(store)
		if err != nil {
			return nil, err
		}
		err = withPath(folder, func(path string) (err error) {
			c, err = new(net.Dialer).DialContext(ctx, "unix", path)
			return err
		})
		return c, err
	}
	return &Client{http: &http.Client{Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}}}
}

const (
	// followEvery is how often Follow asks.
	followEvery = 2 * time.Second
	// stateTimeout and admitTimeout bound the wait for an answer. To admit 1,000 large
	// deliveries takes a few seconds.
	stateTimeout, admitTimeout = 2 * time.Second, time.Minute
)

// Follow asks which rejected deliveries are good, and how the team is, again and again until ctx
// ends. Good and Team return what was answered last.
func (c *Client) Follow(ctx context.Context) {
	for {
		asking, cancel := context.WithTimeout(ctx, stateTimeout)
		a, err := c.ask(asking, http.MethodGet, statePath, nil)
		cancel()
		c.last.Store(&known{a.Good, a.Team, err})
		if !retry.Sleep(ctx, followEvery) {
			return
		}
	}
}

// Good implements Admissions. Without Follow it does not know any.
func (c *Client) Good() []int64 {
	if k := c.last.Load(); k != nil {
		return k.good
	}
	return nil
}

// Team is how the receiver is as a member of a team: nil without a team, and if that is not known. Without
// Follow it is not.
func (c *Client) Team() *team.State {
	if k := c.last.Load(); k != nil {
		return k.team
	}
	return nil
}

// Err implements Admissions.
func (c *Client) Err() error {
	if k := c.last.Load(); k != nil {
		return k.err
	}
	return errNotAsked
}

// ErrNotAnswered is the error of a receiver that can't be asked.
var ErrNotAnswered = errors.New("ask the receiver")

var errNotAsked = errors.New("the receiver is being asked, try again in a moment")

// Do implements Admissions.
func (c *Client) Do(ctx context.Context, r admission.Request) ([]admission.Result, error) {
	ctx, cancel := context.WithTimeout(ctx, admitTimeout)
	defer cancel()
	body, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	a, err := c.ask(ctx, http.MethodPost, admitPath, body)
	return a.Results, err
}

// Resend asks the receiver to forward an event again.
func (c *Client) Resend(ctx context.Context, a Again) error {
	body, err := json.Marshal(a)
	if err != nil {
		return err
	}
	_, err = c.ask(ctx, http.MethodPost, againPath, body)
	return err
}

func (c *Client) ask(ctx context.Context, method, path string, body []byte) (a answer, err error) {
	const receiver = "http://receiver" // the socket has no name
	req, err := http.NewRequestWithContext(ctx, method, receiver+path, bytes.NewReader(body))
	if err != nil {
		return a, err
	}
	res, err := c.http.Do(req)
	if err != nil {
		var dialing *net.OpError
		if errors.As(err, &dialing) {
			err = dialing.Err // without the address, which says nothing
		}
		return a, fmt.Errorf("%w: %w", ErrNotAnswered, err)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(&a); err != nil {
		return a, fmt.Errorf("%w: it answered %s: %w", ErrNotAnswered, res.Status, err)
	}
	switch {
	case a.Error == "":
		return a, nil
	case a.Why != nil:
		return a, a.Why.error(a.Error)
	default:
		return a, errors.New(a.Error)
	}
}
