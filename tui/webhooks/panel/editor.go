package panel

import (
	"strconv"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/textblock"
	"github.com/up42/up42-webhooks/tui/webhooks/form"
	"github.com/up42/up42-webhooks/tui/webhooks/webhook"
)

// firstName is the proposed name of a new webhook.
const firstName = "up42hooks"

// editor is the panel with a form.
type editor struct {
	*Opener
	form *form.Form
	// send sends the webhook that the form has.
	send func(e *editor, w client.Webhook) tea.Cmd
}

// Create opens a form for a new webhook, with all events that UP42 names. If UP42 has
// to be asked first, and the user opens something else meanwhile, no form opens.
func (o *Opener) Create() tea.Cmd {
	top := o.Stack.Top()
	return o.Actions.WithEventTypes(func(types []client.EventType) tea.Cmd {
		if o.Stack.Top() != top {
			return nil
		}
		w := client.Webhook{Name: o.freeName(firstName), Active: true, Events: client.NamesOf(types)}
		if o.PublicURL != nil {
			w.URL = o.PublicURL()
		}
		return o.openForm("New webhook", w, (*editor).create)
	})
}

// Duplicate opens a form for a copy of a webhook. It proposes another secret:
// deliveries of webhooks with the same secret can't be told apart. The copy is
// off: as long as nothing differs, all events would come twice.
func (o *Opener) Duplicate(w client.Webhook) tea.Cmd {
	title := "Duplicate of " + webhook.Name(w)
	w.ID, w.Name, w.Active = "", o.freeName(w.Name+" copy"), false
	return o.openForm(title, w, (*editor).create)
}

// Edit opens a form for a webhook.
func (o *Opener) Edit(w client.Webhook) tea.Cmd {
	if o.Actions.Busy(w.ID) {
		return nil
	}
	return o.openForm("Edit "+webhook.Name(w), w, (*editor).review)
}

// freeName returns a name that no webhook has.
func (o *Opener) freeName(wanted string) string {
	taken := map[string]bool{}
	for _, w := range o.List.All() {
		taken[w.Name] = true
	}
	name := wanted
	for n := 2; taken[name]; n++ {
		name = wanted + " " + strconv.Itoa(n)
	}
	return name
}

func (o *Opener) openForm(title string, w client.Webhook, send func(*editor, client.Webhook) tea.Cmd) tea.Cmd {
	o.Stack.Push(&editor{Opener: o, send: send, form: form.New(form.Options{
		Title: title, Webhook: w, Types: o.List.EventTypes(), Others: o.List.All, Receiver: o.Receiver, Keys: o.Keys, Theme: o.Theme,
	})})
	return o.List.ReadTypes()
}

func (e *editor) Captures() bool { return true }

func (e *editor) Close() { e.Stack.Close(e) }

func (e *editor) Fail(problem string) bool {
	e.form.SetProblem(problem)
	return true
}

func (e *editor) Hints() []key.Binding {
	k := e.Keys
	if e.running(e) != nil {
		return e.giveUpHint(e)
	}
	return []key.Binding{k.Next, k.Send, k.Leave, k.Previous}
}

func (e *editor) Draw(b *textblock.Block) { e.form.Draw(b, e.runningWords(e)) }

func (e *editor) Press(msg tea.KeyMsg) (tea.Cmd, bool) {
	switch {
	case !msg.Paste && key.Matches(msg, e.Keys.Leave):
		e.leave()
	case e.running(e) != nil:
		e.Say.Hint("it is being sent; " + e.givesUp(e))
	case e.form.Press(msg):
		w, err := e.form.Webhook(e.Random)
		if err != nil {
			e.form.SetProblem(text.Clean(err.Error(), 0))
			break
		}
		return e.send(e, w), true
	}
	return nil, true
}

// leave goes back one step: from the call that is under way, from the page of the
// secret, or from the form. If the user has typed something, it asks.
func (e *editor) leave() {
	switch {
	case e.running(e) != nil:
		e.Back()
	case e.form.Back():
	case e.form.Changed() && !e.Actions.Confirmed("leave", keys.First(e.Keys.Leave)+" again leaves the form: what was typed is lost"):
	default:
		e.Close()
	}
}

func (e *editor) create(w client.Webhook) tea.Cmd { return e.Actions.Create(w, e) }

// review opens a review of the changes.
func (e *editor) review(after client.Webhook) tea.Cmd {
	before := e.form.Origin()
	if len(form.Differences(before, after)) == 0 {
		e.Close()
		e.Say.Hint("nothing changed: nothing is sent")
		return nil
	}
	e.Stack.Push(&review{Opener: e.Opener, editor: e, form: e.form, before: before, after: after})
	return nil
}
