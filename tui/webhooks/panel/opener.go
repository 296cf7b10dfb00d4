// Package panel has what lies over the list of webhooks: the details of a
// webhook, its test, the form, the review of a change, and the question before a
// webhook is deleted.
package panel

import (
	"io"
	"time"

	"github.com/charmbracelet/bubbles/key"

	"github.com/up42/up42-webhooks/tui/elapsed"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/theme"
	"github.com/up42/up42-webhooks/tui/webhooks/actions"
	"github.com/up42/up42-webhooks/tui/webhooks/keymap"
	"github.com/up42/up42-webhooks/tui/webhooks/list"
	"github.com/up42/up42-webhooks/tui/webhooks/webhook"
)

// Opener opens panels on a stack. It has what they need.
type Opener struct {
	Stack    *Stack
	Actions  *actions.Actions
	List     *list.List
	Say      note.Say
	Receiver webhook.Receiver
	Keys     *keymap.Map
	Theme    *theme.Theme
	Now      func() time.Time
	// Random makes secrets.
	Random io.Reader
	// PublicURL returns the URL of this receiver, or "". May be nil.
	PublicURL func() string
	// PageLines returns the number of lines that a key for a page scrolls.
	PageLines func() int
}

// Back goes back one step from the panel on top: it gives up the call that the
// panel waits for, or closes the panel. It returns false if there is no panel.
func (o *Opener) Back() bool {
	top := o.Stack.Top()
	if top == nil {
		return false
	}
	if c := o.running(top); c != nil {
		o.Actions.GiveUp(c)
	} else {
		o.Stack.Close(top)
	}
	return true
}

// running is the call that a panel waits for, or the call about its webhook.
func (o *Opener) running(p Panel) *actions.Call {
	if a, ok := p.(about); ok {
		return o.Actions.Of(a.subject())
	}
	if a, ok := p.(actions.Asker); ok {
		return o.Actions.From(a)
	}
	return nil
}

// runningWords say what is under way for a panel. They are empty if nothing is.
func (o *Opener) runningWords(p Panel) string {
	c := o.running(p)
	if c == nil {
		return ""
	}
	return c.Does + o.Theme.Glyphs.Ellipsis + " " + o.givesUp(p)
}

// givesUp says which key gives up what is under way for a panel.
func (o *Opener) givesUp(p Panel) string {
	if p.Captures() {
		return keys.First(o.Keys.Leave) + " gives up"
	}
	return keys.First(o.Keys.Back) + " gives up"
}

// moment writes a time with its day, and how long ago it was.
func (o *Opener) moment(t time.Time) string { return elapsed.MomentAgo(t, o.Now()) }

// hint is a key in the footer that does something else than usually.
func hint(b key.Binding, does string) key.Binding {
	return key.NewBinding(key.WithHelp(keys.First(b), does))
}

// giveUpHint is the only hint while a panel waits for UP42.
func (o *Opener) giveUpHint(p Panel) []key.Binding {
	if p.Captures() {
		return []key.Binding{hint(o.Keys.Leave, "give up")}
	}
	return []key.Binding{hint(o.Keys.Back, "give up")}
}
