// Package form is the form in which a webhook is created or changed. It does no
// I/O and knows nothing of UP42: its owner sends what it contains.
package form

import (
	"io"
	"slices"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/huh"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/number"
	"github.com/up42/up42-webhooks/tui/theme"
	"github.com/up42/up42-webhooks/tui/webhooks/keymap"
	"github.com/up42/up42-webhooks/tui/webhooks/webhook"
)

// maxTypes is how many event types are seen at a time.
const maxTypes = 5

// Options are the options of a form.
type Options struct {
	Title string
	// Webhook is what the form begins with. Without an id it is a new one.
	Webhook client.Webhook
	// Types are the event types that a webhook can subscribe to.
	Types []client.EventType
	// Others returns the webhooks of the workspace, to warn of events that would
	// come twice.
	Others   func() []client.Webhook
	Receiver webhook.Receiver
	Keys     *keymap.Map
	Theme    *theme.Theme
}

// Form is a form. It uses huh's fields, but moves between them itself: the fields
// only compute, so everything happens within Update and no command can outlive
// the form. The cursor does not blink.
type Form struct {
	o     Options
	draft *draft
	began draft // the draft as it was at first
	huh   *huh.Form
	types int // how many event types there are to choose from
	// proposals are the fields of a new webhook whose text is proposed, as long as the user has
	// not changed it.
	proposals map[field]*huh.Input
	// secret is the field of the choice, and own that of the user's own secret.
	secret *huh.Select[secretChoice]
	own    *huh.Input
	// tried are the fields that the user has tried to leave or to send.
	tried map[field]bool
	// problem is what UP42 refused, or what could not be typed. It is clean.
	problem string
	w, h    int
}

// New makes a form.
func New(o Options) *Form {
	d := draftOf(o.Webhook)
	events := eventOptions(o.Types, d.events)
	f := &Form{o: o, draft: d, types: len(events), tried: map[field]bool{}, began: *d}
	f.began.events = slices.Clone(d.events)
	name := huh.NewInput().Key(string(nameField)).Title("Name").Prompt("").Value(&d.name)
	url := huh.NewInput().Key(string(urlField)).Title("URL").Prompt("").Value(&d.url)
	if d.isNew() {
		f.proposals = map[field]*huh.Input{nameField: name, urlField: url}
	}
	f.secret = huh.NewSelect[secretChoice]().Key(string(secretField)).Title("Secret").Inline(true).Options(secretOptions(d)...).Value(&d.secret)
	f.own = huh.NewInput().Key(string(ownField)).Title("Your secret, up to 500 characters").Prompt("").EchoMode(huh.EchoModePassword).Value(&d.own)
	f.huh = huh.NewForm(
		huh.NewGroup(
			name,
			url,
			huh.NewMultiSelect[string]().Key(string(eventsField)).Title("Events").Filterable(false).
				Options(events...).Height(1+min(maxTypes, len(events))).Value(&d.events),
			huh.NewConfirm().Key(string(activeField)).Title("Active ").Affirmative("on").Negative("off").Inline(true).Value(&d.active),
			f.secret,
		),
		huh.NewGroup(f.own).WithHideFunc(func() bool { return d.secret != ownSecret }),
	).WithShowHelp(false).WithShowErrors(false).WithKeyMap(huhKeys())
	f.huh.Init() // the command that it returns only makes the cursor blink
	return f
}

// Webhook returns the webhook as the form has it. It makes a new secret if the
// user wants one.
func (f *Form) Webhook(random io.Reader) (client.Webhook, error) {
	if f.draft.secret != generateSecret {
		return f.draft.webhook(""), nil
	}
	secret, err := client.NewSecret(random)
	return f.draft.webhook(secret), err
}

// Origin returns the webhook that the form began with.
func (f *Form) Origin() client.Webhook { return f.draft.origin }

// SetOrigin says that the webhook has changed meanwhile.
func (f *Form) SetOrigin(w client.Webhook) { f.draft.origin = w }

// Changed reports whether the form differs from what it began with.
func (f *Form) Changed() bool { return !f.draft.equal(&f.began) }

