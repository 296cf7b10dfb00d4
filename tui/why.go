package tui

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"syscall"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/text"
)

// why tells in one line what to do about a call that failed, and what went
// wrong: where there is too little room, what to do matters more.
func why(err error) string {
	switch {
	case passwordRefused(err):
		return "correct UP42_USERNAME and UP42_PASSWORD and start up42hooks again: UP42 does not accept them"
	case errors.Is(err, context.DeadlineExceeded):
		return "it did not answer in time; R tries again"
	}
	words, do := text.Clean(blame(err), 0), client.Advice(err)
	if do == "" {
		return words
	}
	return text.Clean(do, 0) + " (" + words + ")"
}

// passwordRefused: trying again changes nothing.
func passwordRefused(err error) bool {
	var refused *client.Error
	return errors.As(err, &refused) && refused.Call == "sign in" &&
		(refused.Status == http.StatusUnauthorized || refused.Status == http.StatusBadRequest)
}

// answered says whether UP42 was reached, and refused.
func answered(err error) bool {
	var refused *client.Error
	return errors.As(err, &refused)
}

// blame is what went wrong without the plumbing of the network.
func blame(err error) string {
	var dns *net.DNSError
	var number syscall.Errno
	var network *net.OpError
	switch {
	case answered(err):
		return err.Error()
	case errors.As(err, &dns):
		return "there is no host " + dns.Name
	case errors.As(err, &number):
		return "UP42 does not answer: " + number.Error()
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "UP42 hung up"
	case errors.As(err, &network):
		return "UP42 does not answer: " + network.Err.Error()
	default:
		return err.Error()
	}
}
