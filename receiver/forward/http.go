package forward

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/retry"
	"github.com/up42/up42-webhooks/receiver/safe"
)

// HTTPOptions configure a target that events are posted to. URL is required.
type HTTPOptions struct {
	// URL is http or https. A URL with user and password is refused: see BasicAuth.
	URL string
	// BasicAuth is USER:PASS. It may be empty.
	BasicAuth string
	// Envelope makes the headers. Nil is one without a secret and a format.
	Envelope *Envelope
	// OwnHost names the host of the URL in each request, also if the signature covers the
	// host that the sender named. Nobody behind the target can verify such a signature.
	OwnHost bool
	// Timeout bounds one request. 0 is DefaultTimeout.
	Timeout time.Duration
	// Transport carries the requests. Nil is a transport of its own.
	Transport http.RoundTripper
}

type httpTarget struct {
	url        string
	user, pass string
	withUser   bool
	envelope   *Envelope
	ownHost    bool
	client     *http.Client
}

// NewHTTP makes a target that events are posted to: the body as it came, with the headers of
// [Envelope.Header]. If the signature covers the host, the request names that host, not the
// one of the URL: see [HTTPOptions].OwnHost. The target does not follow redirects. Its name and its errors hold no password,
// path or query of the URL.
func NewHTTP(o HTTPOptions) (Target, error) {
	u, err := url.Parse(o.URL)
	switch {
	// A second scheme, as in https://ftp://example.com, is a host with an empty port.
	case err != nil || u.Hostname() == "" || strings.HasSuffix(u.Host, ":") || u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("want a URL like https://example.com/hook")
	case u.User != nil:
		return nil, errors.New("the URL must not have a password in it, because others could see it")
	}
	t := &httpTarget{url: o.URL, envelope: cmp.Or(o.Envelope, &Envelope{}), ownHost: o.OwnHost}
	t.user, t.pass, t.withUser = strings.Cut(o.BasicAuth, ":")
	transport := o.Transport
	if transport == nil {
		transport = newTransport()
	}
	timeout := o.Timeout
	if timeout <= 0 {
		timeout = DefaultTimeout
	}
	t.client = &http.Client{
		Transport: transport, Timeout: timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return t, nil
}

func newTransport() *http.Transport {
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
		TLSHandshakeTimeout: 5 * time.Second,
		MaxIdleConnsPerHost: 16,
		IdleConnTimeout:     30 * time.Second,
	}
}

// Name is what may be shown of the URL, and a hash of it.
func (t *httpTarget) Name() string { return safe.Name(t.url) }

// OlderName returns the name that older programs gave the target with a URL. It may have a
// secret in it.
func OlderName(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return raw
	}
	u.RawQuery, u.Fragment = "", ""
	if raw != u.String() {
		sum := sha256.Sum256([]byte(raw))
		return u.String() + "?" + hex.EncodeToString(sum[:4])
	}
	return u.String()
}

func (t *httpTarget) Send(ctx context.Context, e *receiver.Event) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.url, bytes.NewReader(e.Raw))
	if err != nil {
		return shortError(err)
	}
	req.Header = t.envelope.Header(e, time.Now())
	if host := req.Header.Get("Host"); host != "" && !t.ownHost {
		req.Host = host // the signature covers it
	}
	return t.do(req)
}

// Check requests the headers of the URL. Any answer shows that the target is there.
func (t *httpTarget) Check(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, t.url, nil)
	if err != nil {
		return shortError(err)
	}
	err = t.do(req)
	if errors.As(err, new(*Refused)) {
		return nil
	}
	return err
}

func (t *httpTarget) do(req *http.Request) error {
	if _, covered := req.Header["User-Agent"]; !covered {
		req.Header.Set("User-Agent", "up42hooks")
	}
	if t.withUser {
		req.SetBasicAuth(t.user, t.pass)
	}
	began := time.Now()
	res, err := t.client.Do(req)
	if err != nil {
		return transportError(err, min(t.client.Timeout, roughly(time.Since(began))))
	}
	// The connection can only be used again if the answer is read. The status is known
	// already, so an error in the rest of the answer does not matter.
	_, _ = io.CopyN(io.Discard, res.Body, 64<<10)
	_ = res.Body.Close()
	return answerError(res.StatusCode, retry.After(res.Header))
}

// answerError returns what an answer means. It uses the usual words for the status, because
// those of the target may repeat the URL.
func answerError(status int, after time.Duration) error {
	words := strings.TrimSpace(fmt.Sprintf("it answered %d %s", status, http.StatusText(status)))
	switch status / 100 {
	case 2:
		return nil
	case 3:
		return &Refused{Reason: words + ": a redirect, which is not followed"}
	}
	r := &Refused{Reason: words, After: after}
	switch status {
	case http.StatusTooManyRequests:
		r.All = true
	case http.StatusServiceUnavailable:
		r.All = after > 0
	case http.StatusRequestTimeout, http.StatusTooEarly:
	default:
		r.Permanent = status/100 == 4
	}
	return r
}

// transportError returns the error of a request that got no answer in the time for which it waited.
func transportError(err error, waited time.Duration) error {
	short := shortError(err)
	var slow net.Error
	switch {
	case errors.Is(err, context.Canceled): // the program ends
	case errors.As(err, &slow) && slow.Timeout():
		short = fmt.Errorf("it did not answer within %v", waited)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		short = errors.New("it closed the connection without an answer")
	}
	if op := (*net.OpError)(nil); errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect") {
		return &Unreachable{short}
	}
	return short
}

// roughly is a wait that was a little longer than it should be.
func roughly(d time.Duration) time.Duration {
	if d < time.Second {
		return d.Round(10 * time.Millisecond)
	}
	return d.Round(time.Second)
}

// shortError returns the error of a request without the URL and, if it is an error of the
// network, without the address, because the name of the target is shown beside it. Of a host
// that can't be looked up it does not name the resolver, which is mostly that of this machine.
func shortError(err error) error {
	err = safe.WithoutURL(err)
	var op *net.OpError
	var call *os.SyscallError
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return fmt.Errorf("there is no host %s", dns.Name)
	case errors.As(err, &dns):
		return fmt.Errorf("the host %s can't be looked up", dns.Name)
	case errors.As(err, &call):
		return call.Err
	case errors.As(err, &op) && !op.Timeout():
		return op.Err
	default:
		return err
	}
}
