package forward

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// The headers that are added to a delivery that is handed on.
const (
	VerdictHeader = "Up42hooks-Verdict"
	SeqHeader     = "Up42hooks-Seq"
	// SignatureHeader is "sha256=" and the hexadecimal HMAC-SHA256 of the seq, a
	// dot and the body, under the secret that the target shares with us.
	SignatureHeader = "Up42hooks-Signature"
)

// DefaultTimeout is how long a target may take for one event.
const DefaultTimeout = 15 * time.Second

// HTTPOptions say where events are posted.
type HTTPOptions struct {
	// URL is http or https. A user and password in it are refused: see BasicAuth.
	URL string
	// BasicAuth is USER:PASS, "" for none.
	BasicAuth string
	// Secret signs what is sent; "": it is not signed by us.
	Secret string
	// Timeout bounds one attempt; 0: DefaultTimeout.
	Timeout time.Duration
	// Transport carries the requests; nil: one of its own.
	Transport http.RoundTripper
}

type httpTarget struct {
	url        string
	user, pass string
	withUser   bool
	secret     []byte
	client     *http.Client
}

// NewHTTP makes a target that is posted to: the body as it came, with the
// headers that matter. Redirects are not followed: targets come from their
// owner only. No error holds a password or what a URL has behind its path.
func NewHTTP(o HTTPOptions) (Target, error) {
	u, err := url.Parse(o.URL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("want a URL like https://example.com/hook")
	case u.User != nil:
		return nil, errors.New("a URL must not hold a password, others could see it")
	}
	t := &httpTarget{url: o.URL, secret: []byte(o.Secret)}
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

func (t *httpTarget) Name() string {
	u, _ := url.Parse(t.url) // it could be parsed before
	u.RawQuery, u.Fragment = "", ""
	if t.url != u.String() {
		// What is behind the path may be a secret: it counts, and is not shown.
		sum := sha256.Sum256([]byte(t.url))
		return u.String() + "?" + hex.EncodeToString(sum[:4])
	}
	return u.String()
}

// Close ends idle connections.
func (t *httpTarget) Close() { t.client.CloseIdleConnections() }

func (t *httpTarget) Send(ctx context.Context, e *receiver.Event) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.url, bytes.NewReader(e.Raw))
	if err != nil {
		return bare(err)
	}
	copyHeaders(req.Header, e)
	req.Header.Set(VerdictHeader, string(e.Verdict))
	req.Header.Set(SeqHeader, strconv.FormatInt(e.Seq, 10))
	if len(t.secret) > 0 {
		req.Header.Set(SignatureHeader, sign(t.secret, e))
	}
	return t.do(req)
}

// Check asks for the headers of the URL: any answer is one.
func (t *httpTarget) Check(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, t.url, nil)
	if err != nil {
		return bare(err)
	}
	err = t.do(req)
	if errors.As(err, new(*Refused)) {
		return nil
	}
	return err
}

func (t *httpTarget) do(req *http.Request) error {
	req.Header.Set("User-Agent", "up42hooks")
	if t.withUser {
		req.SetBasicAuth(t.user, t.pass)
	}
	res, err := t.client.Do(req)
	if err != nil {
		return bare(err)
	}
	// Some of the answer is read, so that the connection can be used again. What
	// it answered is known already: an event that it took is not sent again
	// because the rest of the answer was lost.
	_, _ = io.CopyN(io.Discard, res.Body, 64<<10)
	_ = res.Body.Close()
	switch s := res.StatusCode; {
	case s/100 == 2:
		return nil
	case s/100 == 3:
		return &Refused{Reason: fmt.Sprintf("it answered %s: a redirect, which is not followed", res.Status)}
	default:
		return &Refused{Reason: "it answered " + res.Status, After: retryAfter(res.Header), All: busy(s)}
	}
}

// busy are the answers that are about the target, not about the event.
func busy(status int) bool {
	return status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable
}

// bare is an error of a request without its URL, and where it is the network's,
// without the address, which the target's name tells already.
func bare(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	var op *net.OpError
	var call *os.SyscallError
	switch {
	case errors.As(err, &call):
		return call.Err
	case errors.As(err, &op) && !op.Timeout():
		return op.Err
	default:
		return err
	}
}

func sign(secret []byte, e *receiver.Event) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write(strconv.AppendInt(nil, e.Seq, 10))
	mac.Write([]byte{'.'})
	mac.Write(e.Raw)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

// matter are the headers that are handed on whether they are covered or not.
var matter = []string{"Content-Type", "Signature", "Signature-Input", "Digest", "Content-Digest", "Date"}

// private are those that never are: they are about the way here, or give away
// what was meant for us.
var private = []string{
	"Host", "Connection", "Keep-Alive", "Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade", "Content-Length",
	"Authorization", "Proxy-Authorization", "Cookie", VerdictHeader, SeqHeader, SignatureHeader,
}

func copyHeaders(to http.Header, e *receiver.Event) {
	for _, h := range e.Headers {
		name := http.CanonicalHeaderKey(h.Name)
		covered := slices.ContainsFunc(e.Proof.Components, func(c string) bool { return strings.EqualFold(c, name) })
		if (covered || slices.Contains(matter, name)) && !slices.Contains(private, name) {
			to.Add(name, h.Value)
		}
	}
}

// retryAfter reads seconds or a date (RFC 9110 §10.2.3).
func retryAfter(h http.Header) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if n, err := strconv.Atoi(v); err == nil {
		const day = 24 * 60 * 60
		return time.Duration(min(max(n, 0), 30*day)) * time.Second
	}
	if at, err := http.ParseTime(v); err == nil {
		return max(0, time.Until(at))
	}
	return 0
}
