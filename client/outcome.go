package client

import (
	"errors"
	"net/http"
	"strings"
)

// Unsure reports whether it is not known if UP42 carried out a change or a test: the answer was
// lost, can't be read, or is no answer of UP42 to it (see [MayBeDone]), and what UP42 has now could not be read
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
	const longest = 150 // mostly it repeats the cause
	return u.maybe + " (" + oneLine(strings.TrimPrefix(u.unread.Error(), listWebhooks+": "), longest) + ")"
}

// undone is the error of a change that was not carried out.
type undone struct{ lostAnswer }

func (u undone) Error() string { return u.cause.Error() + "; " + u.not }

// MayBeDone reports whether UP42 may have carried out a call that failed with err, which must
// not be nil: the request was sent, and the answer was lost, can't be read, or is a failure of
// UP42 or of a gateway (5xx, 408) or a redirect; and nothing shows that it was not done.
func MayBeDone(err error) bool {
	var refused *Error
	switch {
	case errors.As(err, new(unsent)), errors.As(err, new(undone)), errors.Is(err, ErrSecretUnknown):
		return false
	case misled(err):
		return errors.As(err, new(answerElsewhere))
	case errors.As(err, &refused):
		return refused.mayBeDone()
	default:
		return true
	}
}

// mayBeDone reports whether a change may have been carried out although it was refused.
func (e *Error) mayBeDone() bool {
	switch e.Status / 100 {
	case 5, 3:
		return true
	case 2:
		return len(e.Code) == 3 && e.Code[0] == '5'
	default:
		return e.Status == http.StatusRequestTimeout // a gateway may have waited for UP42's answer
	}
}

// unsent is the error of a call whose request was not sent.
type unsent struct{ error }

func (u unsent) Unwrap() error { return u.error }
