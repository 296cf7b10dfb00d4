package client

import "errors"

// Unsure reports whether a webhook may have been created or tested although the call failed:
// the answer was lost, can't be read, or is a failure of UP42 (5xx). It is false for all other
// calls, because they can be repeated.
func Unsure(err error) bool {
	var u unsure
	return errors.As(err, &u)
}

// unsure is the error of a call that must not be repeated and may have been carried out.
type unsure struct {
	error
	call string // see Error.Call
}

func (u unsure) Unwrap() error { return u.error }

// Maybe says that UP42 may have carried out a call that failed.
const Maybe = "UP42 may have done it anyway"

func (u unsure) advice() string {
	if u.call == testWebhook {
		return Maybe + ": see which test events came before you try again"
	}
	return Maybe + ": look at the list before you try again"
}

// MayBeDone reports whether UP42 may have carried out a call although it failed with err, which
// must not be nil: the request was sent, and the answer was lost, can't be read, or is a
// failure of UP42 (5xx).
func MayBeDone(err error) bool {
	var refused *Error
	var un unsent
	switch {
	case errors.As(err, &un), misled(err), errors.Is(err, ErrSecretUnknown):
		return false
	default:
		return !errors.As(err, &refused) || refused.Status/100 == 5
	}
}

// unsent is the error of a call whose request was not sent.
type unsent struct{ error }

func (u unsent) Unwrap() error { return u.error }
