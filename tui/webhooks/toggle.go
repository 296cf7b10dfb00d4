package webhooks

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
)

// toggledMsg is UP42's answer to switching a webhook on or off.
type toggledMsg struct {
	token   int
	before  client.Webhook
	webhook client.Webhook
	already bool // it was so before
	err     error
}

// pressToggle switches a webhook to what its row does not say. What else it is
// stays as UP42 has it now.
func (p *Page) pressToggle(w client.Webhook) tea.Cmd {
	if p.busy(w.ID) || w.Active && p.inUse(w) && !p.sure("off "+w.ID, "space again turns off "+shownName(w)+": its deliveries stop") {
		return nil
	}
	api, active := p.o.API, !w.Active
	c := call{id: w.ID, does: "turning " + onOff(active), name: shownName(w), changes: true}
	return p.begin(c, func(ctx context.Context, token int) tea.Msg {
		now, err := api.Webhook(ctx, w.ID)
		if err != nil || now.Active == active {
			return toggledMsg{token, w, now, true, err}
		}
		now.Active = active
		saved, err := api.UpdateWebhook(ctx, now)
		return toggledMsg{token, w, withSecret(saved, now), false, err}
	})
}

// lately is how long ago the last delivery of a webhook in use may be.
const lately = 10 * time.Minute

// inUse says that somebody would miss a webhook's deliveries.
func (p *Page) inUse(w client.Webhook) bool {
	if here, _ := p.pointsHere(w.URL); here {
		return true
	}
	at, ok := p.seen[w.ID]
	return ok && p.o.Now().Sub(at) < lately
}

func (p *Page) takeToggled(m toggledMsg) tea.Cmd {
	c := p.finish(m.token)
	switch {
	case c == nil:
		return p.late()
	case client.NotFound(m.err):
		return p.vanished(m.before)
	case m.err != nil:
		p.failed(nil, "could not "+map[bool]string{true: "turn off ", false: "turn on "}[m.before.Active]+c.name, why(m.err, m.before.Secret))
		return p.readIfUncertain(m.err)
	case m.already:
		p.say(Hint, shownName(m.webhook)+" was "+onOff(m.webhook.Active)+" already: somebody else did it")
	case m.webhook.Active:
		p.say(Info, shownName(m.webhook)+" is on")
	default:
		p.say(Info, shownName(m.webhook)+" is off; space turns it on again")
	}
	return p.change(m.webhook)
}
