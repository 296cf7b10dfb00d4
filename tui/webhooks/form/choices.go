package form

import (
	"slices"
	"strconv"

	"github.com/charmbracelet/huh"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/text"
)

// eventOptions are the event types that a webhook can subscribe to. They include
// those that it has subscribed to, whatever UP42 says.
func eventOptions(types []client.EventType, have []string) []huh.Option[string] {
	types = slices.Clone(types)
	for _, name := range have {
		if !slices.ContainsFunc(types, func(t client.EventType) bool { return t.Name == name }) {
			types = append(types, client.EventType{Name: name})
		}
	}
	out := make([]huh.Option[string], 0, len(types))
	for i, t := range types {
		label := text.Clean(t.Name, 40)
		if t.Title != "" && t.Title != t.Name {
			label += "  " + text.Clean(t.Title, 30)
		}
		if slices.ContainsFunc(out, func(o huh.Option[string]) bool { return o.Key == label }) {
			label += " " + strconv.Itoa(i+1) // huh identifies an option by its label
		}
		out = append(out, huh.NewOption(label, t.Name))
	}
	return out
}

// secretOptions are the choices for the secret. A draft that can keep its secret, or
// does not know it, begins with that choice.
func secretOptions(d *draft) (out []huh.Option[secretChoice]) {
	switch d.secret {
	case keepSecret:
		out = append(out, huh.NewOption("keep as it is", keepSecret))
	case unknownSecret:
		out = append(out, huh.NewOption("not known: choose one", unknownSecret))
	}
	return append(out,
		huh.NewOption("generate one (32 random bytes)", generateSecret),
		huh.NewOption("your own", ownSecret),
		huh.NewOption("none: not signed, so rejected here", withoutSecret),
	)
}
