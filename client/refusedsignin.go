package client

import (
	"errors"
	"net/http"
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
