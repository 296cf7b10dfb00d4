package client

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// bufferedTransport reads each answer to its end. Package oauth2 does not distinguish an answer
// that broke off, which may succeed the next time, from a malformed one.
type bufferedTransport struct{ http.RoundTripper }

func (b bufferedTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := b.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	answer, err := readAnswer(res)
	if err != nil && res.StatusCode/100 == 2 {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	res.Body = io.NopCloser(bytes.NewReader(answer))
	return res, nil
}

// agent sets the header User-Agent of all requests.
type agent struct {
	http.RoundTripper
	name string
}

func (a agent) RoundTrip(r *http.Request) (*http.Response, error) {
	if a.name != "" {
		r = r.Clone(r.Context())
		r.Header.Set("User-Agent", a.name)
	}
	return a.RoundTripper.RoundTrip(r)
}

var (
	errElsewhere = errors.New("it was redirected to another address, where credentials must not follow")
	errLoop      = errors.New("it was redirected too many times")
)

// answerElsewhere is a redirect that may follow a change that was carried out, as 303 does. 307
// and 308 ask to send the request to another address, so it was not carried out.
type answerElsewhere struct{ error }

func (a answerElsewhere) Unwrap() error { return a.error }

// misled reports whether a redirect was not followed.
func misled(err error) bool { return errors.Is(err, errElsewhere) || errors.Is(err, errLoop) }

func timedOut(err error) bool {
	var network net.Error
	return errors.As(err, &network) && network.Timeout()
}

// stayHere follows redirects of GET requests on the same host.
func stayHere(req *http.Request, via []*http.Request) error {
	first := via[0]
	same := req.URL.Scheme == first.URL.Scheme && strings.EqualFold(req.URL.Host, first.URL.Host)
	switch {
	case first.Method != http.MethodGet && !sendAgain(req.Response):
		return answerElsewhere{errElsewhere}
	case !same || first.Method != http.MethodGet:
		return errElsewhere
	case len(via) >= 5:
		return errLoop
	default:
		return nil
	}
}

// sendAgain reports whether an answer asks to send the same request to another address.
func sendAgain(res *http.Response) bool {
	return res != nil && (res.StatusCode == http.StatusTemporaryRedirect || res.StatusCode == http.StatusPermanentRedirect)
}

// proxy returns the proxy from the environment. Its error does not have the address of the
// proxy, which may have a password.
func proxy(r *http.Request) (*url.URL, error) {
	u, err := http.ProxyFromEnvironment(r)
	if err != nil {
		return nil, errors.New("the proxy that the environment names is not a URL")
	}
	return u, nil
}

// newTransport makes a transport with timeouts. UP42 may take a minute to start an answer,
// because a test of a webhook waits for the receiver.
func newTransport() *http.Transport {
	return &http.Transport{
		Proxy:                 proxy,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: 60 * time.Second,
		IdleConnTimeout:       90 * time.Second,
		MaxIdleConnsPerHost:   4,
		ForceAttemptHTTP2:     true,
	}
}

// harmlessError is an error in other words.
type harmlessError struct {
	error
	words string
}

func (h harmlessError) Error() string { return h.words }

func (h harmlessError) Unwrap() error { return h.error }

// harmless returns the error of a request without its URL, as one short line without secrets: the error
// may quote what the other end has sent.
func harmless(err error, secrets ...Secret) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	words := err.Error()
	var dns *net.DNSError
	if errors.As(err, &dns) {
		words = notLookedUp(dns)
	}
	return harmlessError{err, oneLineWithout(words, 300, secrets)}
}
