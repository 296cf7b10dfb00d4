// Package probe asks an address what serves it. The command `health` asks the receiver
// whether it is well.
package probe

import (
	"cmp"
	"context"
	"errors"
	"io"
	"math"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver/safe"
)

// Reply is the answer to a request.
type Reply struct {
	Status int
	Header http.Header
	// body is the beginning of the body.
	body string
}

// Pong reports whether this is how a receiver answers /ping.
func (r *Reply) Pong() bool {
	return r.Status == http.StatusOK && strings.TrimSpace(r.body) == "PONG"
}

// maxBody is how much of an answer is read, in bytes.
const maxBody = 4 << 10

// Request makes one request and follows no redirect. The agent is the value of
// User-Agent. The error does not contain the URL, which may have a password.
func Request(ctx context.Context, agent string, transport *http.Transport, method, address string) (*Reply, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, nil)
	if err != nil {
		return nil, safe.WithoutURL(err)
	}
	req.Header.Set("User-Agent", agent)
	req.Header.Set("Cache-Control", "no-cache")
	c := &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	resp, err := c.Do(req)
	if err != nil {
		return nil, safe.WithoutURL(err)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	if err = errors.Join(err, resp.Body.Close()); err != nil {
		return nil, safe.WithoutURL(err)
	}
	return &Reply{Status: resp.StatusCode, Header: resp.Header, body: string(body)}, nil
}

// Plain says in a few words why a request failed.
func Plain(err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		return "there was no answer in time"
	}
	return cmp.Or(client.Broken(err), err.Error())
}

// Occupant says, in words, which kind of program listens on an address.
func Occupant(ctx context.Context, agent, address string) string {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	r, err := Request(ctx, agent, &http.Transport{DisableKeepAlives: true}, http.MethodGet, "http://"+address+pingPath)
	if err == nil && r.Pong() {
		return "another receiver (it answers /ping), such as an up42hooks with another --store"
	}
	return "another program"
}

// Beside returns the same address with the next port, as an example for a message. If the address
// has no port, or the last one, it returns the text HOST:PORT.
func Beside(address string) string {
	host, port, err := net.SplitHostPort(address)
	number, notNumber := strconv.ParseUint(port, 10, 16)
	if err != nil || notNumber != nil || number == math.MaxUint16 {
		return "HOST:PORT"
	}
	return net.JoinHostPort(host, strconv.FormatUint(number+1, 10))
}
