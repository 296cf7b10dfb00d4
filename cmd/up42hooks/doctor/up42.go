package doctor

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/loopback"
	"github.com/up42/up42-webhooks/tui/elapsed"
)

// clockSlack is how far two clocks may differ before it is worth a word; the
// time in an answer is in whole seconds.
const clockSlack = 5 * time.Second

// lookAtClock is the check of this machine's clock against UP42's.
func (e *examination) lookAtClock(ctx context.Context) []finding {
	asked := e.Now()
	r, err := e.ask(ctx, http.MethodHead, cmp.Or(e.config.APIURL, client.APIURL(e.config.Region)), true)
	if err != nil {
		return []finding{found(doubtful, "UP42 can't be asked for the time: %v", err).do("%s", client.Advice(err))}
	}
	theirs, err := http.ParseTime(r.Header.Get("Date"))
	if err != nil {
		return []finding{found(doubtful, "UP42's answer has no time in it (%d)", r.Status).
			do("see whether UP42_API_URL is right, and whether something stands in between")}
	}
	answered := e.Now()
	ours := asked.Add(answered.Sub(asked) / 2)
	return []finding{aboutClock(ours.Sub(theirs.Add(time.Second/2)), e.config.MaxFuture)}
}

// aboutClock judges how far this machine's clock is ahead of UP42's; negative:
// behind.
func aboutClock(ahead, maxFuture time.Duration) finding {
	off, way := ahead, "ahead of"
	if ahead < 0 {
		off, way = -ahead, "behind"
	}
	f := found(healthy, "the clock is right, by UP42's")
	if off > clockSlack {
		f = found(doubtful, "the clock is %s %s UP42's", elapsed.Long(off), way).
			do("set it by the network: timedatectl set-ntp true")
	}
	if off > max(maxFuture, clockSlack) {
		f.State = failing
		f.Detail += ", too far to judge the age of a signature"
	}
	return f
}

// lookAtSignIn is the check of the account. It lists the webhooks, which proves
// that the token is good for the workspace.
func (e *examination) lookAtSignIn(ctx context.Context) []finding {
	account, err := config.Account(e.Env, e.config)
	switch {
	case err != nil:
		e.unlisted = "the credentials can't be used"
		return []finding{found(failing, "%v", err).do("see up42hooks config")}
	case account == nil:
		e.unlisted = "there are no credentials"
		return []finding{found(noted, "there are no credentials for UP42: webhooks can't be managed or looked at").
			do("set UP42_USERNAME and UP42_PASSWORD, or UP42_TOKEN, or give --credentials FILE")}
	}
	e.account = account
	workspace, err := account.Workspace(ctx)
	if err == nil {
		var all []client.Webhook
		if all, err = account.Webhooks(ctx); err == nil {
			here := config.PointsHere(e.config, e.address())
			e.hooks = slices.DeleteFunc(all, func(w client.Webhook) bool { return !here(w.URL) })
			return []finding{found(healthy, "signed in, workspace %s", workspace)}
		}
	}
	e.unlisted = "UP42 does not list them"
	return []finding{found(severity(err), "%v", err).do("%s", client.Advice(err))}
}

// severity is that of an error of UP42's: what it refuses fails for good, what
// did not come to an answer could not be looked at.
func severity(err error) health {
	var refused *client.Error
	if errors.As(err, &refused) && refused.Status/100 == 4 && refused.Status != http.StatusTooManyRequests {
		return failing
	}
	return doubtful
}

// lookAtWebhooks is the check of the webhooks that point here.
func (e *examination) lookAtWebhooks(context.Context) (out []finding) {
	if e.unlisted != "" {
		return []finding{found(noted, "not looked at: %s", e.unlisted)}
	}
	if len(e.hooks) == 0 {
		return []finding{e.noneHere()}
	}
	for i := range e.hooks {
		out = append(out, e.aboutWebhook(&e.hooks[i])...)
	}
	return out
}

// noneHere is for a workspace without a webhook that points here.
func (e *examination) noneHere() finding {
	url := config.WebhookURL(e.config, e.address())
	if url == "" {
		return found(doubtful, "no webhook of the workspace points here, as far as is known: there is no public URL").
			do("say with --public-url where UP42 reaches the receiver")
	}
	return found(doubtful, "no webhook of the workspace points here, to %s", url).
		do("up42hooks webhooks create --name up42hooks --url %s --events job.status,order.status, or change the URL of one you have", url)
}

// aboutWebhook has one finding for each thing that is wrong with a webhook, or
// says that it is well.
func (e *examination) aboutWebhook(w *client.Webhook) (out []finding) {
	warn := func(what, todo string, args ...any) {
		out = append(out, found(doubtful, "%q (%s) %s", w.Name, w.ID, what).do(todo, args...))
	}
	if !w.Active {
		warn("is not active: UP42 sends it nothing", "up42hooks webhooks update %s --active", w.ID)
	}
	if w.Secret == "" {
		warn("has no secret: UP42 signs nothing", "up42hooks webhooks update %s --generate-secret", w.ID)
	}
	if len(w.Events) == 0 {
		warn("subscribes to no event", "up42hooks webhooks update %s --events job.status,order.status", w.ID)
	}
	if u, err := url.Parse(w.URL); err == nil && u.Scheme == "http" && !loopback.Host(u.Hostname()) {
		warn("has a URL without HTTPS", "up42hooks webhooks update %s --url https://…", w.ID)
	}
	if len(out) > 0 {
		return out
	}
	known := "which the receiver learns through the account"
	if slices.Contains(e.secrets, w.Secret.Reveal()) {
		known = "which is configured here"
	}
	return []finding{found(healthy, "%q (%s) points here, is active, has a secret, %s, and subscribes to %s",
		w.Name, w.ID, known, strings.Join(w.Events, ", "))}
}
