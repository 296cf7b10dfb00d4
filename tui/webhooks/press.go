package webhooks

import (
	"context"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/text"
)

// Press takes a key; ok is false where it means nothing here. The page says why
// a key of its own can do nothing.
func (p *Page) Press(msg tea.KeyMsg) (cmd tea.Cmd, ok bool) {
	p.mask()
	p.turn()
	p.pinNew = false
	p.Invalidate()
	if top := p.topmost(); top != nil {
		return top.press(msg)
	}
	if msg.Paste || !key.Matches(msg, p.keys.acts()...) {
		return nil, false
	}
	return p.act(msg), true
}

// act does what a key of the list does, with the webhook that is looked at.
func (p *Page) act(msg tea.KeyMsg) tea.Cmd {
	k := &p.keys
	if p.o.API == nil {
		p.say(Hint, "there are no credentials: this page says how to give some")
		return nil
	}
	switch {
	case key.Matches(msg, k.create):
		return p.pressCreate()
	case key.Matches(msg, k.refresh):
		return p.pressRefresh()
	case key.Matches(msg, k.undo):
		return p.pressUndo()
	}
	w, ok := p.subject()
	if !ok {
		p.say(Hint, "no webhook is selected")
		return nil
	}
	return p.actOn(w, msg)
}

func (p *Page) actOn(w client.Webhook, msg tea.KeyMsg) tea.Cmd {
	k := &p.keys
	switch {
	case key.Matches(msg, k.details):
		p.push(&details{p, w.ID})
	case key.Matches(msg, k.edit):
		return p.pressEdit(w)
	case key.Matches(msg, k.toggle):
		return p.pressToggle(w)
	case key.Matches(msg, k.test):
		return p.pressTest(w)
	case key.Matches(msg, k.remove):
		return p.pressRemove(w)
	case key.Matches(msg, k.duplicate):
		return p.pressDuplicate(w)
	case key.Matches(msg, k.copyID):
		return p.copy(text.Clean(w.ID, 0), text.Clean(w.ID, 60))
	case key.Matches(msg, k.copySecret):
		return p.copySecret(w)
	case key.Matches(msg, k.pin):
		return p.pressPin(w)
	case key.Matches(msg, k.reveal):
		p.pressReveal(w)
	}
	return nil
}

// subject is the webhook that is looked at: that of what lies over the list, or
// the one under the cursor.
func (p *Page) subject() (client.Webhook, bool) {
	if top, ok := p.topmost().(about); ok {
		return p.webhook(top.subject())
	}
	r, ok := p.Selected()
	if !ok {
		return client.Webhook{}, false
	}
	return r.webhook, true
}

// pressAbout takes the keys that all layers on one webhook have.
func (p *Page) pressAbout(msg tea.KeyMsg) (tea.Cmd, bool) {
	switch {
	case msg.Paste:
		return nil, false
	case key.Matches(msg, p.keys.toggle) && !p.longer:
		p.say(Hint, "all of it can be seen; in the list space turns it on and off: esc goes back there")
		return nil, true
	case p.pressScroll(msg):
		return nil, true
	case key.Matches(msg, p.keys.list):
		p.say(Hint, "esc goes back to the list first")
		return nil, true
	case !key.Matches(msg, p.keys.acts()...):
		return nil, false
	}
	if _, ok := p.subject(); !ok && !key.Matches(msg, p.keys.create, p.keys.refresh, p.keys.undo) {
		p.say(Hint, "this webhook is gone; esc goes back to the list")
		return nil, true
	}
	return p.act(msg), true
}

// reveal is a secret that is shown for a while.
type reveal struct {
	name   string
	secret client.Secret
	until  time.Time
}

// revealTime is how long a secret is shown.
const revealTime = 10 * time.Second

const noSecret = " has no secret: its deliveries are not signed"

func (p *Page) pressReveal(w client.Webhook) {
	if w.Secret == "" {
		p.say(Hint, shownName(w)+noSecret)
		return
	}
	p.reveal = &reveal{shownName(w), w.Secret, p.o.Now().Add(revealTime)}
	p.Invalidate()
}

// mask hides the secret that is shown.
func (p *Page) mask() {
	if p.reveal != nil {
		p.reveal = nil
		p.Invalidate()
	}
}

// copiedMsg is the clipboard's answer; what must be clean.
type copiedMsg struct {
	what string
	err  error
}

func (p *Page) copySecret(w client.Webhook) tea.Cmd {
	if w.Secret == "" {
		p.say(Hint, "nothing to copy: "+shownName(w)+noSecret)
		return nil
	}
	return p.copy(w.Secret.Reveal(), "the secret of "+shownName(w))
}

func (p *Page) copy(value, what string) tea.Cmd {
	if p.o.Copy == nil {
		p.say(Hint, "nothing to copy to: this terminal has no clipboard")
		return nil
	}
	return p.o.Do(func(context.Context) tea.Msg { return copiedMsg{what, p.o.Copy(value)} })
}

func (p *Page) takeCopied(m copiedMsg) {
	if m.err != nil {
		p.say(Failure, "could not copy: "+m.err.Error())
		return
	}
	p.say(Info, "copied "+m.what)
}
