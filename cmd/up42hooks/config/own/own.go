// Package own reads what users set up for themselves on the screen: keys, commands, columns and themes.
package own

import (
	"maps"
	"slices"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config/node"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/program"
	"github.com/up42/up42-webhooks/tui/theme"
	"github.com/up42/up42-webhooks/tui/webhooks/keymap"
)

// Screen is what a user has set up.
type Screen struct {
	// Keys are the keys of actions.
	Keys keys.Own
	// Commands are programs on keys.
	Commands []program.Command
	// Columns are the names of the columns of a list, by the list's name.
	Columns map[string][]string
	// Themes are themes by their names.
	Themes map[string]theme.Own
}

// Actions returns all actions with their usual keys.
func Actions() []keys.Action {
	return append(keys.Actions("", keys.New()), keys.Actions(keys.WebhooksPrefix, keymap.New())...)
}

// ReadKeys reads the keys of actions: {sort: O, page-down: [pgdown, ctrl+f]}.
func (s *Screen) ReadKeys(n node.Node) error {
	all, lines := Actions(), map[string]node.Node{}
	s.Keys = keys.Own{}
	err := n.Fields(names(all), func(name string, value node.Node) error {
		own, err := readKeys(value)
		if err != nil {
			return err
		}
		s.Keys[name], lines[name] = own, value
		return nil
	})
	if err != nil {
		return err
	}
	s.Keys.Apply(all)
	for _, name := range slices.SortedFunc(maps.Keys(lines), func(a, b string) int { return lines[a].Line - lines[b].Line }) {
		line := lines[name]
		isLater := func(other string) bool { return lines[other].Node != nil && lines[other].Line > line.Line }
		if a, k, clash := keys.Clash(all, name, isLater); clash {
			return line.Wrong("keys: %s: %s is also the key of %s (%s): give one of them another key", name, keys.Shown([]string{k}), a.Name, a.Does)
		}
	}
	return nil
}

func names(all []keys.Action) []string {
	out := make([]string, len(all))
	for i := range all {
		out[i] = all[i].Name
	}
	return out
}

// readKeys reads one key, or a list of keys. An empty list takes all keys from an action.
func readKeys(n node.Node) ([]string, error) {
	texts, err := n.Texts()
	if err != nil {
		return nil, err
	}
	out := []string{}
	for _, text := range texts {
		k, err := keys.Parse(text)
		switch {
		case err != nil:
			return nil, n.Wrong("keys: %w", err)
		case slices.Contains(out, k):
			return nil, n.Wrong("keys: %s is given twice", text)
		}
		out = append(out, k)
	}
	return out, nil
}
