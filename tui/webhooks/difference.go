package webhooks

import (
	"slices"
	"strings"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/text"
)

// difference is a field in which two webhooks differ; both values are clean,
// and of secrets say only that they are there.
type difference struct{ field, old, new string }

// differences are those in what is sent to UP42.
func differences(old, new client.Webhook) (all []difference) {
	add := func(field, a, b string) { all = append(all, difference{field, a, b}) }
	if old.Name != new.Name {
		add("Name", text.Clean(old.Name, 0), text.Clean(new.Name, 0))
	}
	if old.URL != new.URL {
		add("URL", text.Clean(old.URL, 0), text.Clean(new.URL, 0))
	}
	if a, b := sortedEvents(old), sortedEvents(new); !slices.Equal(a, b) {
		add("Events", shownEvents(a), shownEvents(b))
	}
	if old.Active != new.Active {
		add("Active", onOff(old.Active), onOff(new.Active))
	}
	if old.Secret != new.Secret {
		add("Secret", shownSecret(old, "the old one"), shownSecret(new, "changed"))
	}
	return all
}

func sortedEvents(w client.Webhook) []string { return sorted(w.Events) }

// sorted is names in their order, each once.
func sorted(names []string) []string { return slices.Compact(slices.Sorted(slices.Values(names))) }

func shownEvents(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return text.Clean(strings.Join(names, " "), 0)
}

func shownSecret(w client.Webhook, there string) string {
	if w.Secret == "" {
		return "none"
	}
	return there
}

// rebase carries what changed from old to new over to a webhook that somebody
// else changed too.
func rebase(old, new, current client.Webhook) client.Webhook {
	out := current
	if old.Name != new.Name {
		out.Name = new.Name
	}
	if old.URL != new.URL {
		out.URL = new.URL
	}
	if !slices.Equal(sortedEvents(old), sortedEvents(new)) {
		out.Events = new.Events
	}
	if old.Active != new.Active {
		out.Active = new.Active
	}
	if old.Secret != new.Secret {
		out.Secret = new.Secret
	}
	return out
}
