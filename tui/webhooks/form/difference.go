package form

import (
	"slices"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/webhooks/webhook"
)

// Difference is a field in which two webhooks differ. The values are clean, and
// do not contain secrets.
type Difference struct{ Field, Old, New string }

// Differences compares the fields that are sent to UP42.
func Differences(old, new client.Webhook) (all []Difference) {
	add := func(field, a, b string) { all = append(all, Difference{field, a, b}) }
	if old.Name != new.Name {
		add("Name", text.Clean(old.Name, 0), text.Clean(new.Name, 0))
	}
	if old.URL != new.URL {
		add("URL", text.Clean(old.URL, 0), text.Clean(new.URL, 0))
	}
	if a, b := webhook.Sorted(old.Events), webhook.Sorted(new.Events); !slices.Equal(a, b) {
		add("Events", webhook.Events(a), webhook.Events(b))
	}
	if old.Active != new.Active {
		add("Active", webhook.OnOff(old.Active), webhook.OnOff(new.Active))
	}
	if otherSecret(old, new) {
		add("Secret", secretWords(old, "the old one"), secretWords(new, "changed"))
	}
	return all
}

// otherSecret reports whether a webhook has another secret than an old one. A secret
// that is not known is no other one.
func otherSecret(old, new client.Webhook) bool {
	return !new.SecretUnknown && (old.SecretUnknown || old.Secret != new.Secret)
}

// secretWords describes a secret. The words are for a secret that there is.
func secretWords(w client.Webhook, words string) string {
	switch {
	case w.SecretUnknown:
		return "not known"
	case w.Secret == "":
		return "none"
	default:
		return words
	}
}

// Rebase applies the changes from old to new to current, which is what the
// webhook has become meanwhile.
func Rebase(old, new, current client.Webhook) client.Webhook {
	out := current
	if old.Name != new.Name {
		out.Name = new.Name
	}
	if old.URL != new.URL {
		out.URL = new.URL
	}
	if !slices.Equal(webhook.Sorted(old.Events), webhook.Sorted(new.Events)) {
		out.Events = new.Events
	}
	if old.Active != new.Active {
		out.Active = new.Active
	}
	if otherSecret(old, new) {
		out.Secret, out.SecretUnknown = new.Secret, false
	}
	return out
}
