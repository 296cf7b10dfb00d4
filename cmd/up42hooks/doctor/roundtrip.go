package doctor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/tui/roundtrip"
)

// testWait is how long a test event may take to arrive.
const testWait = 10 * time.Second

// checkRoundTrip makes UP42 send test events to a webhook that points here, and looks
// for them in the store.
func (e *examination) checkRoundTrip(ctx context.Context) []finding {
	i := slices.IndexFunc(e.hooks, func(w client.Webhook) bool { return w.Active && len(w.Events) > 0 })
	reason := ""
	switch {
	case !e.test:
		reason = "--test=false was given"
	case e.unlisted != "":
		reason = "the webhooks are not known (" + e.unlisted + ")"
	case i < 0:
		reason = "no active webhook points here"
	case e.holder == nil:
		reason = "no receiver runs now"
	}
	if reason != "" {
		return []finding{found(note, "no test event was sent: %s", reason)}
	}
	hook := e.hooks[i]
	result, err := e.testWebhook(ctx, hook)
	var inStore *roundtrip.LogError
	switch {
	case errors.As(err, &inStore):
		return []finding{found(fail, "%v", err).todo("see the findings about the store")}
	case ctx.Err() != nil:
		return []finding{found(warn, "UP42 did not answer in time whether the test of %q succeeded", hook.Name).todo("up42hooks webhooks test %s", hook.ID)}
	case err != nil:
		return []finding{found(severity(err), "test %q: %v", hook.Name, err).todo("%s", client.Advice(err))}
	}
	return e.aboutTest(&result)
}

func (e *examination) testWebhook(ctx context.Context, hook client.Webhook) (r roundtrip.Result, err error) {
	log, err := store.OpenReader(ctx, e.Env, e.config.Store)
	if err != nil {
		return r, &roundtrip.LogError{Err: err}
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	return roundtrip.Run(ctx, hook, roundtrip.Options{
		API: e.account, Log: log, Wait: testWait, Now: e.Now,
		PointsHere: config.PointsHere(e.config, e.address()),
		Here:       config.ReceiverURL(e.config, e.address()),
	})
}

// aboutTest returns one finding for each test event.
func (e *examination) aboutTest(r *roundtrip.Result) (out []finding) {
	for _, t := range r.Events {
		event := fmt.Sprintf("test event %s of %q", t.Name, r.Webhook.Name)
		switch {
		case t.Proven():
			out = append(out, found(ok, "%s came from UP42 to %s in %d ms, verified", event, r.Webhook.URL, t.Took.Milliseconds()))
		case !t.Arrived:
			out = append(out, found(fail, "%s did not arrive", event).todo("%s", t.Cause))
		case t.Verdict == receiver.Rejected:
			out = append(out, found(fail, "%s arrived and was rejected (%s)", event, t.Reason).todo("%s", cmp.Or(e.otherSettings(&t, r.Webhook), t.Cause)))
		default:
			out = append(out, found(warn, "%s arrived, but nothing proves it (%s)", event, t.Verdict).todo("%s", t.Cause))
		}
	}
	if r.Proven() && len(r.Components) > 0 && len(e.config.Components) == 0 {
		out = append(out, found(note, "UP42 signs %s; any list is accepted", strings.Join(r.Components, ", ")).
			todo("to accept only this list: --components %s", strings.Join(r.Components, ",")))
	}
	return out
}

// otherSettings says that the running receiver probably lacks a secret that a receiver with these
// settings has, so it runs with others. It returns "" if nothing shows that.
func (e *examination) otherSettings(t *roundtrip.Event, w client.Webhook) string {
	if t.Reason != signature.SignatureMismatch && t.Reason != signature.NoSecret || w.Secret == "" {
		return ""
	}
	words := fmt.Sprintf("a receiver with the settings that are checked here knows the secret of %q, but process %d, which receives now, probably does not. "+
		"If the secret is new, test again in a minute. Otherwise start the process again with these settings: "+
		"the same variables (UP42_USERNAME and so on), flags and configuration file", w.Name, e.holder.PID)
	if t.Altered != "" {
		words += ". " + t.Altered
	}
	return words
}
