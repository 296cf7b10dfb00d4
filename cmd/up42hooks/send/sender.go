package send

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/time/rate"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/receiver/signature"
)

// maxInFlight is how many deliveries are on their way at a time.
const maxInFlight = 8

// sender signs deliveries as UP42 does and posts them.
type sender struct {
	client *http.Client
	url    string
	// secret signs, "" sends without a signature.
	secret     string
	components []string
	// created is the signature's time; zero: that of sending.
	created cli.TimeFlag
	now     func() time.Time
}

// outcome is what became of a delivery. Code is 0 where there was no answer.
type outcome struct {
	outgoing
	Code   int    `json:"code"`
	Answer string `json:"answer"`
	// Millis is how long the answer took, in milliseconds.
	Millis float64 `json:"ms"`
	Error  string  `json:"error"`

	err error
}

func (o outcome) accepted() bool { return o.Code/100 == 2 }

// newClient makes a client that keeps its connections and follows no redirect:
// a webhook's sender doesn't either. Close its idle connections at the end.
func newClient(timeout time.Duration) *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = maxInFlight
	return &http.Client{
		Transport: transport, Timeout: timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// endGrace is how long the end waits for answers, so that the receiver need not
// see requests break off.
const endGrace = time.Second

// sendAll sends count deliveries at the rate, or as fast as they are answered,
// and calls told with each outcome, one at a time, in the order of the answers.
// It ends early, without an error, where ctx ends.
func (s *sender) sendAll(ctx context.Context, t template, count int, limit rate.Limit, told func(outcome)) error {
	inFlight, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(endGrace, cancel) })()
	outcomes := make(chan outcome)
	var group errgroup.Group
	group.Go(func() error {
		defer close(outcomes)
		return dispatch(ctx, count, rate.NewLimiter(limit, 1), func() error {
			at := s.created.Or(s.now())
			d, err := t.delivery(at)
			if err == nil {
				outcomes <- s.post(inFlight, d, at)
			}
			return err
		})
	})
	for o := range outcomes {
		told(o)
	}
	return group.Wait()
}

// dispatch calls send count times, some of them at a time, until ctx ends, and
// waits for all.
func dispatch(ctx context.Context, count int, limiter *rate.Limiter, send func() error) error {
	var sends errgroup.Group
	sends.SetLimit(maxInFlight)
	for range count {
		if limiter.Wait(ctx) != nil {
			break
		}
		sends.Go(send)
	}
	return sends.Wait()
}

func (s *sender) post(ctx context.Context, d outgoing, at time.Time) outcome {
	o := outcome{outgoing: d}
	req, err := s.request(ctx, d.body, at)
	if err == nil {
		start := time.Now()
		o.Code, o.Answer, err = s.exchange(req)
		o.Millis = float64(time.Since(start).Microseconds()) / 1000
	}
	if err != nil {
		o.err = explain(ctx, err, req)
		o.Error = o.err.Error()
	}
	return o
}

func (s *sender) request(ctx context.Context, body []byte, at time.Time) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "up42hooks-send")
	if s.secret == "" {
		return req, nil
	}
	return req, signature.Sign(signature.Request{Header: req.Header, Host: req.Host, Body: body}, s.secret, s.components, at)
}

// signable says what can't be signed, before anything is sent.
func (s *sender) signable() error {
	_, err := s.request(context.Background(), []byte("{}"), s.created.Or(s.now()))
	switch {
	case err == nil:
		return nil
	case errors.Is(err, signature.MalformedSignatureInput):
		return errors.New("--created: a signature's time has ten digits or more: want one since 2001")
	case errors.Is(err, signature.ComponentMissing):
		return fmt.Errorf("--components: %w; a delivery of send has date, digest, content-digest, content-length, content-type, user-agent and host", err)
	default:
		return fmt.Errorf("--components: %w", err)
	}
}

// exchange returns the answer's code and the beginning of its body.
func (s *sender) exchange(req *http.Request) (code int, answer string, err error) {
	resp, err := s.client.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	const shown, drained = 4 << 10, 256 << 10
	text, err := io.ReadAll(io.LimitReader(resp.Body, shown))
	if err != nil {
		return resp.StatusCode, string(text), nil // the code is what counts
	}
	// A connection is used again only when its answer was read to the end.
	_, _ = io.CopyN(io.Discard, resp.Body, drained)
	return resp.StatusCode, string(bytes.TrimSpace(text)), nil
}

// explain says what to do about a delivery that got no answer. It leaves out
// the URL, which may hold a password.
func explain(ctx context.Context, err error, req *http.Request) error {
	var failed *url.Error
	if !errors.As(err, &failed) {
		return err
	}
	host := req.URL.Host
	var dns *net.DNSError
	switch {
	case ctx.Err() != nil:
		return errors.New("interrupted before the answer came")
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Errorf("nothing listens on %s: is up42hooks running? Start it with: up42hooks", host)
	case errors.As(err, &dns):
		return fmt.Errorf("the name %s is not known: see whether --url is right", req.URL.Hostname())
	case failed.Timeout():
		return fmt.Errorf("%s gave no answer in time: see whether it hangs, or give a longer --timeout", host)
	default:
		return fmt.Errorf("send to %s: %w", host, failed.Err)
	}
}
