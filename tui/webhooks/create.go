package webhooks

import (
	"context"
	"strconv"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/text"
)

// createdMsg is UP42's answer to the creation of a webhook.
type createdMsg struct {
	token   int
	asked   client.Webhook
	webhook client.Webhook
	undone  *client.Webhook // what was deleted, where it is created anew
	err     error
}

// firstName is what a new webhook is called unless its user says otherwise.
const firstName = "up42hooks"

func (p *Page) pressCreate() tea.Cmd {
	w := client.Webhook{Name: p.freeName(firstName), URL: p.proposedURL(), Active: true}
	for _, t := range p.eventTypes() {
		w.Events = append(w.Events, t.Name)
	}
	p.push(p.newForm("New webhook", draftOf(w, generateSecret), p.sendNew))
	return p.readTypes()
}

// pressDuplicate starts a new webhook from one that is there. Its secret is a
// new one unless its user says otherwise: two webhooks with one secret can't be
// told apart by their deliveries.
func (p *Page) pressDuplicate(w client.Webhook) tea.Cmd {
	title := "Duplicate of " + shownName(w)
	w.ID, w.Name = newID, p.freeName(w.Name+" copy")
	w.Active = false // until it differs, all would come twice
	p.push(p.newForm(title, draftOf(w, generateSecret), p.sendNew))
	return p.readTypes()
}

// freeName is a name that no webhook has yet.
func (p *Page) freeName(wanted string) string {
	taken := map[string]bool{}
	for _, w := range p.list.all {
		taken[w.Name] = true
	}
	name := wanted
	for n := 2; taken[name]; n++ {
		name = wanted + " " + strconv.Itoa(n)
	}
	return name
}

// sendNew creates what a form says.
func (p *Page) sendNew(f *form) tea.Cmd {
	made, err := p.made(f.draft)
	if err != nil {
		f.problem = text.Clean(err.Error(), 0)
		return nil
	}
	w := f.draft.webhook(made)
	return p.create(w, f, nil)
}

// made is a new secret, where the draft wants one.
func (p *Page) made(d *draft) (client.Secret, error) {
	if d.secret != generateSecret {
		return "", nil
	}
	return client.NewSecret(p.o.Random)
}

func (p *Page) create(w client.Webhook, from layer, undone *client.Webhook) tea.Cmd {
	if p.busy(newID) {
		return nil
	}
	api := p.o.API
	c := call{id: newID, does: "creating", name: shownName(w), changes: true, layer: from}
	return p.begin(c, func(ctx context.Context, token int) tea.Msg {
		created, err := api.CreateWebhook(ctx, w)
		return createdMsg{token, w, withSecret(created, w), undone, err}
	})
}

// withSecret is what UP42 answered, with the secret that it was sent where it
// does not repeat that.
func withSecret(answered, sent client.Webhook) client.Webhook {
	if answered.Secret == "" {
		answered.Secret = sent.Secret
	}
	return answered
}

func (p *Page) takeCreated(m createdMsg) tea.Cmd {
	c := p.finish(m.token)
	if c == nil {
		p.undoing = m.undone
		return p.late()
	}
	if m.err != nil {
		return p.failCreate(c, m)
	}
	if c.layer != nil {
		p.closeLayer(c.layer)
	}
	cmd := p.change(m.webhook)
	p.Select(m.webhook.ID)
	if m.undone != nil {
		p.undid = true
		p.say(Info, "created "+shownName(m.webhook)+" anew; its id is new: "+text.Clean(m.webhook.ID, 60))
	} else {
		p.say(Info, "created "+shownName(m.webhook)+"; t tests it"+secretHint(m.webhook))
	}
	return cmd
}

func secretHint(w client.Webhook) string {
	if w.Secret == "" {
		return ", and it signs nothing"
	}
	return ", Y copies its secret"
}

func (p *Page) failCreate(c *call, m createdMsg) tea.Cmd {
	switch {
	case m.undone == nil:
	case uncertain(m.err):
		p.undoing = m.undone
	default:
		p.deleted = append(p.deleted, *m.undone)
	}
	p.failed(c.layer, "could not create "+shownName(m.asked), why(m.err, m.asked.Secret))
	return p.readIfUncertain(m.err)
}

// readIfUncertain reads the list where UP42 may have done what failed. There is
// something to be read already, so it is done quietly.
func (p *Page) readIfUncertain(err error) tea.Cmd {
	if uncertain(err) {
		return p.read(quiet)
	}
	return nil
}

// proposedURL is what the URL of a new webhook starts as.
func (p *Page) proposedURL() string {
	if p.o.PublicURL == nil {
		return ""
	}
	return p.o.PublicURL()
}
