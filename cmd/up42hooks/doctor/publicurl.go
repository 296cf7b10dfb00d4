package doctor

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/daemon"
	"github.com/up42/up42-webhooks/cmd/up42hooks/probe"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/loopback"
	"github.com/up42/up42-webhooks/receiver/tunnel"
)

// checkPublicURL checks the public URL, as this machine sees it.
func (e *examination) checkPublicURL(ctx context.Context) (out []finding) {
	if err := daemon.CheckTunnel(e.config, e.account != nil); err != nil {
		out = append(out, found(fail, "%v", err).todo("correct or remove it"))
	}
	if e.config.Tunnel != config.NoTunnel {
		if advice := tunnel.Program(e.config.Tunnel).Advice(); advice != "" {
			out = append(out, found(note, "%s", advice))
		}
	}
	target, err := url.Parse(config.PublicURL(e.config))
	if err != nil || target.Host == "" {
		return append(out, found(note, "no public URL is configured, so the URL for UP42 is not known here").
			todo("give it with --public-url, like https://hooks.example.com"))
	}
	if target.Scheme != "https" && !loopback.Host(target.Hostname()) {
		out = append(out, found(warn, "%s is without HTTPS: UP42 delivers over HTTPS only", target).
			todo("put a proxy or a tunnel with HTTPS in front of the receiver, and give its URL"))
	}
	if e.holder == nil {
		return append(out, found(note, "%s was not checked: no receiver runs now", target).todo("start a receiver with up42hooks, then try again"))
	}
	return append(out, e.aboutPublicURL(ctx, target))
}

// aboutPublicURL checks whether a receiver answers at its public URL.
func (e *examination) aboutPublicURL(ctx context.Context, target *url.URL) finding {
	ping := *target
	ping.Path, ping.RawPath, ping.RawQuery = "/ping", "", ""
	if before, ours := strings.CutSuffix(receiver.CleanPath(target.Path), e.config.Path); ours {
		ping.Path = before + "/ping"
	}
	r, err := e.request(ctx, http.MethodGet, ping.String(), true)
	if err == nil && !r.Pong() {
		// A proxy may forward the path of deliveries only. There, the receiver answers a
		// GET with 405.
		if r, err = e.request(ctx, http.MethodGet, target.String(), true); err == nil && r.Status == http.StatusMethodNotAllowed {
			return found(ok, "a receiver answers at %s, asked from here (not at /ping)", target)
		}
	}
	switch {
	case err != nil:
		return found(warn, "%s can't be reached from here: %s", target, probe.Plain(err)).
			todo("check its name, its certificate and its proxy or tunnel; from outside it may be different")
	case !r.Pong():
		return found(warn, "something other than a receiver answers at %s (%d)", target, r.Status).
			todo("check where the proxy or tunnel leads: the receiver is at http://%s", e.address())
	default:
		return found(ok, "the receiver answers at %s, asked from here", &ping)
	}
}
