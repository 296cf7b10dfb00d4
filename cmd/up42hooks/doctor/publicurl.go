package doctor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/loopback"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/roundtrip"
)

// lookAtPublicURL is the check of the public URL as this machine sees it.
func (e *examination) lookAtPublicURL(ctx context.Context) (out []finding) {
	target, err := url.Parse(config.PublicURL(e.config))
	if err != nil || target.Host == "" {
		return []finding{found(noted, "no public URL is configured: what UP42 is to deliver to is not known here").
			do("give it with --public-url, like https://hooks.example.com")}
	}
	if target.Scheme != "https" && !loopback.Host(target.Hostname()) {
		out = append(out, found(doubtful, "%s is without HTTPS: UP42 delivers to nothing else", target).
			do("put something with HTTPS before the receiver, and give its URL"))
	}
	if e.holder == nil {
		return append(out, found(noted, "%s is not asked, as nobody receives now", target).do("start a receiver with up42hooks, then ask again"))
	}
	return append(out, e.aboutPublicURL(ctx, target))
}

// aboutPublicURL asks whether a receiver answers at its public URL.
func (e *examination) aboutPublicURL(ctx context.Context, target *url.URL) finding {
	ping := *target
	ping.Path, ping.RawPath, ping.RawQuery = strings.TrimSuffix(ping.Path, e.config.Path)+"/ping", "", ""
	if !strings.HasSuffix(target.Path, e.config.Path) {
		ping.Path = "/ping"
	}
	r, err := e.ask(ctx, http.MethodGet, ping.String(), true)
	if err == nil && !r.Pong() {
		// A proxy may let nothing through but deliveries. What the receiver says
		// to a GET there is known as well.
		if r, err = e.ask(ctx, http.MethodGet, target.String(), true); err == nil && r.Status == http.StatusMethodNotAllowed {
			return found(healthy, "a receiver answers at %s, asked from here (not at /ping)", target)
		}
	}
	switch {
	case err != nil:
		return found(doubtful, "%s can't be reached from here: %v", target, err).
			do("see whether its name, its certificate and its proxy or tunnel are right; from outside it may look otherwise")
	case !r.Pong():
		return found(doubtful, "something else than a receiver answers at %s (%d)", target, r.Status).
			do("see where the proxy or tunnel leads: the receiver is at http://%s", e.address())
	default:
		return found(healthy, "the receiver answers at %s, asked from here", &ping)
	}
}

// testWait is how long a test event may take to arrive.
const testWait = 10 * time.Second

// lookAtRoundTrip is the check of the whole way: UP42 sends test events to a
// webhook that points here, and the receiver's store has them.
func (e *examination) lookAtRoundTrip(ctx context.Context) []finding {
	active := func(w client.Webhook) bool { return w.Active && len(w.Events) > 0 }
	i := slices.IndexFunc(e.hooks, active)
	why := ""
	switch {
	case !e.test:
		why = "it was left out with --test=false"
	case e.unlisted != "":
		why = "the webhooks are not known (" + e.unlisted + ")"
	case i < 0:
		why = "no active webhook points here"
	case e.holder == nil:
		why = "nobody receives now"
	}
	if why != "" {
		return []finding{found(noted, "no test event was sent: %s", why)}
	}
	hook := e.hooks[i]
	result, err := e.testHook(ctx, hook)
	var unread *roundtrip.LogError
	switch {
	case errors.As(err, &unread):
		return []finding{found(failing, "%v", err).do("see what is said of the store")}
	case ctx.Err() != nil:
		return []finding{found(doubtful, "UP42 did not say in time what became of the test of %q", hook.Name).do("up42hooks webhooks test %s", hook.ID)}
	case err != nil:
		return []finding{found(severity(err), "test %q: %v", hook.Name, err).do("%s", client.Advice(err))}
	}
	return e.aboutTest(&result)
}

func (e *examination) testHook(ctx context.Context, hook client.Webhook) (r roundtrip.Result, err error) {
	log, err := store.OpenReader(ctx, e.Env, e.config.Store)
	if err != nil {
		return r, &roundtrip.LogError{Err: err}
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	return roundtrip.Run(ctx, hook, roundtrip.Options{
		API: e.account, Log: log, Wait: testWait, Now: e.Now,
		PointsHere: config.PointsHere(e.config, e.address()),
		Here:       cmp.Or(config.PublicURL(e.config), "http://"+e.address()+e.config.Path),
	})
}

// aboutTest has one finding for each event type.
func (e *examination) aboutTest(r *roundtrip.Result) (out []finding) {
	for _, t := range r.Events {
		of := fmt.Sprintf("test event %s of %q", t.Name, r.Webhook.Name)
		switch {
		case t.Proven():
			out = append(out, found(healthy, "%s came from UP42 to %s in %d ms, verified", of, r.Webhook.URL, t.Took.Milliseconds()))
		case !t.Arrived:
			out = append(out, found(failing, "%s did not arrive", of).do("%s", t.Cause))
		case t.Verdict == receiver.Rejected:
			out = append(out, found(failing, "%s arrived and was rejected (%s)", of, t.Reason).do("%s", t.Cause))
		default:
			out = append(out, found(doubtful, "%s arrived, but nothing proves it (%s)", of, t.Verdict).do("%s", t.Cause))
		}
	}
	if r.Proven() && len(r.Components) > 0 && len(e.config.Components) == 0 {
		out = append(out, found(noted, "UP42 signs %s; any list is accepted", strings.Join(r.Components, ", ")).
			do("to accept no other one: --components %s", strings.Join(r.Components, ",")))
	}
	return out
}
