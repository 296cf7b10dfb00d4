package client

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// Advice returns a few words on what to do about an error of a Client. It is empty for nil.
func Advice(err error) string {
	var doubt unsure
	var refused *Error
	var there atSignIn
	var dns *net.DNSError
	var cert *tls.CertificateVerificationError
	var network net.Error
	switch {
	case err == nil:
		return ""
	case NotDone(err):
		return "it is safe to try again"
	case errors.As(err, &doubt):
		return doubt.look
	case errors.As(err, &refused):
		return refused.advice()
	case errors.Is(err, ErrSecretUnknown):
		return "give the secret, or choose a new one"
	case errors.Is(err, ErrNoEvents):
		return "try again later, or ask UP42 whether this account may use webhooks"
	case errors.Is(err, context.Canceled):
		return "it was cancelled"
	case misled(err):
		return "see whether " + setting(err) + " is right"
	case errors.Is(err, errAnswer):
		return "see whether " + setting(err) + " is right, or try again later"
	case errors.As(err, &dns):
		return "check the network and the name of the host"
	case errors.As(err, &cert):
		return "the server's certificate is not trusted: see whether something stands in between"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return "UP42 does not answer: try again later"
	case errors.As(err, &there):
		return "check the network and UP42_AUTH_URL, then try again"
	default:
		return "check the network, then try again"
	}
}

// setting returns the setting with the address at which a call failed.
func setting(err error) string {
	var there atSignIn
	var refused *Error
	if errors.As(err, &there) || errors.As(err, &refused) && refused.atSignIn() {
		return "UP42_AUTH_URL"
	}
	return "UP42_API_URL"
}

func (e *Error) advice() string {
	switch s := e.Status; {
	case e.Page && s < 500:
		return "see whether " + setting(e) + " is right"
	case e.clientRefused():
		return "check --client-id (or UP42_CLIENT_ID): UP42's SDK signs in as " + DefaultClientID
	case e.passwordRefused():
		return "check username and password"
	case s == http.StatusUnauthorized:
		return "sign in again or renew the token: it has expired or is not accepted"
	case s == http.StatusForbidden:
		return "this account may not do that: check the workspace"
	case s == http.StatusNotFound, s == http.StatusGone:
		return e.missing()
	case s == http.StatusConflict:
		return "it was changed meanwhile: refresh, then try again"
	case s == http.StatusBadRequest, s == http.StatusUnprocessableEntity:
		return "change what UP42 complains of, then try again"
	case s == http.StatusTooManyRequests && e.RetryAfter > 0:
		return fmt.Sprintf("UP42 asks to wait %v", e.RetryAfter.Round(time.Second))
	case s == http.StatusTooManyRequests:
		return "too many calls: wait a moment"
	case s >= 500, s == http.StatusRequestTimeout:
		return "UP42 has a problem: try again later"
	default:
		return "see whether " + setting(e) + " is right"
	}
}

// missing is the advice on 404.
func (e *Error) missing() string {
	switch e.Call {
	case signIn, askWorkspace, listEvents: // these always exist
		return "see whether " + setting(e) + " is right"
	case listWebhooks, createWebhook, listOrders, listJobs:
		return "see whether the workspace is right"
	default:
		return "it is not there (any more)"
	}
}
