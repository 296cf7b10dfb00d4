// Package webhook has what all parts of the page say about a webhook. All words
// are clean: safe to print, and of one line.
package webhook

import (
	"slices"
	"strings"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// MaxName is the most cells of a name. The details show the whole name.
const MaxName = 80

// NoSecret says why there is no secret of a webhook to show. It is "" if there is one.
func NoSecret(w client.Webhook) string {
	switch {
	case w.SecretUnknown:
		return "UP42 does not show the secret of " + Name(w)
	case w.Secret == "":
		return Name(w) + " has no secret: its deliveries are not signed"
	default:
		return ""
	}
}

// Name returns a webhook's name, or its id if it has no name.
func Name(w client.Webhook) string {
	if strings.TrimSpace(w.Name) == "" {
		return text.Clean(w.ID, MaxName)
	}
	return text.Clean(w.Name, MaxName)
}

// OnOff says whether a webhook is active.
func OnOff(active bool) string {
	if active {
		return "on"
	}
	return "off"
}

// Active is OnOff with a glyph, and its style.
func Active(th *theme.Theme, active bool) (string, theme.Style) {
	if active {
		return th.Glyphs.Live + " on", th.Success
	}
	return th.Glyphs.Quiet + " off", th.Mark
}

// Sorted returns event types in their order, each once.
func Sorted(events []string) []string { return slices.Compact(slices.Sorted(slices.Values(events))) }

// Events lists event types.
func Events(events []string) string {
	if len(events) == 0 {
		return "none"
	}
	return text.Clean(strings.Join(events, " "), 0)
}
