package webhooks

import (
	"context"
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/text"
)

// removedMsg is UP42's answer to the deletion of a webhook, which is as it was
// right before.
type removedMsg struct {
	token   int
	webhook client.Webhook
	gone    bool // somebody else had deleted it
	err     error
}

// removal asks for the name of a webhook before it deletes it.
type removal struct {
	p       *Page
	webhook client.Webhook
	name    string // to be typed, clean
	input   textinput.Model
	problem string
}

func (p *Page) pressRemove(w client.Webhook) tea.Cmd {
	if p.busy(w.ID) {
		return nil
	}
	in := textinput.New()
	in.KeyMap.Paste = key.NewBinding(key.WithDisabled()) // pasting is the terminal's
	in.Focus()
	name := strings.TrimSpace(text.Clean(w.Name, 0))
	if name == "" {
		name = text.Clean(w.ID, 0)
	}
	p.push(&removal{p: p, webhook: w, name: name, input: in})
	return nil
}

func (r *removal) captures() bool { return true }

func (r *removal) hints() []key.Binding {
	if r.p.calls.waiting(r) != nil {
		return []key.Binding{key.NewBinding(key.WithHelp("esc", "give up"))}
	}
	return []key.Binding{key.NewBinding(key.WithHelp("enter", "delete")), key.NewBinding(key.WithHelp("esc", "keep it"))}
}

func (r *removal) press(msg tea.KeyMsg) (tea.Cmd, bool) {
	k := &r.p.keys
	if !msg.Paste && key.Matches(msg, k.leave) {
		r.p.Back()
		return nil, true
	}
	if r.p.calls.waiting(r) != nil {
		r.p.say(Hint, "it is being deleted; esc gives up")
		return nil, true
	}
	r.problem = ""
	if !msg.Paste && key.Matches(msg, k.confirm) {
		return r.confirm(), true
	}
	msg, _ = typable(msg)
	r.input, _ = r.input.Update(msg) // its command is the cursor's
	return nil, true
}

func (r *removal) confirm() tea.Cmd {
	switch typed := strings.TrimSpace(r.input.Value()); {
	case typed == "":
		r.problem = "type its name to delete it, or esc to keep it"
	case typed != r.name && typed != strings.TrimSpace(r.webhook.Name):
		r.problem = "that is not its name"
	default:
		return r.p.remove(r.webhook, r)
	}
	return nil
}

func (r *removal) draw(s *sheet) {
	th, w := s.theme, r.webhook
	s.title("Delete " + shownName(w) + "?")
	s.gap()
	r.drawInput(s)
	if c := r.p.calls.waiting(r); c != nil {
		s.add(span{th.Progress, indent + th.Glyphs.Progress + " " + c.does + th.Glyphs.Ellipsis + " esc gives up"})
	} else if r.problem != "" {
		s.hanging(th.Error, indent+th.Glyphs.Failed+" ", r.problem)
	}
	s.gap()
	s.prose(th.Plain, "UP42 then sends nothing to it any more. As long as up42hooks runs, u creates it anew, with another id.")
	s.gap()
	s.pair("Name", th.Bold, text.Clean(w.Name, 0))
	s.pair("URL", th.Plain, text.Clean(w.URL, 0))
	s.pair("Active", th.Plain, onOff(w.Active))
}

// drawInput draws what is typed, its end where it is too long.
func (r *removal) drawInput(s *sheet) {
	before, value := indent+"Type its name to delete it: ", r.input.Value()
	room := max(4, s.width-text.Width(before)-2)
	for text.Width(value) > room {
		value = string([]rune(value)[1:])
	}
	s.add(span{s.theme.Plain, before}, span{s.theme.Input, value}, span{s.theme.Plain, cursor(s.theme)(" ")})
}

// remove reads the webhook, for the case that it is to be created anew, and
// deletes it.
func (p *Page) remove(w client.Webhook, from layer) tea.Cmd {
	if p.busy(w.ID) {
		return nil
	}
	api := p.o.API
	c := call{id: w.ID, does: "deleting", name: shownName(w), changes: true, removes: &w, layer: from}
	return p.begin(c, func(ctx context.Context, token int) tea.Msg {
		now, err := api.Webhook(ctx, w.ID)
		if err != nil {
			now = w
		} else {
			err = api.DeleteWebhook(ctx, w.ID)
		}
		if client.NotFound(err) {
			return removedMsg{token, now, true, nil}
		}
		return removedMsg{token, now, false, err}
	})
}

func (p *Page) takeRemoved(m removedMsg) tea.Cmd {
	c := p.finish(m.token)
	if c == nil {
		return p.late()
	}
	name := shownName(m.webhook)
	if m.err != nil {
		p.failRemove(c, m)
		return p.readIfUncertain(m.err)
	}
	p.closeLayer(c.layer)
	p.deleted = append(p.deleted, m.webhook)
	if m.gone {
		p.say(Hint, name+" was deleted already, by somebody else; u creates it anew")
	} else {
		p.say(Info, "deleted "+name+"; u creates it anew")
	}
	p.leaveAbout(m.webhook.ID)
	return p.drop(m.webhook.ID)
}

func (p *Page) failRemove(c *call, m removedMsg) {
	if uncertain(m.err) {
		p.missed[m.webhook.ID] = m.webhook
	}
	p.failed(c.layer, "could not delete "+c.name, why(m.err))
}

// leaveAbout closes what is open on a webhook that is gone.
func (p *Page) leaveAbout(id string) {
	for _, l := range p.layers {
		if a, ok := l.(about); ok && a.subject() == id {
			p.closeLayer(l)
			return
		}
	}
}

// findMissed notes what was deleted although nobody heard of it.
func (p *Page) findMissed() {
	for id, w := range p.missed {
		if _, there := p.webhook(id); !there {
			p.deleted = append(p.deleted, w)
			p.say(Info, "UP42 has deleted "+shownName(w)+" after all; u creates it anew")
		}
	}
	clear(p.missed)
}

// findUndone looks whether a webhook was created anew though nobody knew: else
// it can still be.
func (p *Page) findUndone() {
	w := p.undoing
	if w == nil {
		return
	}
	p.undoing = nil
	if slices.ContainsFunc(p.list.all, func(now client.Webhook) bool {
		return now.Name == w.Name && now.URL == w.URL && now.Secret == w.Secret
	}) {
		p.undid = true
		return
	}
	p.deleted = append(p.deleted, *w)
}

// pressUndo creates anew what was deleted last.
func (p *Page) pressUndo() tea.Cmd {
	switch {
	case p.busy(newID):
		return nil
	case p.undoing != nil:
		p.say(Hint, "whether "+shownName(*p.undoing)+" is there again is not known yet: r reads the list")
		return nil
	case len(p.deleted) == 0 && p.undid:
		p.say(Hint, "nothing left to undo")
		return nil
	case len(p.deleted) == 0:
		p.say(Hint, "nothing to undo: no webhook was deleted since the start")
		return nil
	}
	w := p.deleted[len(p.deleted)-1]
	p.deleted = p.deleted[:len(p.deleted)-1]
	return p.create(w, nil, &w)
}
