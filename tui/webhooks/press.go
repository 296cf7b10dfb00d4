package webhooks

import (
	"fmt"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/elapsed"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/webhooks/list"
	"github.com/up42/up42-webhooks/tui/webhooks/webhook"
)

// Press handles a key. It returns false if the key means nothing here. If a key
// of the page can do nothing now, a note says why.
func (p *Page) Press(msg tea.KeyMsg) (cmd tea.Cmd, ok bool) {
	if !p.Captures() && !msg.Paste && key.Matches(msg, p.keys.Back) && p.back() {
		return nil, true
	}
	shown := p.revealed.hide()
	p.actions.NextKey()
	p.Invalidate()
	if shown && !msg.Paste && key.Matches(msg, p.keys.Reveal) {
		return nil, true // the second press hides it
	}
	if !p.Captures() {
		if words, refused := p.refusals.Press(msg); refused {
			p.say.Hint(words)
			return nil, true
		}
	}
	if top := p.stack.Top(); top != nil {
		if cmd, ok = top.Press(msg); ok {
			return cmd, true
		}
		return p.pressOverList(msg)
	}
	if cmd, ok = p.pressMarked(msg); ok && !msg.Paste {
		return cmd, true
	}
	if msg.Paste || !key.Matches(msg, p.keys.Actions()...) {
		return p.pressList(msg)
	}
	return p.act(msg), true
}

// pressList handles the keys that all lists have.
func (p *Page) pressList(msg tea.KeyMsg) (tea.Cmd, bool) {
	switch k := p.o.Keys; {
	case k == nil || msg.Paste:
		return nil, false
	case key.Matches(msg, k.Pause):
		p.say.Hint(fmt.Sprintf("this page is read again every %s; %s pauses the other pages", elapsed.Short(list.MaxAge), keys.First(k.Pause)))
		return nil, true
	case key.Matches(msg, k.Refresh):
		p.say.Hint(fmt.Sprintf("%s asks UP42 about an order or a job; %s reads the webhooks again", keys.First(k.Refresh), keys.First(p.keys.Refresh)))
		return nil, true
	}
	return p.browser.Press(msg)
}

// back goes back one step: it gives up a call, or closes a panel. It returns
// false if there is nothing to go back from.
func (p *Page) back() bool {
	p.actions.NextKey()
	p.Invalidate()
	if p.revealed.hide() || p.panels.Back() {
		return true
	}
	if c := p.actions.Newest(); c != nil {
		p.actions.GiveUp(c)
		return true
	}
	if p.Reading() && p.StopReading() {
		p.say.Info("gave up reading the webhooks; " + keys.First(p.keys.Refresh) + " reads them")
		return true
	}
	return false
}

// pressOverList handles the keys that a panel about a webhook leaves to the page.
func (p *Page) pressOverList(msg tea.KeyMsg) (tea.Cmd, bool) {
	k, l := p.keys, p.o.Keys
	if l == nil {
		l = keys.New()
	}
	switch {
	case msg.Paste:
		return nil, false
	case p.stack.Scroll(k, msg, p.pageLines()):
		return nil, true
	case key.Matches(msg, l.Filter, l.Sort, l.Reverse, l.NextMatch, l.PreviousMatch):
		p.say.Hint(keys.First(k.Back) + " goes back to the list first")
		return nil, true
	case !key.Matches(msg, k.Actions()...):
		return nil, false
	}
	if _, ok := p.subject(); !ok && !key.Matches(msg, k.Create, k.Refresh, k.Undo) {
		p.say.Hint("this webhook is gone; " + keys.First(k.Back) + " goes back to the list")
		return nil, true
	}
	return p.act(msg), true
}

// act does what a key stands for.
func (p *Page) act(msg tea.KeyMsg) tea.Cmd {
	k := p.keys
	if p.o.API == nil {
		p.say.Hint("there are no credentials: this page says how to give some")
		return nil
	}
	switch {
	case key.Matches(msg, k.Create):
		return p.panels.Create()
	case key.Matches(msg, k.Refresh):
		return p.Refresh()
	case key.Matches(msg, k.Undo):
		return p.actions.Undo()
	}
	w, ok := p.subject()
	if !ok {
		p.say.Hint("no webhook is selected")
		return nil
	}
	return p.actOn(w, msg)
}

func (p *Page) actOn(w client.Webhook, msg tea.KeyMsg) tea.Cmd {
	k := p.keys
	switch {
	case key.Matches(msg, k.Details):
		p.panels.Details(w.ID)
	case key.Matches(msg, k.Edit):
		return p.panels.Edit(w)
	case key.Matches(msg, k.Toggle):
		return p.actions.Toggle(w)
	case key.Matches(msg, k.Test):
		return p.panels.Test(w)
	case key.Matches(msg, k.Remove):
		p.panels.Remove(w)
	case key.Matches(msg, k.Duplicate):
		return p.panels.Duplicate(w)
	case key.Matches(msg, k.CopyID):
		return p.clipboard.CopyID(w.ID)
	case key.Matches(msg, k.CopySecret):
		return p.copySecret(w)
	case key.Matches(msg, k.Pin):
		last, _ := p.actions.Outcome(w.ID)
		return p.actions.Pins.Pin(w, &last.Result, p.actions.Of(w.ID) != nil)
	case key.Matches(msg, k.Reveal):
		p.reveal(w)
	}
	return nil
}

func (p *Page) reveal(w client.Webhook) {
	if why := webhook.NoSecret(w); why != "" {
		p.say.Hint(why)
		return
	}
	p.revealed.show(w, p.o.Now())
}

// copySecret copies the secret of a webhook.
func (p *Page) copySecret(w client.Webhook) tea.Cmd {
	if why := webhook.NoSecret(w); why != "" {
		p.say.Hint("nothing to copy: " + why)
		return nil
	}
	return p.clipboard.Copy(w.Secret.Reveal(), "the secret of "+webhook.Name(w))
}

// subject is the webhook that keys act on: that of the panel on top, or the one
// under the cursor.
func (p *Page) subject() (client.Webhook, bool) {
	if id, ok := p.stack.Subject(); ok {
		return p.Find(id)
	}
	return p.AtCursor()
}

// Keys returns the page's keys for the help, with those of the form.
func (p *Page) Keys() []key.Binding {
	return append(p.keys.Actions(), p.keys.Send, p.keys.Previous)
}

// Hints returns the keys that matter now, for the footer, the most useful first.
func (p *Page) Hints() []key.Binding {
	k := p.keys
	if top := p.stack.Top(); top != nil {
		return top.Hints()
	}
	if p.o.API == nil {
		return nil
	}
	if p.Marks().Len() > 0 {
		remove := k.Remove
		remove.SetHelp(remove.Help().Key, "delete them")
		return []key.Binding{k.Toggle, remove}
	}
	if _, ok := p.AtCursor(); !ok && !p.actions.CanUndo() {
		return []key.Binding{k.Create, k.Refresh}
	}
	hints := []key.Binding{k.Create, k.Test, k.Edit, k.Toggle, k.Remove, k.Details, k.Reveal, k.Refresh, k.Duplicate}
	if p.actions.CanUndo() {
		return append([]key.Binding{k.Undo}, hints...)
	}
	return hints
}
