package daemon

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"

	"github.com/up42/up42-webhooks/cmd/up42hooks/probe"
	"github.com/up42/up42-webhooks/receiver/errno"
)

// ListenOn listens on the address that a flag gave. The agent is how the program
// names itself if it asks who has the address. An error of an address that is taken is
// [syscall.EADDRINUSE].
func ListenOn(ctx context.Context, agent, flag, address string) (net.Listener, error) {
	network := "tcp"
	if host, _, err := net.SplitHostPort(address); err == nil && net.ParseIP(host).To4() != nil {
		network = "tcp4" // with "tcp", 0.0.0.0 would also be all of IPv6
	}
	l, err := new(net.ListenConfig).Listen(ctx, network, address)
	switch {
	case errno.Is(err, syscall.EADDRINUSE):
		return nil, taken{fmt.Errorf("%s is taken by %s: end that program, or choose another address, with %s %s",
			address, probe.Occupant(ctx, agent, address), flag, probe.Beside(address))}
	case errors.Is(err, os.ErrPermission):
		return nil, fmt.Errorf("%s may not be used by this user: choose a port above 1023 with %s", address, flag)
	case errno.Is(err, syscall.EADDRNOTAVAIL), errors.As(err, new(*net.DNSError)):
		return nil, fmt.Errorf("%s is no address of this machine: choose one with %s, like 127.0.0.1:9888, or :9888 for all", address, flag)
	case err != nil:
		return nil, fmt.Errorf("listen on %s: %w", address, err)
	}
	return l, nil
}

// taken is an EADDRINUSE with other words.
type taken struct{ error }

func (taken) Is(target error) bool { return target == syscall.EADDRINUSE }
