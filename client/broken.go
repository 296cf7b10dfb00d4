package client

import (
	"errors"
	"io"
	"net"
	"net/http"
	"syscall"
)

// PasswordRefused reports whether a call failed because UP42 does not accept the
// user name or the password: trying it again changes nothing.
func PasswordRefused(err error) bool {
	var refused *Error
	return errors.As(err, &refused) && refused.Call == signIn &&
		(refused.Status == http.StatusUnauthorized || refused.Status == http.StatusBadRequest)
}

// Broken says in a few words why a connection to UP42 did not come about, or
// broke, without the plumbing of the network; "" where that is not what failed.
func Broken(err error) string {
	var number syscall.Errno
	var network *net.OpError
	switch {
	case errors.As(err, &number):
		return number.Error()
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "it hung up"
	case errors.As(err, &network):
		return network.Err.Error()
	default:
		return ""
	}
}
