package forward

import (
	"bytes"
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
	"strconv"
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
	// Secret signs the requests, see [SignatureHeader]. It may be empty.
	Secret string
	// Timeout bounds one request. 0 is DefaultTimeout.
	Timeout time.Duration
	// Transport carries the requests. Nil is a transport of its own.
	Transport http.RoundTripper
}

type httpTarget struct {
	url        string
	user, pass string
	withUser   bool
	secret     []byte
	client     *http.Client
}

// NewHTTP makes a target that events are posted to: the body as it came, with the headers
// that the signature covers, those about the signature and body, and [VerdictHeader],
// [SeqHeader] and [SignatureHeader]. It does not follow redirects. Its errors hold no
// password and no query of the URL.
func NewHTTP(o HTTPOptions) (Target, error) {
	u, err := url.Parse(o.URL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("want a URL like https://example.com/hook")
	case u.User != nil:
		return nil, errors.New("the URL must not have a password in it, because others could see it")
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

// Name is the URL without its query and fragment, which may be secret. A hash of the whole
// URL distinguishes targets that differ only there.
func (t *httpTarget) Name() string {
	u, _ := url.Parse(t.url) // NewHTTP checked it
	u.RawQuery, u.Fragment = "", ""
	if t.url != u.String() {
		sum := sha256.Sum256([]byte(t.url))
		return u.String() + "?" + hex.EncodeToString(sum[:4])
	}
	return u.String()
}

func (t *httpTarget) Send(ctx context.Context, e *receiver.Event) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.url, bytes.NewReader(e.Raw))
	if err != nil {
		return shortError(err)
	}
	copyHeaders(req.Header, e)
	req.Header.Set(VerdictHeader, string(e.Verdict))
	req.Header.Set(SeqHeader, strconv.FormatInt(e.Seq, 10))
	if len(t.secret) > 0 {
		req.Header.Set(SignatureHeader, sign(t.secret, e))
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
	req.Header.Set("User-Agent", "up42hooks")
	if t.withUser {
		req.SetBasicAuth(t.user, t.pass)
	}
	res, err := t.client.Do(req)
	if err != nil {
		return shortError(err)
	}
	// The connection can only be used again if the answer is read. The status is known
	// already, so an error in the rest of the answer does not matter.
	_, _ = io.CopyN(io.Discard, res.Body, 64<<10)
	_ = res.Body.Close()
	switch s := res.StatusCode; {
	case s/100 == 2:
		return nil
	case s/100 == 3:
		return &Refused{Reason: fmt.Sprintf("it answered %s: a redirect, which is not followed", res.Status)}
	default:
		return &Refused{Reason: "it answered " + res.Status, After: retry.After(res.Header), All: isBusy(s)}
	}
}

// isBusy reports whether a status is about the target, and not about the event.
func isBusy(status int) bool {
	return status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable
}

// shortError returns the error of a request without the URL and, if it is an error of the
// network, without the address, because the name of the target is shown beside it.
func shortError(err error) error {
	err = safe.WithoutURL(err)
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
