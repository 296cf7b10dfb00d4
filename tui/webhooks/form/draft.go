package form

import (
	"errors"
	"slices"
	"strings"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/webhooks/webhook"
)

// secretChoice says where the webhook's secret comes from.
type secretChoice int

const (
	generateSecret secretChoice = iota
	keepSecret                  // the secret of the webhook that the form began with
	ownSecret                   // what the user types
	withoutSecret
	unknownSecret // UP42 does not show the secret, and the user has not chosen one yet
)

// field is a field of the form.
type field string

// The fields in their order on the screen. huh knows them by these keys.
const (
	nameField   field = "name"
	urlField    field = "url"
	eventsField field = "events"
	activeField field = "active"
	secretField field = "secret"
	ownField    field = "own"
)

// allFields also has the field that is hidden unless the user types a secret.
var allFields = [...]field{nameField, urlField, eventsField, activeField, secretField, ownField}

var (
	errEmptySecret   = errors.New("type or paste a secret, or choose none")
	errUnknownSecret = errors.New("UP42 does not show its secret, and a change would remove it: choose one with left and right")
)

// draft is what the form contains, as the user sees it. huh's fields point into
// it, so it must not move.
type draft struct {
	name, url string   // clean
	events    []string // as UP42 names them
	active    bool
	secret    secretChoice
	own       string

	// origin is the webhook that the form began with. It keeps the characters of
	// its fields that can't be shown, unless the user changes these fields.
	origin client.Webhook
}

func draftOf(w client.Webhook) *draft {
	d := &draft{
		name: text.Clean(w.Name, 0), url: text.Clean(w.URL, 0), events: slices.Clone(w.Events), active: w.Active, origin: w,
	}
	switch {
	case d.isNew():
		d.secret = generateSecret
	case w.SecretUnknown:
		d.secret = unknownSecret
	case w.Secret == "":
		d.secret = withoutSecret
	default:
		d.secret = keepSecret
	}
	return d
}

// isNew reports whether the webhook does not exist yet.
func (d *draft) isNew() bool { return d.origin.ID == "" }

// webhook returns the webhook as the draft has it. generated is the secret to use
// if one is to be generated.
func (d *draft) webhook(generated client.Secret) client.Webhook {
	w := d.origin
	w.Name, w.URL = typed(d.name, d.origin.Name), typed(d.url, d.origin.URL)
	w.Events, w.Active = slices.Clone(d.events), d.active
	w.SecretUnknown = d.secret == unknownSecret
	switch d.secret {
	case generateSecret:
		w.Secret = generated
	case ownSecret:
		w.Secret = client.Secret(d.own)
	case withoutSecret:
		w.Secret = ""
	}
	return w
}

// typed returns what was typed, or the original if the user did not change what
// is shown of it.
func typed(shown, original string) string {
	if shown == text.Clean(original, 0) {
		return original
	}
	return strings.TrimSpace(shown)
}

// check says what is wrong with a field. A value that UP42 has already is not
// checked.
func (d *draft) check(f field) error {
	w, was, isNew := d.webhook(""), d.origin, d.isNew()
	switch {
	case f == nameField && (isNew || w.Name != was.Name):
		return client.CheckName(w.Name)
	case f == urlField && (isNew || w.URL != was.URL):
		return client.CheckURL(w.URL)
	case f == eventsField && (isNew || !slices.Equal(webhook.Sorted(w.Events), webhook.Sorted(was.Events))):
		return client.CheckEvents(w.Events)
	case f == secretField && d.secret == unknownSecret:
		return errUnknownSecret
	case f == ownField && d.own == "":
		return errEmptySecret
	case f == ownField:
		return client.CheckSecret(client.Secret(d.own))
	}
	return nil
}

// fields returns the fields that the form has now.
func (d *draft) fields() []field {
	if d.secret == ownSecret {
		return allFields[:]
	}
	return allFields[:len(allFields)-1]
}

// empty reports whether nothing is typed into a field.
func (d *draft) empty(f field) bool {
	return f == nameField && d.name == "" || f == urlField && d.url == "" || f == ownField && d.own == ""
}

// equal reports whether two drafts have the same content.
func (d *draft) equal(o *draft) bool {
	return d.name == o.name && d.url == o.url && d.active == o.active && d.secret == o.secret && d.own == o.own &&
		slices.Equal(webhook.Sorted(d.events), webhook.Sorted(o.events))
}
