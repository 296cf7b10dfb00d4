package notify

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver/loopback"
	"github.com/up42/up42-webhooks/receiver/retry"
	"github.com/up42/up42-webhooks/receiver/safe"
)

// DefaultBody is the template of a body that Slack, Mattermost, Google Chat and others
// understand.
const DefaultBody = `{"text": "{text}"}`

// PostOptions configure where a message is posted. URL is required. Anyone who knows the
// URL of a chat can usually write there, so no error and no log has it.
type PostOptions struct {
	// URL is https, or http to this machine.
	URL string
	// Body is a template of JSON, with the placeholders of [Placeholders] in its strings.
	// Empty is DefaultBody. The values of placeholders can't mention anybody.
	Body string
	// Header has further headers, such as Authorization. It may be nil.
	Header http.Header
	// Transport carries the requests. Nil is a transport of its own.
	Transport http.RoundTripper
}

const (
	// postTimeout bounds one request.
	postTimeout = 10 * time.Second
	// maxAnswer is how much of an answer is read, in bytes.
	maxAnswer = 64 << 10
)

// Post makes an action that posts messages to the webhook of a chat. It does not follow
// redirects. It returns an error if the options are not valid.
func Post(o PostOptions) (Action, error) {
	u, err := url.Parse(o.URL)
	if err != nil || u.Host == "" || u.Opaque != "" {
		return nil, errors.New("want a URL for messages like https://chat.example.com/…")
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !loopback.Host(u.Hostname())) {
		return nil, fmt.Errorf("messages can't be posted to %s: want https, or http to this machine", u.Host)
	}
	body, err := newTemplate(cmp.Or(o.Body, DefaultBody))
	if err == nil {
		err = body.checkJSON()
	}
	if err != nil {
		return nil, fmt.Errorf("the body for %s: %w", u.Host, err)
	}
	header := o.Header.Clone()
	if header == nil {
		header = http.Header{}
	}
	header.Set("Content-Type", "application/json")
	if o.Transport == nil {
		o.Transport = newTransport()
	}
	client := &http.Client{
		Transport: o.Transport, Timeout: postTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &post{url: u, body: body, header: header, client: client}, nil
}

// withoutMentions replaces the characters with which chats mark mentions and links, such as
// @everyone, <!channel> and <URL|text>. What UP42's orders are called must not notify a
// whole channel.
func withoutMentions(s string) string { return mentions.Replace(s) }

var mentions = strings.NewReplacer("@", "＠", "<", "‹", ">", "›")

// newTransport makes a transport that keeps no connections, because messages are rare.
func newTransport() http.RoundTripper {
	return &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true, ForceAttemptHTTP2: true, TLSHandshakeTimeout: postTimeout}
}

type post struct {
	url    *url.URL
	body   template
	header http.Header
	client *http.Client
}

func (p *post) Send(ctx context.Context, m *Message) error {
	body := p.body.fill(m, func(s string) string { return inJSON(withoutMentions(s)) })
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url.String(), strings.NewReader(body))
	if err != nil {
		return fmt.Errorf("post to %s: can't make the request", p.url.Host)
	}
	req.Header = p.header.Clone()
	resp, err := p.client.Do(req)
	if err != nil {
		return fmt.Errorf("post to %s: %w", p.url.Host, safe.WithoutURL(err))
	}
	defer func() { _ = resp.Body.Close() }()
	// The status is known, so an error in the rest of the answer does not matter.
	_, _ = io.CopyN(io.Discard, resp.Body, maxAnswer)
	if resp.StatusCode/100 == 2 {
		return nil
	}
	return fmt.Errorf("post to %s: %w", p.url.Host, &refusal{resp.StatusCode, retry.After(resp.Header)})
}

// refusal is an answer that is not 2xx.
type refusal struct {
	status int
	after  time.Duration // how long the answer asks to wait
}

func (r *refusal) Error() string {
	if r.status/100 == 3 {
		return fmt.Sprintf("answered %d, a redirect, which is not followed", r.status)
	}
	return strings.TrimSpace(fmt.Sprintf("answered %d %s", r.status, http.StatusText(r.status)))
}

func (r *refusal) rest() time.Duration { return r.after }

func (r *refusal) temporary() bool {
	return r.status == http.StatusTooManyRequests || r.status == http.StatusRequestTimeout || r.status/100 == 5
}

func (p *post) Persistent() bool { return true }
func (p *post) String() string   { return "post to " + p.url.Host }
func (p *post) identity() string { return p.url.String() }
func (p *post) GoString() string { return p.String() }
