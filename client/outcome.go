package client

import (
	"errors"
	"strings"
)

// Unsure reports whether it is not known if UP42 carried out a change or a test: the answer was
// lost, can't be read, or is a failure of UP42 (5xx), and what UP42 has now could not be read
// or does not tell.
func Unsure(err error) bool { return errors.As(err, new(unsure)) }

// NotDone reports whether a change failed without a good answer, and UP42 has not carried it
// out: what UP42 has was read afterwards.
func NotDone(err error) bool { return errors.As(err, new(undone)) }

// Fate says what became of a change without a good answer: that it was not done, or that this
// is not known. It is empty for other errors.
func Fate(err error) string {
	var un undone
	var doubt unsure
	switch {
	case errors.As(err, &un):
		return un.change.not
	case errors.As(err, &doubt):
		return doubt.fate()
	default:
		return ""
	}
}

// Cause returns why the answer to a change was not good, without what became of the change. It
// returns other errors as they are.
func Cause(err error) error {
	var un undone
	var doubt unsure
	switch {
	case errors.As(err, &un):
		return un.cause
	case errors.As(err, &doubt):
		return doubt.cause
	default:
		return err
	}
}

// lostAnswer is a change whose answer was lost.
type lostAnswer struct {
	cause error
	change
}

func (l lostAnswer) Unwrap() error { return l.cause }

// unsure is the error of a change or a test that may have been carried out. unread says why
// reading did not settle it; nil if nothing was read.
type unsure struct {
	lostAnswer
	unread error
}

func (u unsure) Error() string { return u.cause.Error() + "; " + u.fate() }

func (u unsure) fate() string {
	if u.unread == nil {
		return u.maybe
	}
	return u.maybe + " (" + strings.TrimPrefix(u.unread.Error(), listWebhooks+": ") + ")"
}

// undone is the error of a change that was not carried out.
type undone struct{ lostAnswer }

func (u undone) Error() string { return u.cause.Error() + "; " + u.not }

// MayBeDone reports whether UP42 may have carried out a call that failed with err, which must
// not be nil: the request was sent, and the answer was lost, can't be read, or is a failure of
// UP42 (5xx); and nothing shows that it was not done.
func MayBeDone(err error) bool {
	var refused *Error
	switch {
	case errors.As(err, new(unsent)), errors.As(err, new(undone)), misled(err), errors.Is(err, ErrSecretUnknown):
		return false
	case errors.As(err, &refused):
		return refused.Status/100 == 5 || refused.Status/100 == 2 && len(refused.Code) == 3 && refused.Code[0] == '5'
	default:
		return true
	}
}

// unsent is the error of a call whose request was not sent.
type unsent struct{ error }

func (u unsent) Unwrap() error { return u.error }
