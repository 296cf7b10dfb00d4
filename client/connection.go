package client

import (
	"errors"
	"io"
	"net"
	"net/http"
	"syscall"
)

// PasswordRefused reports whether UP42 refused the user name or the password. The same call
// would fail again.
func PasswordRefused(err error) bool {
	var refused *Error
	return errors.As(err, &refused) && refused.Call == signIn &&
		(refused.Status == http.StatusUnauthorized || refused.Status == http.StatusBadRequest)
}

// Broken returns in a few words, without addresses, why a connection to UP42 failed or broke.
// It is empty if the connection did not fail.
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
