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
	"github.com/up42/up42-webhooks/receiver/errno"
	"github.com/up42/up42-webhooks/receiver/loopback"
	"github.com/up42/up42-webhooks/receiver/safe"
)

// checkPort checks whether a receiver runs, or could run.
func (e *examination) checkPort(ctx context.Context) (out []finding) {
	var holder *store.Holder
	var err error
	if e.config.Store != "" {
		holder, err = store.HeldBy(e.config.Store)
	}
	if err != nil {
		out = append(out, found(warn, "can't find out whether a receiver runs: %v", err).
			todo("check whether the file belongs to you"))
	}
	if e.holder = holder; holder != nil {
		out = append(out, e.aboutReceiver(ctx))
	} else {
		out = append(out, e.aboutAddress(ctx, "listen", e.config.Listen))
		if e.config.Admin != "" {
			out = append(out, e.aboutAddress(ctx, "admin", e.config.Admin))
		}
		if err := e.config.CheckAddresses(); err != nil {
			out = append(out, found(fail, "%v", err).todo("give each an address of its own"))
		}
	}
	if exposed(e.address()) {
		out = append(out, found(note, "%s can be reached from other machines, over plain HTTP", e.address()).
			todo("put a proxy or a tunnel with HTTPS in front of it; UP42 delivers over HTTPS only"))
	}
	if e.config.Admin != "" && exposed(e.config.Admin) {
		out = append(out, found(note, "%s (admin) is open to all who reach it", e.config.Admin).
			todo("choose an address that only your monitoring reaches"))
	}
	return out
}

// aboutReceiver checks the running receiver.
func (e *examination) aboutReceiver(ctx context.Context) finding {
	who := "another up42hooks receives"
	if e.holder.PID > 0 {
		who = fmt.Sprintf("process %d receives", e.holder.PID)
	}
	if e.holder.Address == "" {
		return found(note, "%s, but has not said where yet", who).todo("try again in a moment")
	}
	switch r, err := e.request(ctx, http.MethodGet, "http://"+e.holder.Address+"/ping", false); {
	case err != nil:
		return found(fail, "%s on %s, but does not answer: %s", who, e.holder.Address, probe.Plain(err)).todo("look at its log, then restart it")
	case !r.Pong():
		return found(fail, "%s on %s, but something else answers there (%d)", who, e.holder.Address, r.Status).todo("check which program has that address")
	default:
		return found(ok, "%s on %s, and answers", who, e.holder.Address)
	}
}

// aboutAddress checks an address by listening on it for a moment.
func (e *examination) aboutAddress(ctx context.Context, setting, address string) finding {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err == nil {
		err = l.Close()
	}
	switch {
	case errno.Is(err, syscall.EADDRINUSE):
		return found(fail, "%s is taken by %s", address, probe.Occupant(ctx, e.Build.UserAgent(), address)).
			todo("end that program, or choose another address, with --%s %s", setting, probe.Beside(address))
	case errors.Is(err, os.ErrPermission):
		return found(fail, "this user may not use %s", address).todo("choose a port above 1023 with --%s", setting)
	case err != nil:
		return found(fail, "%s can't be listened on: %v", address, safe.WithoutURL(err)).
			todo("choose an address of this machine with --%s", setting)
	default:
		return found(ok, "%s is free (no receiver runs now)", address)
	}
}

// exposed reports whether other machines may reach an address, HOST:PORT.
func exposed(address string) bool {
	host, _, err := net.SplitHostPort(address)
	return err == nil && !loopback.Host(host)
}
