package panel

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/number"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/textblock"
	"github.com/up42/up42-webhooks/tui/webhooks/form"
	"github.com/up42/up42-webhooks/tui/webhooks/webhook"
)

// removals asks for the number of webhooks before it deletes them.
type removals struct {
	*Opener
	all     []client.Webhook
	typed   string
	problem string
	confirm func() tea.Cmd
}

// maxTyped is how many digits can be typed.
const maxTyped = 6

// RemoveAll asks whether to delete webhooks, and calls do if the user agrees.
func (o *Opener) RemoveAll(all []client.Webhook, do func() tea.Cmd) {
	o.Stack.Push(&removals{Opener: o, all: all, confirm: do})
}

func (r *removals) Captures() bool { return true }

func (r *removals) Hints() []key.Binding {
	return []key.Binding{hint(r.Keys.Confirm, "delete"), hint(r.Keys.Leave, "keep them")}
}

func (r *removals) Press(msg tea.KeyMsg) (tea.Cmd, bool) {
	switch {
	case msg.Paste:
		r.problem = "type the number"
	case key.Matches(msg, r.Keys.Leave):
		r.Back()
	case key.Matches(msg, r.Keys.Confirm):
		return r.enter(), true
	case msg.Type == tea.KeyBackspace:
		r.problem, r.typed = "", r.typed[:max(0, len(r.typed)-1)]
	case msg.Type == tea.KeyRunes:
		r.typeDigits(string(msg.Runes))
	}
	return nil, true
}

func (r *removals) typeDigits(s string) {
	r.problem = ""
	for _, c := range s {
		if c < '0' || c > '9' {
			r.problem = "only digits"
		} else if len(r.typed) < maxTyped {
			r.typed += string(c)
		}
	}
}

func (r *removals) enter() tea.Cmd {
	if r.typed != strconv.Itoa(len(r.all)) {
		r.problem = fmt.Sprintf("type %d to delete %s, or %s to keep %[2]s", len(r.all), r.them(), keys.First(r.Keys.Leave))
		return nil
	}
	r.Stack.Close(r)
	return r.confirm()
}

func (r *removals) them() string { return number.Plural(int64(len(r.all)), "it", "them") }

func (r *removals) Draw(b *textblock.Block) {
	th := b.Theme
	b.Title("Delete " + number.Of(int64(len(r.all)), "webhook", "webhooks") + "?")
	b.Gap()
	b.Add(
		textblock.Span{Style: th.Plain, Text: fmt.Sprintf("%sType %d to delete %s: ", textblock.Indent, len(r.all), r.them())},
		textblock.Span{Style: th.Input, Text: r.typed},
		textblock.Span{Style: th.Plain, Text: form.Cursor(th)(" ")},
	)
	if r.problem != "" {
		b.Problem(r.problem)
	}
	b.Gap()
	b.Prose(th.Plain, "UP42 then sends nothing more to them. Until up42hooks ends, "+keys.First(r.Keys.Undo)+" creates them again one by one, with other ids, but for those whose secret is not known.")
	b.Gap()
	names := make([]string, len(r.all))
	for i, w := range r.all {
		names[i] = text.Short(webhook.Name(w), 40)
	}
	b.Prose(th.Bold, strings.Join(names, ", "))
}
