package webhooks

import (
	"context"

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
	if p.busy(w.ID) {
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

func (p *Page) takeToggled(m toggledMsg) tea.Cmd {
	c := p.finish(m.token)
	switch {
	case c == nil:
		return p.late()
	case client.NotFound(m.err):
		return p.vanished(m.before)
	case m.err != nil:
		p.say(Failure, c.does+" "+c.name+" failed: "+why(m.err, m.before.Secret))
		return p.readIfUncertain(m.err)
	case m.already:
		p.say(Hint, shownName(m.webhook)+" was "+onOff(m.webhook.Active)+" already: somebody else did it")
	default:
		p.say(Info, shownName(m.webhook)+" is "+onOff(m.webhook.Active))
	}
	return p.change(m.webhook)
}
