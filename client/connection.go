package client

import (
	"errors"
	"io"
	"net"
	"syscall"
)

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
