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

	"github.com/up42/up42-webhooks/receiver/errno"
	"github.com/up42/up42-webhooks/receiver/signature"
)

// message is the body of a delivery, which stays the same however often it is sent.
type message struct {
	id   string
	body []byte
}

// messageJSON is the body of a delivery. See “Delivery” in receiver/README.md.
type messageJSON struct {
	Event     string `json:"event"`
	LiveMode  bool   `json:"liveMode"`
	MessageID string `json:"messageId"`
	Timestamp string `json:"timestamp"`
	Body      any    `json:"body"`
}

func (m messageJSON) encode() message {
	text, err := json.Marshal(m)
	if err != nil {
		panic(err) // it has only texts and truth values
	}
	return message{id: m.MessageID, body: text}
}

// sendTimeout bounds how long a receiver may take to answer.
const sendTimeout = 10 * time.Second

// sender sends messages to webhooks. Like UP42 it follows no redirects.
type sender struct {
	client *http.Client
}

// newSender makes a sender. Transport may be nil.
func newSender(transport http.RoundTripper) *sender {
	if transport == nil {
		own := http.DefaultTransport.(*http.Transport).Clone()
		own.DisableKeepAlives = true // so that no connection is left at the end
		transport = own
	}
	return &sender{&http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// post sends a message once. It signs it at a time if secret is not empty. status is that of
// the answer, such as "200 OK". An error means that there was no answer; it has neither the
// URL nor the secret.
func (s *sender) post(ctx context.Context, to, secret string, m message, at time.Time) (code int, status string, err error) {
	return s.send(ctx, to, m.body, func(r *http.Request) error { return sign(r, m.body, secret, at) })
}

// sign signs a request over a body if secret is not empty.
func sign(r *http.Request, body []byte, secret string, at time.Time) error {
	if secret == "" {
		return nil
	}
	if err := signature.Sign(signature.Request{Header: r.Header, Host: r.Host, Body: body}, secret, nil, at); err != nil {
		return fmt.Errorf("sign the delivery: %w", err)
	}
	return nil
}

// send sends a body once, after prepare has signed the request. See post.
func (s *sender) send(ctx context.Context, to string, body []byte, prepare func(*http.Request) error) (code int, status string, err error) {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		return 0, "", errors.New("the URL can't be used")
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "up42hooks-simulator")
	if err := prepare(req); err != nil {
		return 0, "", err
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return 0, "", noAnswer(err)
	}
	defer resp.Body.Close()
	const maxRead = 64 << 10
	_, _ = io.CopyN(io.Discard, resp.Body, maxRead) // only the status matters
	return resp.StatusCode, fmt.Sprintf("%d %s", resp.StatusCode, http.StatusText(resp.StatusCode)), nil
}

// noAnswer returns why there was no answer, without the URL.
func noAnswer(err error) error {
	var failed *url.Error
	if !errors.As(err, &failed) {
		return err
	}
	var dns *net.DNSError
	switch {
	case failed.Timeout():
		return errors.New("no answer in time")
	case errno.Is(err, syscall.ECONNREFUSED):
		return errors.New("connection refused")
	case errors.As(err, &dns):
		return errors.New("unknown host")
	default:
		return failed.Err
	}
}
