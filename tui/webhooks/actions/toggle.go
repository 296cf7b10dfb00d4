package actions

import (
	"context"
	"errors"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/webhooks/webhook"
)

// recently is how long ago the last delivery of a webhook in use may be.
const recently = 10 * time.Minute

// Toggle turns a webhook on or off. All other fields stay as UP42 has them now.
func (a *Actions) Toggle(w client.Webhook) tea.Cmd {
	if a.Busy(w.ID) {
		return nil
	}
	if w.SecretUnknown {
		a.refuseToggle(w)
		return nil
	}
	if w.Active && a.inUse(w) && !a.Confirmed("off "+w.ID, keys.First(a.o.Keys.Toggle)+" again turns off "+webhook.Name(w)+": its deliveries stop") {
		return nil
	}
	api, active := a.o.API, !w.Active
	c := &Call{id: w.ID, Does: "turning " + webhook.OnOff(active), Name: webhook.Name(w), changes: true}
	return begin(&a.Calls, c, func(ctx context.Context) toggled {
		return toggle(ctx, api, w.ID, active)
	}, func(got toggled) tea.Cmd {
		switch {
		case client.NotFound(got.err):
			return a.vanished(w)
		case errors.Is(got.err, client.ErrSecretUnknown):
			a.refuseToggle(w)
		case got.err != nil:
			return a.failed(c, "could not turn "+webhook.OnOff(active), got.err, w.Secret)
		default:
			a.sayToggled(got, active)
		}
		return a.o.List.Change(got.webhook)
	})
}

// toggled is what came of turning a webhook on or off.
type toggled struct {
	saved
	already bool // somebody else has done it
}

// toggle turns a webhook on or off, with all other fields as UP42 has them now.
func toggle(ctx context.Context, api API, id string, active bool) toggled {
	now, err := api.Webhook(ctx, id)
	switch {
	case err != nil || now.Active == active:
		return toggled{saved{now, err}, true}
	case now.SecretUnknown:
		return toggled{saved{now, client.ErrSecretUnknown}, false}
	}
	now.Active = active
	changed, err := api.UpdateWebhook(ctx, now)
	return toggled{saved{withSecret(changed, now), err}, false}
}

func (a *Actions) sayToggled(got toggled, active bool) {
	name := webhook.Name(got.webhook)
	switch {
	case got.already:
		a.o.Say.Hint(name + " was " + webhook.OnOff(active) + " already: somebody else did it")
	case active:
		a.o.Say.Info(name + " is on")
	default:
		a.o.Say.Info(name + " is off; " + keys.First(a.o.Keys.Toggle) + " turns it on again")
	}
}

// refuseToggle says why a webhook can't be turned on or off, and what to do.
func (a *Actions) refuseToggle(w client.Webhook) {
	a.o.Say.Failure("could not turn " + webhook.OnOff(!w.Active) + " " + webhook.Name(w) + ": UP42 does not show its secret, " + keys.First(a.o.Keys.Edit) + " asks for it")
}

// inUse reports whether somebody needs the deliveries of a webhook.
func (a *Actions) inUse(w client.Webhook) bool {
	if here, _ := a.o.Receiver.PointsHere(w.URL); here {
		return true
	}
	at := a.o.List.LastSeen(w.ID)
	return !at.IsZero() && a.o.Now().Sub(at) < recently
}
