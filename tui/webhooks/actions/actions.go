// Package actions does what the keys of the page of webhooks stand for: it
// creates, changes, tests and deletes webhooks at UP42.
//
// Nothing waits for UP42. Each call is a command with a context of its own, and
// its answer goes to the code that made the call. The answer to a call that was
// given up is dropped.
package actions

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/roundtrip"
	"github.com/up42/up42-webhooks/tui/webhooks/keymap"
	"github.com/up42/up42-webhooks/tui/webhooks/list"
	"github.com/up42/up42-webhooks/tui/webhooks/webhook"
)

// API is the part of UP42's API that the actions need.
type API interface {
	roundtrip.API
	EventTypes(ctx context.Context) ([]client.EventType, error)
	Webhook(ctx context.Context, id string) (client.Webhook, error)
	CreateWebhook(ctx context.Context, w client.Webhook) (client.Webhook, error)
	UpdateWebhook(ctx context.Context, w client.Webhook) (client.Webhook, error)
	DeleteWebhook(ctx context.Context, id string) error
}

// Options are the options of [Actions].
type Options struct {
	API      API
	Log      receiver.Reader // where the events of a test are looked for
	List     *list.List
	Run      command.Runner
	Say      note.Say
	Receiver webhook.Receiver
	Now      func() time.Time
	// Keys are those of the page. Nil: the usual ones.
	Keys *keymap.Map
	// Gone is called when a webhook is gone, to close what is open about it.
	Gone func(id string)
	// Pinned returns the headers that signatures must cover, if they are pinned.
	// May be nil.
	Pinned func() []string
	// Pin pins them. It is called from a command. May be nil.
	Pin func(components []string) (note string, err error)
	// Work notes that headers are being pinned, and calls that were given up whose answer is to
	// come. May be nil.
	Work *command.Work
	// Session is what was known before.
	Session Session
}

// Actions are the actions on webhooks, and what is known about them: the calls
// that are under way, the last tests, and what can be undone. All methods are for
// Update.
type Actions struct {
	Calls
	Confirmation
	Pins Pins

	o       Options
	deleted deleted
	unsure  []Creation
	tests   map[string]Outcome // by the webhook's id
}

// New makes the actions.
func New(o Options) *Actions {
	if o.Keys == nil {
		o.Keys = keymap.New()
	}
	a := &Actions{
		Calls:        newCalls(&o),
		Confirmation: Confirmation{now: o.Now, say: o.Say},
		Pins:         Pins{run: o.Run, say: o.Say, work: o.Work, current: o.Pinned, pin: o.Pin, keys: o.Keys},
		o:            o,
		deleted:      deleted{say: o.Say, keys: o.Keys, perhapsDeleted: map[string]client.Webhook{}, tried: map[string]bool{}},
		tests:        map[string]Outcome{},
	}
	a.Pins.confirm = &a.Confirmation
	a.resume(&o.Session)
	return a
}

// NextKey must be called for each key, before the key acts.
func (a *Actions) NextKey() {
	a.Confirmation.NextKey()
	a.Pins.NextKey()
}

// ListRead must be called when the list was read.
func (a *Actions) ListRead() {
	a.deleted.check(a.o.List.All())
	a.checkCreations(a.o.List.All())
}

// CanUndo reports whether a webhook was deleted that can be created again.
func (a *Actions) CanUndo() bool { return len(a.deleted.all) > 0 }

// Outcome returns the outcome of the last test of a webhook.
func (a *Actions) Outcome(id string) (o Outcome, ok bool) {
	o, ok = a.tests[id]
	return o, ok
}

// vanished handles that somebody else has deleted a webhook.
func (a *Actions) vanished(w client.Webhook) tea.Cmd {
	a.deleted.add(w)
	a.o.Say.Hint(webhook.Name(w) + " is gone: somebody deleted it meanwhile; " + a.deleted.again(w))
	return a.drop(w.ID)
}

// drop removes a webhook from the page.
func (a *Actions) drop(id string) tea.Cmd {
	a.o.Gone(id)
	return a.o.List.Drop(id)
}

// withSecret returns what UP42 answered, with the secret that it was sent if the
// answer has none.
func withSecret(answered, sent client.Webhook) client.Webhook {
	if answered = answered.WithSecretOf(sent); answered.Secret == "" {
		answered.Secret = sent.Secret
	}
	return answered
}
