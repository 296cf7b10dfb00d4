package panel

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/textblock"
	"github.com/up42/up42-webhooks/tui/webhooks/form"
	"github.com/up42/up42-webhooks/tui/webhooks/webhook"
)

// removal asks for the name of a webhook before it deletes it.
type removal struct {
	*Opener
	webhook client.Webhook
	what    string // what is to be typed: "its name", or "the start of its id"
	name    string // the text that is to be typed; clean
	input   textinput.Model
	problem string // clean
}

// Remove asks whether to delete a webhook.
func (o *Opener) Remove(w client.Webhook) {
	if o.Actions.Busy(w.ID) {
		return
	}
	in := textinput.New()
	in.KeyMap.Paste = key.NewBinding(key.WithDisabled()) // the terminal pastes
	in.Focus()
	what, name := "its name", strings.TrimSpace(text.Clean(w.Name, 0))
	if !typable(name) {
		what, name = "the start of its id", text.Clean(text.Head(w.ID, idStart), 0)
	}
	o.Stack.Push(&removal{Opener: o, webhook: w, what: what, name: name, input: in})
}

// idStart is how many characters of an id tell a webhook from others.
const idStart = 8

// typable reports whether any keyboard has the characters of a name.
func typable(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r > '~' })
}

func (r *removal) Captures() bool { return true }

func (r *removal) Close() { r.Stack.Close(r) }

func (r *removal) Fail(problem string) bool {
	r.problem = problem
	return true
}

func (r *removal) Hints() []key.Binding {
	if r.running(r) != nil {
		return r.giveUpHint(r)
	}
	return []key.Binding{hint(r.Keys.Confirm, "delete"), hint(r.Keys.Leave, "keep it")}
}

func (r *removal) Press(msg tea.KeyMsg) (tea.Cmd, bool) {
	switch {
	case !msg.Paste && key.Matches(msg, r.Keys.Leave):
		r.Back()
	case r.running(r) != nil:
		r.Say.Hint("it is being deleted; " + r.givesUp(r))
	case !msg.Paste && key.Matches(msg, r.Keys.Confirm):
		return r.confirm(), true
	default:
		r.problem = ""
		msg, _ = form.Typable(msg)
		r.input, _ = r.input.Update(msg) // the command that it returns only makes the cursor blink
	}
	return nil, true
}

func (r *removal) confirm() tea.Cmd {
	r.problem = ""
	switch typed := strings.TrimSpace(r.input.Value()); {
	case typed == "":
		r.problem = "type " + r.what + " to delete it, or " + keys.First(r.Keys.Leave) + " to keep it"
	case typed != r.name && typed != strings.TrimSpace(r.webhook.Name) && typed != text.Clean(r.webhook.Name, 0) && typed != r.webhook.ID:
		r.problem = "that is not " + r.what
	default:
		return r.Actions.Remove(r.webhook, r)
	}
	return nil
}

func (r *removal) Draw(b *textblock.Block) {
	th, w := b.Theme, r.webhook
	b.Title("Delete " + webhook.Name(w) + "?")
	b.Gap()
	r.drawInput(b)
	if deleting := r.runningWords(r); deleting != "" {
		b.Running(deleting)
	} else if r.problem != "" {
		b.Problem(r.problem)
	}
	b.Gap()
	undo := "Until up42hooks ends, " + keys.First(r.Keys.Undo) + " creates it again, with another id."
	if w.SecretUnknown {
		undo = "This can't be undone: its secret is not known."
	}
	b.Prose(th.Plain, "UP42 then sends nothing more to it. "+undo)
	b.Gap()
	b.Styled("Name", th.Bold, text.Clean(w.Name, 0))
	b.Pair("URL", text.Clean(w.URL, 0))
	b.Pair("Active", webhook.OnOff(w.Active))
}

// drawInput shows what is typed. If it is too long, it shows the end.
func (r *removal) drawInput(b *textblock.Block) {
	ask := "Type " + r.what
	if r.what != "its name" {
		ask += ", " + r.name + ","
	}
	th, before, value := b.Theme, textblock.Indent+ask+" to delete it: ", r.input.Value()
	room := max(4, b.Width-text.Width(before)-2)
	for text.Width(value) > room {
		value = string([]rune(value)[1:])
	}
	b.Add(
		textblock.Span{Style: th.Plain, Text: before},
		textblock.Span{Style: th.Input, Text: value},
		textblock.Span{Style: th.Plain, Text: form.Cursor(th)(" ")},
	)
}
