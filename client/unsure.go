package client

import (
	"context"
	"errors"
	"net/http/httptrace"
	"sync/atomic"
)

// Unsure says that a webhook may have been created, or tested, although the call
// failed: UP42 was reached, but its answer was lost, can't be read, or is a
// failure of its own (5xx). What UP42 refused was not done. Of the other calls it
// says nothing: to make them again does no harm.
func Unsure(err error) bool {
	var u unsure
	return errors.As(err, &u)
}

// unsure is the failure of a call that may have been carried out all the same.
type unsure struct {
	error
	call string // as in Error
}

func (u unsure) Unwrap() error { return u.error }

func (u unsure) advice() string {
	if u.call == testWebhook {
		return "UP42 may have done it all the same: see which test events came before you try again"
	}
	return "UP42 may have done it all the same: look at the list before you try again"
}

// doubt marks an error of the call where it was not to be made twice, and may
// have been carried out.
func (k call) doubt(err error) error {
	if err == nil || !k.once || !MayBeDone(err) {
		return err
	}
	return unsure{err, k.what}
}

// MayBeDone reports whether UP42 may have carried out a call although it failed
// with err, which must not be nil: the request was sent, and UP42's answer was lost, can't be read, or
// says that UP42 failed itself (5xx).
func MayBeDone(err error) bool {
	var refused *Error
	var un unsent
	switch {
	case errors.As(err, &un), misled(err):
		return false
	default:
		return !errors.As(err, &refused) || refused.Status/100 == 5
	}
}

// unsent is the failure of a call that never left this machine.
type unsent struct{ error }

func (u unsent) Unwrap() error { return u.error }

// noteSending returns a function that says whether a request of ctx may have been
// sent: not without a connection, of which a transport that was given may tell
// nothing.
func (c *Client) noteSending(ctx context.Context) (noting context.Context, sent func() bool) {
	var connected atomic.Bool
	noting = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	})
	return noting, func() bool { return connected.Load() || c.own == nil }
}
