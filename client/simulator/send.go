package simulator

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"syscall"
	"time"

	"github.com/up42/up42-webhooks/receiver/signature"
)

// sendTimeout bounds how long a receiver may take to answer.
const sendTimeout = 10 * time.Second

// message is what a webhook is told, which stays the same however often it is
// sent.
type message struct {
	id   string
	body []byte
}

// messageJSON is a delivery's body (wire.md §1).
type messageJSON struct {
	Event     string `json:"event"`
	LiveMode  bool   `json:"liveMode"`
	MessageID string `json:"messageId"`
	Timestamp string `json:"timestamp"`
	Body      any    `json:"body"`
}

// orderJSON is the inner body of an order's event.
type orderJSON struct {
	OrderID       string `json:"orderId"`
	OrderType     string `json:"orderType"`
	DataHostName  string `json:"dataHostName"`
	Status        string `json:"status"`
	StatusIsFinal bool   `json:"statusIsFinal"`
}

// jobJSON is the inner body of a job's event. No public source tells its names;
// these are the likely ones.
type jobJSON struct {
	JobID         string `json:"jobId"`
	JobName       string `json:"jobName"`
	ProcessID     string `json:"processId"`
	WorkspaceID   string `json:"workspaceId"`
	Status        string `json:"status"`
	StatusIsFinal bool   `json:"statusIsFinal"`
}

func (m messageJSON) encode() message {
	text, err := json.Marshal(m)
	if err != nil {
		panic(err) // texts and truth values only
	}
	return message{id: m.MessageID, body: text}
}

// newSender makes the client that deliveries go through. Like UP42 it follows
// no redirect.
func newSender(carrier http.RoundTripper) *http.Client {
	if carrier == nil {
		own := http.DefaultTransport.(*http.Transport).Clone()
		own.DisableKeepAlives = true // nothing is left to close at the end
		carrier = own
	}
	return &http.Client{
		Transport:     carrier,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// post sends a message once, signed at a time where there is a secret. status
// is that of the answer, like "200 OK"; an error means that there was none, and
// names neither URL nor secret.
func (s *Simulator) post(ctx context.Context, to, secret string, m message, at time.Time) (code int, status string, err error) {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(m.body))
	if err != nil {
		return 0, "", errors.New("the URL can't be used")
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "up42hooks-simulator")
	if secret != "" {
		err := signature.Sign(signature.Request{Header: req.Header, Host: req.Host, Body: m.body}, secret, nil, at)
		if err != nil {
			return 0, "", fmt.Errorf("sign the delivery: %w", err)
		}
	}
	resp, err := s.out.Do(req)
	if err != nil {
		return 0, "", noAnswer(err)
	}
	defer resp.Body.Close()
	const drained = 64 << 10
	_, _ = io.CopyN(io.Discard, resp.Body, drained) // the status is what counts
	return resp.StatusCode, fmt.Sprintf("%d %s", resp.StatusCode, http.StatusText(resp.StatusCode)), nil
}

// noAnswer says why there was no answer, without the URL.
func noAnswer(err error) error {
	var failed *url.Error
	if !errors.As(err, &failed) {
		return err
	}
	var dns *net.DNSError
	switch {
	case failed.Timeout():
		return errors.New("no answer in time")
	case errors.Is(err, syscall.ECONNREFUSED):
		return errors.New("connection refused")
	case errors.As(err, &dns):
		return errors.New("unknown host")
	default:
		return failed.Err
	}
}
