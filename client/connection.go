package client

import (
	"errors"
	"io"
	"net"
	"syscall"
)

// Broken returns in a few words, without IP addresses, why a connection to UP42 failed or broke.
// It is empty if the connection did not fail.
func Broken(err error) string {
	var number syscall.Errno
	var network *net.OpError
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns):
		return notLookedUp(dns)
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

// notLookedUp says that a host has no known address. The address of the resolver would not help: it is
// mostly that of this machine.
func notLookedUp(err *net.DNSError) string {
	switch {
	case err.IsNotFound:
		return "there is no host " + err.Name
	case err.IsTimeout:
		return "to look up the host " + err.Name + " took too long"
	default:
		return "the host " + err.Name + " can't be looked up"
	}
}
