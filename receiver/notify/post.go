package notify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// DefaultBody is what Slack, Mattermost, Google Chat and others take.
const DefaultBody = `{"text": "{text}"}`

// PostOptions say where a message is posted. Such an address is a secret as a
// rule: who has it can write. It is in no error and no log.
type PostOptions struct {
	// URL is https, or http on loopback.
	URL string
	// Body is JSON with the placeholders of [Placeholders] in its strings; "":
	// DefaultBody.
	Body string
	// Header are further header lines, such as Authorization; nil: none.
	Header http.Header
	// Transport does the requests; nil: one of its own.
	Transport http.RoundTripper
}

const (
	tries       = 3
	firstWait   = time.Second
	longestWait = 15 * time.Second
	// tryTime bounds one try.
	tryTime = 10 * time.Second
	// maxAnswer is how much is read of an answer, so that its connection can be
	// used again.
	maxAnswer = 64 << 10
)

// Post posts each message to a chat's webhook. It tries thrice where that makes
// sense, and does not follow redirects. The error says what is wrong with the
// options.
func Post(o PostOptions) (Action, error) {
	u, err := url.Parse(o.URL)
	if err != nil || u.Host == "" || u.Opaque != "" {
		return nil, errors.New("messages are posted to a URL like https://chat.example.com/…; this is none")
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return nil, fmt.Errorf("messages can't be posted to %s: want https, http only on this machine", u.Host)
	}
	body, err := newTemplate(or(o.Body, DefaultBody))
	if err == nil {
		err = body.isJSON()
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
		o.Transport = transport()
	}
	client := &http.Client{
		Transport: o.Transport, Timeout: tryTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &post{url: u, body: body, header: header, client: client}, nil
}

// transport keeps no connection: messages are rare.
func transport() http.RoundTripper {
	return &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true, ForceAttemptHTTP2: true, TLSHandshakeTimeout: tryTime}
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

type post struct {
	url    *url.URL
	body   template
	header http.Header
	client *http.Client
}

func (p *post) Tell(ctx context.Context, m *Message) error {
	body := p.body.fill(m, inJSON)
	wait := firstWait
	for try := 1; ; try++ {
		err := p.try(ctx, body)
		var r *refusal
		if err == nil {
			return nil
		}
		if errors.As(err, &r) {
			if !r.passes() {
				return err
			}
			wait = max(wait, r.after)
		}
		if try == tries || !sleep(ctx, min(wait, longestWait)) {
			return err
		}
		wait *= 2
	}
}

func (p *post) try(ctx context.Context, body string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url.String(), strings.NewReader(body))
	if err != nil {
		return fmt.Errorf("post to %s: the request can't be made", p.url.Host)
	}
	req.Header = p.header.Clone()
	resp, err := p.client.Do(req)
	if err != nil {
		// A *url.Error names the whole address.
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err
		}
		return fmt.Errorf("post to %s: %w", p.url.Host, err)
	}
	defer func() { _ = resp.Body.Close() }()
	// What is wrong with the rest of the answer does not matter any more.
	_, _ = io.CopyN(io.Discard, resp.Body, maxAnswer)
	if resp.StatusCode/100 == 2 {
		return nil
	}
	return fmt.Errorf("post to %s: %w", p.url.Host, &refusal{resp.StatusCode, retryAfter(resp.Header)})
}

// refusal is an answer that is not 2xx.
type refusal struct {
	status int
	after  time.Duration // how long to wait, where the answer says
}

func (r *refusal) Error() string {
	if r.status/100 == 3 {
		return fmt.Sprintf("answered %d, a redirect, which is not followed", r.status)
	}
	return strings.TrimSpace(fmt.Sprintf("answered %d %s", r.status, http.StatusText(r.status)))
}

// passes says that it may go better next time.
func (r *refusal) passes() bool {
	return r.status == http.StatusTooManyRequests || r.status == http.StatusRequestTimeout || r.status/100 == 5
}

func retryAfter(h http.Header) time.Duration {
	seconds, err := strconv.ParseUint(h.Get("Retry-After"), 10, 16)
	if err != nil {
		return 0
	}
	return time.Duration(seconds) * time.Second
}

func (p *post) Lasting() bool    { return true }
func (p *post) String() string   { return "post to " + p.url.Host }
func (p *post) GoString() string { return p.String() }
