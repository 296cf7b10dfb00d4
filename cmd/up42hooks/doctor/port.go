package doctor

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"syscall"

	"github.com/up42/up42-webhooks/cmd/up42hooks/probe"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/loopback"
)

// lookAtPort is the check of who receives, or whether anybody could.
func (e *examination) lookAtPort(ctx context.Context) (out []finding) {
	holder, err := store.HeldBy(e.config.Store)
	if err != nil {
		out = append(out, found(doubtful, "can't tell whether somebody receives: %v", err).
			do("see whether the file belongs to you"))
	}
	if e.holder = holder; holder != nil {
		out = append(out, e.aboutReceiver(ctx))
	} else {
		out = append(out, e.aboutAddress(ctx, "listen", e.config.Listen))
		if e.config.Admin != "" {
			out = append(out, e.aboutAddress(ctx, "admin", e.config.Admin))
		}
	}
	if exposed(e.address()) {
		out = append(out, found(noted, "%s can be reached from other machines, over plain HTTP", e.address()).
			do("put something with HTTPS before it, a proxy or a tunnel; UP42 delivers to nothing else"))
	}
	if e.config.Admin != "" && exposed(e.config.Admin) {
		out = append(out, found(noted, "%s (admin) is open to all who reach it", e.config.Admin).
			do("choose an address that only your monitoring reaches"))
	}
	return out
}

// aboutReceiver is about the process that receives into the store.
func (e *examination) aboutReceiver(ctx context.Context) finding {
	who := "another up42hooks receives"
	if e.holder.PID > 0 {
		who = fmt.Sprintf("process %d receives", e.holder.PID)
	}
	if e.holder.Address == "" {
		return found(noted, "%s, but has not said where yet", who).do("try again in a moment")
	}
	switch r, err := e.ask(ctx, http.MethodGet, "http://"+e.holder.Address+"/ping", false); {
	case err != nil:
		return found(failing, "%s on %s, but does not answer: %v", who, e.holder.Address, err).do("look at its log, then start it anew")
	case !r.Pong():
		return found(failing, "%s on %s, but something else answers there (%d)", who, e.holder.Address, r.Status).do("see what has that address")
	default:
		return found(healthy, "%s on %s, and answers", who, e.holder.Address)
	}
}

// aboutAddress is about an address that nobody of ours has: it is taken for a
// moment, to see whether it can be.
func (e *examination) aboutAddress(ctx context.Context, setting, address string) finding {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err == nil {
		err = l.Close()
	}
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return found(failing, "%s is taken by %s", address, probe.Occupant(ctx, e.Build.UserAgent(), address)).
			do("end that program, or choose another address with --%s", setting)
	case errors.Is(err, os.ErrPermission):
		return found(failing, "%s may not be used by this user", address).do("choose a port above 1023 with --%s", setting)
	case err != nil:
		return found(failing, "%s can't be listened on: %v", address, probe.WithoutURL(err)).
			do("choose an address of this machine with --%s", setting)
	default:
		return found(healthy, "%s is free (nobody receives now)", address)
	}
}

// exposed says whether other machines may reach an address, HOST:PORT.
func exposed(address string) bool {
	host, _, err := net.SplitHostPort(address)
	return err == nil && !loopback.Host(host)
}
