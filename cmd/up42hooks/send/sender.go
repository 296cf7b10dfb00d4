package send

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/time/rate"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/receiver/retry"
	"github.com/up42/up42-webhooks/receiver/signature"
)

// maxInFlight is how many deliveries wait for an answer at a time.
const maxInFlight = 8

// sender signs deliveries and posts them.
type sender struct {
	client *http.Client
	url    string
	// secret signs. Empty: deliveries have no signature.
	secret     string
	components []string
	// created is the time of the signature. Zero: the time of sending.
	created cli.TimeFlag
	now     func() time.Time
}

// newClient makes a client that keeps its connections and, like UP42, follows no
// redirects. The caller closes its idle connections.
func newClient(timeout time.Duration) *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = maxInFlight
	return &http.Client{
		Transport: transport, Timeout: timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// grace is how long requests may continue after an interrupt, so that the receiver
// need not see them break off.
const grace = 500 * time.Millisecond

// sendAll sends count deliveries. It calls report with each outcome, from one
// goroutine, in the order of the answers. If ctx ends, it stops without an error.
func (s *sender) sendAll(ctx context.Context, t template, count int, limit rate.Limit, report func(Outcome)) error {
	requests, cancel := retry.Outlast(ctx, grace)
	defer cancel()
	outcomes := make(chan Outcome)
	var group errgroup.Group
	group.Go(func() error {
		defer close(outcomes)
		return dispatch(ctx, count, rate.NewLimiter(limit, 1), func() error {
			at := s.created.Or(s.now())
			d, err := t.delivery(at)
			if err == nil {
				outcomes <- s.post(requests, d, at)
			}
			return err
		})
	})
	for o := range outcomes {
		report(o)
	}
	return group.Wait()
}

// dispatch calls send count times, up to maxInFlight at a time, and waits for all. It
// starts no call after ctx has ended.
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

func (s *sender) post(ctx context.Context, d delivery, at time.Time) Outcome {
	o := Outcome{delivery: d, unsigned: s.secret == "", dated: !s.created.IsZero()}
	req, err := s.request(ctx, d.body, at)
	if err == nil {
		start := time.Now()
		o.Code, o.Answer, err = s.do(req)
		o.Millis = float64(time.Since(start).Microseconds()) / 1000
	}
	if err != nil {
		o.err = explain(ctx, err, req)
		o.Error = o.err.Error()
	}
	return o
}

// request makes the signed request for a body.
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

// checkSigning returns an error if deliveries can't be signed as the flags say.
func (s *sender) checkSigning() error {
	_, err := s.request(context.Background(), []byte("{}"), s.created.Or(s.now()))
	switch {
	case err == nil:
		return nil
	case errors.Is(err, signature.MalformedSignatureInput):
		return errors.New("--created: a signature's time has ten digits or more: want a time since 2001")
	case errors.Is(err, signature.ComponentMissing):
		return fmt.Errorf("--components: %w; a delivery of send has date, digest, content-digest, content-length, content-type, user-agent and host", err)
	default:
		return fmt.Errorf("--components: %w", err)
	}
}

// do sends a request. It returns the answer's code and the beginning of its body.
func (s *sender) do(req *http.Request) (code int, answer string, err error) {
	resp, err := s.client.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	const shown, drained = 4 << 10, 256 << 10
	text, err := io.ReadAll(io.LimitReader(resp.Body, shown))
	if err != nil {
		return resp.StatusCode, string(text), nil // the code is enough
	}
	// The transport uses a connection again only if the answer was read to its end.
	_, _ = io.CopyN(io.Discard, resp.Body, drained)
	return resp.StatusCode, string(bytes.TrimSpace(text)), nil
}
