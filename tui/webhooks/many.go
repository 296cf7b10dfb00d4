package webhooks

import (
	"fmt"
	"slices"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/marks"
	"github.com/up42/up42-webhooks/tui/number"
	"github.com/up42/up42-webhooks/tui/webhooks/webhook"
)

// pressMarked takes the keys that act on all marked webhooks. ok is false if none is marked, or
// if the key is for one webhook.
func (p *Page) pressMarked(msg tea.KeyMsg) (cmd tea.Cmd, ok bool) {
	all := p.markedWebhooks()
	switch k := p.keys; {
	case len(all) == 0 || p.o.API == nil:
		return nil, false
	case key.Matches(msg, k.Toggle):
		return p.turnMarked(all), true
	case key.Matches(msg, k.Remove):
		p.panels.RemoveAll(all, func() tea.Cmd {
			return p.jobs.Start(p.Marks(), words("deleting", "deleted"), p.actions.RemoveAll(all))
		})
		return nil, true
	case key.Matches(msg, k.Edit, k.Test, k.Duplicate, k.CopySecret, k.Reveal, k.Pin):
		p.say.Hint(fmt.Sprintf("this key is for one webhook: %s removes the marks first; %s turns all that are marked on or off, %s deletes them", keys.First(k.Back), keys.First(k.Toggle), keys.First(k.Remove)))
		return nil, true
	}
	return nil, false
}

func (p *Page) markedWebhooks() (all []client.Webhook) {
	for _, r := range p.Marks().Rows() {
		if w, ok := p.Find(r.ID); ok {
			all = append(all, w)
		}
	}
	return all
}

// turnMarked turns all on if one of them is off, and else all off, once that is confirmed.
func (p *Page) turnMarked(all []client.Webhook) tea.Cmd {
	on := slices.ContainsFunc(all, func(w client.Webhook) bool { return !w.Active })
	many := number.Of(int64(len(all)), "webhook", "webhooks")
	if !on && !p.actions.Confirmed("off "+many, keys.First(p.keys.Toggle)+" again turns off "+many+": their deliveries stop") {
		return nil
	}
	return p.jobs.Start(p.Marks(), words("turning "+webhook.OnOff(on), "turned "+webhook.OnOff(on)), p.actions.TurnAll(all, on))
}

func words(does, did string) marks.Words {
	return marks.Words{Does: does, Did: did, One: "webhook", Many: "webhooks"}
}
