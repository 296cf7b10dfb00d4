package client

import (
	"errors"
	"net/http"
	"time"
)

// PasswordRefused reports whether UP42 refused the user name or the password. The same call
// would fail again.
func PasswordRefused(err error) bool {
	var refused *Error
	return errors.As(err, &refused) && refused.passwordRefused()
}

// ClientRefused reports whether UP42 does not let the client id sign in, see
// Options.ClientID. The password was not checked. The same call would fail again.
func ClientRefused(err error) bool {
	var refused *Error
	return errors.As(err, &refused) && refused.clientRefused()
}

func (e *Error) clientRefused() bool {
	return e.Call == signIn && !e.Page && e.Status/100 == 4 && (e.Code == "invalid_client" || e.Code == "unauthorized_client")
}

func (e *Error) passwordRefused() bool {
	return e.Call == signIn && !e.Page && !e.clientRefused() && e.Status/100 == 4 && (e.Code == "invalid_grant" || e.Status == http.StatusUnauthorized)
}

// signInRefused reports whether the same sign-in would be refused again.
func signInRefused(err error) bool {
	var refused *Error
	return errors.As(err, &refused) && (refused.Status == http.StatusBadRequest || refused.Status == http.StatusUnauthorized)
}

// refusedPause is how long a sign-in that was refused for another reason than the password is
// not tried again.
const refusedPause = 10 * time.Second

// passwordPauses are the waits before a refused password is tried again: many attempts can lock
// an account. After the last one it is not tried again until the credentials change.
var passwordPauses = []time.Duration{time.Minute, 5 * time.Minute, 20 * time.Minute, time.Hour}

// pause says when a refused sign-in may be tried again. The zero value means that no sign-in was
// refused.
type pause struct {
	of    Credentials
	err   error
	tries int // with a refused password
	since time.Time
}

// over returns the error of the last sign-in if it is too early for another one with these
// credentials.
func (p *pause) over(c Credentials, now time.Time) error {
	if p.err == nil || p.of != c {
		return nil
	}
	passed := now.Sub(p.since) // negative if the clock was put back
	if p.tries <= len(passwordPauses) && (passed < 0 || passed >= p.length()) {
		return nil
	}
	return p.err
}

func (p *pause) length() time.Duration {
	if p.tries == 0 {
		return refusedPause
	}
	return passwordPauses[p.tries-1]
}

// note notes a sign-in that failed, and returns its error. That of a refused password says when
// it is tried again.
func (p *pause) note(c Credentials, err error, now time.Time) error {
	tries := 0
	if p.of == c {
		tries = p.tries
	}
	if !signInRefused(err) {
		*p = pause{of: c, tries: tries} // it may be tried again at once
		return err
	}
	*p = pause{of: c, tries: tries, err: err, since: now}
	if PasswordRefused(err) {
		p.tries++
		refused := refusedPassword{error: err}
		if p.tries <= len(passwordPauses) {
			refused.next = now.Add(p.length())
		}
		p.err = refused
	}
	return p.err
}

// refusedPassword is the error of a sign-in whose password was refused. next is when it is tried
// again, zero if it is not.
type refusedPassword struct {
	error
	next time.Time
}

func (r refusedPassword) Unwrap() error { return r.error }

// NextSignIn says, at the end of a sentence, when a Client tries a password again that UP42
// refused. It is empty for other errors. Until then the client signs in only with other
// credentials.
func NextSignIn(err error) string {
	var refused refusedPassword
	switch {
	case !errors.As(err, &refused):
		return ""
	case refused.next.IsZero():
		return "the password is not tried again until it changes"
	default:
		return "the password is tried again at " + refused.next.Local().Format("15:04") + ", or once it changes"
	}
}

// explainRefusal puts into words which part of the sign-in UP42 refused.
func (e *Error) explainRefusal(clientID string) {
	const wrong = "it does not accept the username or the password"
	switch {
	case e.clientRefused():
		e.Message = "it does not let the client id " + oneLine(clientID, 80) + " sign in"
	case !e.passwordRefused():
	case e.Message == "" || e.Message == e.Code || e.Code != "invalid_grant" || e.Message == "Invalid user credentials":
		e.Message = wrong
	default: // it has more details, such as that the account is disabled
		e.Message = wrong + ": " + e.Message
	}
}
