package webhooks

import (
	"context"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/text"
)

// savedMsg is UP42's answer to a change. Where somebody changed the webhook
// meanwhile nothing was sent, and webhook is what it is now.
type savedMsg struct {
	token    int
	webhook  client.Webhook
	conflict bool
	err      error
}

func (p *Page) pressEdit(w client.Webhook) tea.Cmd {
	if p.busy(w.ID) {
		return nil
	}
	secret := keepSecret
	if w.Secret == "" {
		secret = withoutSecret
	}
	p.push(p.newForm("Edit "+shownName(w), draftOf(w, secret), p.showChange))
	return p.readTypes()
}

// showChange shows what a form changes, before it is sent.
func (p *Page) showChange(f *form) tea.Cmd {
	made, err := p.made(f.draft)
	if err != nil {
		f.problem = text.Clean(err.Error(), 0)
		return nil
	}
	before, after := f.draft.origin, f.draft.webhook(made)
	if len(differences(before, after)) == 0 {
		p.closeLayer(f)
		p.say(Hint, "nothing changed: nothing is sent")
		return nil
	}
	p.push(&review{p: p, form: f, before: before, after: after})
	return nil
}

// review shows a change and asks whether to send it.
type review struct {
	p             *Page
	form          *form
	before, after client.Webhook
	// theirs is what somebody else changed meanwhile.
	theirs []difference
}

func (r *review) captures() bool { return true }

func (r *review) hints() []key.Binding {
	if r.p.calls.waiting(r) != nil {
		return []key.Binding{key.NewBinding(key.WithHelp("esc", "give up"))}
	}
	return []key.Binding{
		key.NewBinding(key.WithHelp("enter", "send")), key.NewBinding(key.WithHelp("esc", "back to the form")),
	}
}

func (r *review) press(msg tea.KeyMsg) (tea.Cmd, bool) {
	k := &r.p.keys
	switch {
	case msg.Paste:
		r.p.say(Hint, "nothing to paste into: enter sends, esc goes back to the form")
	case key.Matches(msg, k.leave):
		r.p.Back()
	case r.p.calls.waiting(r) != nil:
		r.p.say(Hint, "it is being sent; esc gives up")
	case key.Matches(msg, k.confirm, k.send):
		return r.send(), true
	case r.p.pressScroll(msg):
	default:
		r.p.say(Hint, "enter sends it, esc goes back to the form")
	}
	return nil, true
}

func (r *review) draw(s *sheet) {
	th := s.theme
	s.title("Change " + shownName(r.before))
	if len(r.theirs) > 0 {
		s.gap()
		s.hanging(th.Mark, indent+th.Glyphs.Arrow+" ", "Somebody changed it meanwhile, and that stays:")
		drawDifferences(s, r.theirs)
	}
	s.gap()
	s.prose(th.Plain, map[bool]string{false: "This is what will change:", true: "On top of that you change:"}[len(r.theirs) > 0])
	drawDifferences(s, differences(r.before, r.after))
	s.gap()
	if c := r.p.calls.waiting(r); c != nil {
		s.add(span{th.Progress, indent + th.Glyphs.Progress + " " + c.does + th.Glyphs.Ellipsis + " esc gives up"})
		return
	}
	if r.form.problem != "" {
		s.hanging(th.Error, indent+th.Glyphs.Failed+" ", r.form.problem)
		s.gap()
	}
	s.prose(th.Dim, "enter sends it. esc goes back to the form.")
}

func drawDifferences(s *sheet, all []difference) {
	th := s.theme
	for _, d := range all {
		s.gap()
		s.pair(d.field, th.Dim, orNothing(d.old))
		s.pair("", th.Bold, th.Glyphs.Arrow+" "+orNothing(d.new))
	}
}

func orNothing(s string) string {
	if s == "" {
		return "(nothing)"
	}
	return s
}

// send reads the webhook once more, so that no change of somebody else's is
// undone unseen, and then sends all of it: a PUT replaces.
func (r *review) send() tea.Cmd {
	p := r.p
	if p.busy(r.before.ID) {
		return nil
	}
	r.form.problem = ""
	api, before, after := p.o.API, r.before, r.after
	c := call{id: before.ID, does: "saving", name: shownName(before), changes: true, layer: r}
	return p.begin(c, func(ctx context.Context, token int) tea.Msg {
		now, err := api.Webhook(ctx, before.ID)
		switch {
		case err != nil:
			return savedMsg{token: token, err: err}
		case len(differences(before, now)) > 0:
			return savedMsg{token: token, webhook: now, conflict: true}
		}
		sent := rebase(before, after, now)
		saved, err := api.UpdateWebhook(ctx, sent)
		return savedMsg{token: token, webhook: withSecret(saved, sent), err: err}
	})
}

func (p *Page) takeSaved(m savedMsg) tea.Cmd {
	c := p.finish(m.token)
	if c == nil {
		return p.late()
	}
	r, _ := c.layer.(*review)
	switch {
	case client.NotFound(m.err):
		p.closeLayer(r.form)
		return p.vanished(r.before)
	case m.err != nil:
		p.failed(r.form, "could not save "+c.name, why(m.err, r.before.Secret, r.after.Secret))
		return p.readIfUncertain(m.err)
	case m.conflict:
		return p.reconcile(r, m.webhook)
	}
	p.closeLayer(r.form)
	p.say(Info, "saved "+shownName(m.webhook))
	return p.change(m.webhook)
}

// reconcile asks again, on top of what somebody else changed.
func (p *Page) reconcile(r *review, now client.Webhook) tea.Cmd {
	cmd := p.change(now)
	r.theirs = differences(r.before, now)
	r.after = rebase(r.before, r.after, now)
	r.before = now
	r.form.draft.origin = now
	if len(differences(r.before, r.after)) == 0 {
		p.closeLayer(r.form)
		p.say(Hint, "somebody made the same change meanwhile: nothing is sent")
		return cmd
	}
	p.say(Hint, shownName(now)+" was changed meanwhile: nothing was sent, look again")
	return cmd
}

// vanished takes out a webhook that UP42 no longer knows.
func (p *Page) vanished(w client.Webhook) tea.Cmd {
	p.deleted = append(p.deleted, w)
	p.say(Hint, shownName(w)+" is gone: somebody deleted it meanwhile; u creates it anew")
	p.leaveAbout(w.ID)
	return p.drop(w.ID)
}
