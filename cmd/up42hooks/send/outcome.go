package send

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"syscall"

	"github.com/up42/up42-webhooks/receiver/errno"
	"github.com/up42/up42-webhooks/tui/text"
)

// Outcome is the answer to a delivery, or the error without an answer. It is what
// --json prints.
type Outcome struct {
	delivery
	// Code is the status code of the answer. 0: there is no answer.
	Code   int    `json:"code"`
	Answer string `json:"answer"`
	// Millis is how long the answer took, in milliseconds.
	Millis float64 `json:"ms"`
	Error  string  `json:"error"`

	err      error
	unsigned bool
	dated    bool // --created gave its time
}

func (o Outcome) accepted() bool { return o.Code/100 == 2 }

// text describes the outcome, in lines.
func (o Outcome) text() string {
	s := fmt.Sprintf("%d %s (%.1f ms)\n", o.Code, text.Clean(o.Answer, 200), o.Millis)
	for _, f := range [...]struct{ name, value string }{
		{"event", o.Event}, {"message", o.MessageID}, {"id", o.ID}, {"status", o.Status},
	} {
		if f.value != "" {
			s += fmt.Sprintf("  %-8s %s\n", f.name, text.Clean(f.value, 200))
		}
	}
	return s
}

// problem says why a delivery was not accepted and what to do.
func (o Outcome) problem() string {
	if o.err != nil {
		return o.err.Error()
	}
	const where = "its screen, or up42hooks events --rejected, shows the reason"
	todo := "check what serves this address"
	switch {
	case o.Code/100 == 3:
		todo = "it redirects, and UP42 does not follow redirects: give the final address as --url"
	case o.unsigned && o.Code == http.StatusUnauthorized:
		todo = "the receiver takes signed deliveries only: leave out --unsigned, or start the receiver with --allow-unsigned"
	case o.dated && o.Code == http.StatusUnauthorized:
		todo = "check whether the receiver has the secret, and takes a signature of that age (--created); " + where
	case o.Code == http.StatusUnauthorized || o.Code == http.StatusForbidden:
		todo = "check whether the receiver has the secret; " + where
	case o.Code == http.StatusNotFound:
		todo = "check whether the path in --url is the receiver's --path"
	case o.Code == http.StatusBadRequest || o.Code == http.StatusRequestEntityTooLarge:
		todo = "the receiver does not accept this body; " + where
	case o.Code == http.StatusServiceUnavailable || o.Code == http.StatusTooManyRequests:
		todo = "the receiver can't store it now: try again"
	}
	return fmt.Sprintf("answered %d: %s", o.Code, todo)
}

// explain says what to do about a delivery without an answer. It leaves out the URL,
// which may contain a password.
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
	case errno.Is(err, syscall.ECONNREFUSED):
		return fmt.Errorf("nothing listens on %s: is up42hooks running? Start it with: up42hooks", host)
	case errors.As(err, &dns):
		return fmt.Errorf("the name %s is not known: check whether --url is right", req.URL.Hostname())
	case failed.Timeout():
		return fmt.Errorf("%s gave no answer in time: check whether it hangs, or give a longer --timeout", host)
	default:
		return fmt.Errorf("send to %s: %w", host, failed.Err)
	}
}
