package client

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/up42/up42-webhooks/receiver/retry"
)

// DefaultClientID is the client id with which UP42's SDK signs in.
const DefaultClientID = "up42-sdk"

// Options configure a Client. APIURL, AuthURL and Credentials are required.
type Options struct {
	// APIURL and AuthURL are the addresses of the API and of the sign-in. They may have a
	// path, and a slash at the end. http:// is allowed only to this machine.
	APIURL, AuthURL string
	Credentials     Credentials
	// Reread returns the credentials as they are now. It is called before each sign-in, so that
	// changed ones are used at once. Nil: they do not change.
	Reread func() (Credentials, error)
	// RefusedFile is the file that remembers a refused password for the next Client, so that
	// it does not ask with it at once. It has no password. Empty: nothing is remembered.
	RefusedFile string
	// ClientID is the client that signs in. Empty is DefaultClientID.
	ClientID string
	// Workspace is the id of the workspace. If it is empty, the client uses that of the
	// account.
	Workspace string
	// Transport carries the requests. Nil is a transport with timeouts.
	Transport http.RoundTripper
	// Now is the clock for the lifetimes of tokens. Nil is time.Now.
	Now func() time.Time
	// Sleep waits until a time has passed or the context ends, and reports whether the time
	// has passed. It is used between the reads after a change whose answer was lost. Nil waits.
	Sleep func(context.Context, time.Duration) bool
	// UserAgent is the header User-Agent. It may be empty.
	UserAgent string
	// Learned is called with each secret of a webhook that the client reads or sends, so that it can be
	// masked elsewhere. Several goroutines may call it. It may be nil.
	Learned func(Secret)
}

// Client makes calls to UP42. It is safe for concurrent use.
//
// It repeats a call if UP42 can't be reached or fails, except for those that create or test a
// webhook, which would do so twice. It repeats any call that UP42 refuses with 429, when UP42
// asks for that. A call that UP42 refused returns an *[Error]. If the answer to a change is lost,
// the client reads what UP42 has: the call succeeds if the change was done. See [NotDone] and
// [Unsure] for the other two cases.
type Client struct {
	api    *base
	auth   *base
	caller *caller
	// own is the client's own transport, nil if one was given.
	own     *http.Transport
	sleep   func(context.Context, time.Duration) bool
	learned func(Secret) // may be nil

	asking    chan struct{} // held while asking for the workspace; guards it
	workspace string
	// of are the credentials whose workspace it is, if UP42 was asked.
	of Credentials
}

// New makes a Client. It makes no calls. The first call signs in.
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
	c := &Client{api: api, auth: auth, workspace: o.Workspace, asking: make(chan struct{}, 1), sleep: o.Sleep, learned: o.Learned}
	if c.sleep == nil {
		c.sleep = retry.Sleep
	}
	transport := o.Transport
	if transport == nil {
		c.own = newTransport()
		transport = c.own
	}
	transport = agent{transport, o.UserAgent}
	now := o.Now
	if now == nil {
		now = time.Now
	}
	c.caller = &caller{
		http:    &http.Client{Transport: transport, CheckRedirect: stayHere},
		session: newSession(transport, auth, cmp.Or(o.ClientID, DefaultClientID), o, now), traced: c.own != nil,
	}
	return c, nil
}

// Use replaces the credentials, and how they are read again (see Options.Reread). Others than
// before are used at once, also if a password was refused.
func (c *Client) Use(credentials Credentials, reread func() (Credentials, error)) error {
	if err := credentials.check(); err != nil {
		return err
	}
	c.caller.session.use(credentials, reread)
	return nil
}

// Format prints the same text for each verb, so that no secret is printed.
func (c *Client) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "a client of UP42") }

// Secrets returns the password and the tokens that the client has now, for [Mask].
func (c *Client) Secrets() []Secret { return c.caller.session.secrets() }

// Workspace returns the id of the workspace. It signs in if the id is not known yet.
func (c *Client) Workspace(ctx context.Context) (string, error) {
	select {
	case c.asking <- struct{}{}:
	case <-ctx.Done():
		return "", fmt.Errorf("%s: %w", askWorkspace, ctx.Err())
	}
	defer func() { <-c.asking }()
	account := c.caller.session.account()
	if c.workspace != "" && (c.of == Credentials{} || c.of == account) {
		return c.workspace, nil
	}
	id, err := c.accountID(ctx)
	if err == nil {
		c.workspace, c.of = id, account
	}
	return id, err
}

// userInfoPath is a path below the base of the sign-in.
var userInfoPath = []string{"realms", "public", "protocol", "openid-connect", "userinfo"}

// maxAccountID is the length of the longest id of an account, in bytes. UP42's have 36.
const maxAccountID = 200

// accountID reads the id of the account, which is also that of its workspace.
func (c *Client) accountID(ctx context.Context) (string, error) {
	answer, _, err := c.caller.do(ctx, call{what: askWorkspace, method: http.MethodGet, url: c.auth.at(nil, userInfoPath...)})
	if err != nil {
		return "", atSignIn{err}
	}
	var user struct {
		Subject string `json:"sub"`
	}
	switch {
	case json.Unmarshal(answer, &user) != nil || user.Subject == "":
		return "", atSignIn{fmt.Errorf("%s: %w: it has no account id", askWorkspace, errAnswer)}
	case len(user.Subject) > maxAccountID:
		return "", atSignIn{fmt.Errorf("%s: %w: its account id is longer than %d bytes", askWorkspace, errAnswer, maxAccountID)}
	}
	return user.Subject, nil
}

// Close ends idle connections.
func (c *Client) Close() {
	if c.own != nil {
		c.own.CloseIdleConnections()
	}
}
