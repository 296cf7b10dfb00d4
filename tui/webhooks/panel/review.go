package panel

import (
	"fmt"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/textblock"
	"github.com/up42/up42-webhooks/tui/webhooks/form"
	"github.com/up42/up42-webhooks/tui/webhooks/webhook"
)

// review shows what a form changes, and asks whether to send it.
type review struct {
	*Opener
	editor        Panel // the panel with the form
	form          *form.Form
	before, after client.Webhook
	// theirs is what somebody else has changed meanwhile.
	theirs []form.Difference
}

func (r *review) Captures() bool { return true }

// Close closes the form, and the review with it.
func (r *review) Close() { r.Stack.Close(r.editor) }

func (r *review) Fail(problem string) bool {
	r.form.SetProblem(problem)
	return true
}

func (r *review) Hints() []key.Binding {
	if r.running(r) != nil {
		return r.giveUpHint(r)
	}
	return []key.Binding{hint(r.Keys.Confirm, "send"), hint(r.Keys.Leave, "back to the form")}
}

func (r *review) Press(msg tea.KeyMsg) (tea.Cmd, bool) {
	k := r.Keys
	switch {
	case msg.Paste:
		r.Say.Hint("nothing to paste into: " + r.sends())
	case key.Matches(msg, k.Leave):
		r.Back()
	case r.running(r) != nil:
		r.Say.Hint("it is being sent; " + r.givesUp(r))
	case key.Matches(msg, k.Confirm, k.Send):
		r.form.SetProblem("")
		return r.Actions.Save(r.before, r.after, r, r.conflict), true
	case r.Stack.Scroll(k, msg, r.PageLines()):
	default:
		r.Say.Hint(r.sends())
	}
	return nil, true
}

// sends says what the keys do.
func (r *review) sends() string {
	return fmt.Sprintf("%s sends it; %s goes back to the form", keys.First(r.Keys.Confirm), keys.First(r.Keys.Leave))
}

// conflict asks again, on top of what somebody else has changed.
func (r *review) conflict(now client.Webhook) {
	r.theirs = form.Differences(r.before, now)
	r.after = form.Rebase(r.before, r.after, now)
	r.before = now
	r.form.SetOrigin(now)
	if len(form.Differences(r.before, r.after)) == 0 {
		r.Close()
		r.Say.Hint("somebody made the same change meanwhile: nothing is sent")
		return
	}
	r.Say.Hint(webhook.Name(now) + " was changed meanwhile: nothing was sent, look again")
}

func (r *review) Draw(b *textblock.Block) {
	th := b.Theme
	b.Title("Change " + webhook.Name(r.before))
	title := "This is what will change:"
	if len(r.theirs) > 0 {
		title = "On top of that you change:"
		b.Gap()
		b.Remark("Somebody changed it meanwhile, and that stays:")
		drawDifferences(b, r.theirs)
	}
	b.Gap()
	b.Prose(th.Plain, title)
	drawDifferences(b, form.Differences(r.before, r.after))
	b.Gap()
	if sending := r.runningWords(r); sending != "" {
		b.Running(sending)
		return
	}
	if problem := r.form.Problem(); problem != "" {
		b.Problem(problem)
		b.Gap()
	}
	b.Prose(th.Dim, r.sends()+".")
}

func drawDifferences(b *textblock.Block, all []form.Difference) {
	th := b.Theme
	for _, d := range all {
		b.Gap()
		b.Styled(d.Field, th.Dim, orNothing(d.Old))
		b.Styled("", th.Bold, th.Glyphs.Arrow+" "+orNothing(d.New))
	}
}

func orNothing(s string) string {
	if s == "" {
		return "(nothing)"
	}
	return s
}
