package webhooks

import (
	"slices"
	"strings"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/text"
)

// secretChoice is where a webhook's secret comes from.
type secretChoice int

const (
	generateSecret secretChoice = iota
	keepSecret                  // that of the webhook that the form began with
	ownSecret
	withoutSecret
)

// The fields of a form, by the keys that huh knows them by, in their order.
const (
	nameField   = "name"
	urlField    = "url"
	eventsField = "events"
	activeField = "active"
	secretField = "secret"
	ownField    = "own"
)

// draft is what a form holds: what the user sees and types, which is clean. The
// form's fields point into it, so it must not move.
type draft struct {
	name, url string
	events    []string // as UP42 names them
	active    bool
	secret    secretChoice
	own       string

	// origin is the webhook that the form began with. What the user leaves as
	// it is shown stays as it is, whatever cannot be shown of it.
	origin client.Webhook
}

func draftOf(w client.Webhook, secret secretChoice) *draft {
	return &draft{
		name: text.Clean(w.Name, 0), url: text.Clean(w.URL, 0), events: slices.Clone(w.Events), active: w.Active,
		secret: secret, origin: w,
	}
}

// webhook is what the draft says. made is the secret to use where one is to be
// made.
func (d *draft) webhook(made client.Secret) client.Webhook {
	w := d.origin
	w.Name, w.URL = settled(d.name, d.origin.Name), settled(d.url, d.origin.URL)
	w.Events, w.Active = slices.Clone(d.events), d.active
	switch d.secret {
	case generateSecret:
		w.Secret = made
	case ownSecret:
		w.Secret = client.Secret(d.own)
	case withoutSecret:
		w.Secret = ""
	}
	return w
}

// settled is what was typed, or the original where that is what is shown.
func settled(typed, original string) string {
	if typed == text.Clean(original, 0) {
		return original
	}
	return strings.TrimSpace(typed)
}

// check says what is wrong with a field. What UP42 has already, and is left as
// it is, is not judged anew.
func (d *draft) check(field string) error {
	w, was := d.webhook(""), d.origin
	isNew := was.ID == newID
	switch {
	case field == nameField && (isNew || w.Name != was.Name):
		return client.CheckName(w.Name)
	case field == urlField && (isNew || w.URL != was.URL):
		return client.CheckURL(w.URL)
	case field == eventsField && (isNew || !slices.Equal(sortedEvents(w), sortedEvents(was))):
		return client.CheckEvents(w.Events)
	case field == ownField && d.own == "":
		return errEmptySecret
	case field == ownField:
		return client.CheckSecret(client.Secret(d.own))
	}
	return nil
}

// fields are those that the form has now.
func (d *draft) fields() []string {
	all := []string{nameField, urlField, eventsField, activeField, secretField}
	if d.secret == ownSecret {
		all = append(all, ownField)
	}
	return all
}