// Problem returns what SetProblem set, or "" if a key was pressed since.
func (f *Form) Problem() string { return f.problem }

// SetProblem shows why the form could not be sent. The words must be clean.
func (f *Form) SetProblem(words string) { f.problem = words }

// Back goes back from the page of the user's own secret. It returns false if the
// form is not there.
func (f *Form) Back() bool {
	if f.focused() != ownField {
		return false
	}
	f.problem = ""
	f.move(-1)
	return true
}

// Press handles a key. It returns true if the form is to be sent.
func (f *Form) Press(msg tea.KeyMsg) (send bool) {
	k, at := f.o.Keys, f.focused()
	f.problem = ""
	switch {
	case msg.Paste:
		f.edit(msg)
	case key.Matches(msg, k.Send):
		return f.complete()
	case key.Matches(msg, k.Next):
		return f.next()
	case key.Matches(msg, k.Previous), key.Matches(msg, k.Above) && at != eventsField:
		f.move(-1)
	case key.Matches(msg, k.Below) && at != eventsField:
		f.move(1)
	default:
		f.edit(msg)
	}
	return false
}

// edit gives a key to the field that has the focus.
func (f *Form) edit(msg tea.KeyMsg) {
	if f.focused() == secretField && msg.Type == tea.KeyRunes && !msg.Alt {
		f.beginOwn()
	}
	msg, removed := Typable(msg)
	if removed > 0 && f.focused() == ownField {
		f.problem = "not accepted: it has characters that can't be typed here"
		return
	}
	if removed > 0 {
		f.problem = number.Of(int64(removed), "character that can't be shown was left out", "characters that can't be shown were left out")
	}
	if msg.Type == tea.KeyRunes && len(msg.Runes) == 0 {
		return
	}
	f.replaceProposal(msg)
	f.huh.Update(msg)
}

// beginOwn chooses the user's own secret, which is to be typed: whoever types or pastes on the choice
// means that.
func (f *Form) beginOwn() {
	f.draft.secret, f.draft.own = ownSecret, ""
	f.secret.Value(&f.draft.secret)
	f.own.Value(&f.draft.own)
	f.focus(ownField)
}

// replaceProposal empties a field with a proposed text before something is typed into it. Any
// other key edits the proposal.
func (f *Form) replaceProposal(msg tea.KeyMsg) {
	at := f.focused()
	input := f.proposals[at]
	delete(f.proposals, at)
	if input == nil || msg.Type != tea.KeyRunes && msg.Type != tea.KeySpace {
		return
	}
	value := map[field]*string{nameField: &f.draft.name, urlField: &f.draft.url}[at]
	*value = ""
	input.Value(value)
}

func (f *Form) focused() field { return field(f.huh.GetFocusedField().GetKey()) }

// next goes to the next field if this one is valid. On the last field it returns
// true if the form is to be sent.
func (f *Form) next() (send bool) {
	at := f.focused()
	f.tried[at] = true
	if f.draft.check(at) != nil {
		return false
	}
	if all := f.draft.fields(); at == all[len(all)-1] {
		return f.complete()
	}
	f.move(1)
	return false
}

// move goes delta fields forward, or back if delta is negative. It stops at
// the first and at the last field.
func (f *Form) move(delta int) {
	all := f.draft.fields()
	at := slices.Index(all, f.focused())
	f.focus(all[max(0, min(at+delta, len(all)-1))])
}

func (f *Form) focus(to field) {
	place := func(x field) int { return slices.Index(allFields[:], x) }
	for f.focused() != to {
		switch at := f.focused(); {
		case place(at) > place(to) && at == ownField:
			f.huh.PrevGroup()
		case place(at) > place(to):
			f.huh.PrevField()
		case at == secretField:
			f.huh.NextGroup()
		default:
			f.huh.NextField()
		}
	}
}

// complete reports whether all fields are valid. Else it goes to the first one
// that is not.
func (f *Form) complete() bool {
	for _, x := range f.draft.fields() {
		f.tried[x] = true
		if f.draft.check(x) != nil {
			f.focus(x)
			return false
		}
	}
	return true
}
