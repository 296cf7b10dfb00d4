package keys

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/bubbles/key"
)

// Action is what keys do. It has a name, by which the configuration gives it keys of one's own.
type Action struct {
	// Name is that of its field in a map of keys, as in forward-to. Does says what it does.
	Name, Does string
	binding    *key.Binding
	where      place
}

// Keys returns the keys, as bindings have them.
func (a *Action) Keys() []string { return a.binding.Keys() }

// place says where the keys of an action mean something. Two actions can't have the same key in
// the same place.
type place uint8

const (
	inLists place = 1 << iota
	inDetails
	inBodies // in the body of a delivery, which is a part of the details
	inPrompts
	inWebhooks
	inPanels
	inForms
)

// everywhere are all places where nothing is typed.
const everywhere = inLists | inDetails | inBodies | inWebhooks | inPanels

// places are those of actions, by their names. Others are in lists and in details, also in bodies.
// Keys that move have another meaning in a body if they fold it.
var places = map[string]place{
	"filter": inLists, "mark": inLists | inWebhooks, "mark-to": inLists | inWebhooks,
	"left": inDetails, "right": inDetails, "copy-body": inDetails | inBodies, "search": inDetails | inBodies,
	"toggle-fold": inBodies, "fold": inBodies, "unfold": inBodies, "fold-all": inDetails | inBodies, "unfold-all": inDetails | inBodies,
	"details": inLists | inDetails, "up": inLists | inDetails, "down": inLists | inDetails, "page-up": inLists | inDetails, "page-down": inLists | inDetails,
	"half-up": inLists | inDetails, "half-down": inLists | inDetails, "home": inLists | inDetails, "end": inLists | inDetails,
	"keep": inPrompts, "clear": inPrompts, "accept": inPrompts,
	"palette": everywhere, "help": everywhere, "quit": everywhere, "present": everywhere, "forge": everywhere,
	"suspend": everywhere | inPrompts | inForms, "redraw": everywhere | inPrompts | inForms,
	"webhooks.up": inPanels, "webhooks.down": inPanels, "webhooks.page-up": inPanels, "webhooks.page-down": inPanels,
	"webhooks.home": inPanels, "webhooks.end": inPanels, "webhooks.back": inPanels,
	"webhooks.next": inForms, "webhooks.previous": inForms, "webhooks.above": inForms, "webhooks.below": inForms,
	"webhooks.send": inForms, "webhooks.confirm": 0, "webhooks.leave": inForms,
}

// WebhooksPrefix begins the names of the actions of the page Webhooks.
const WebhooksPrefix = "webhooks."

// Actions returns the actions of a map of keys, which is a pointer to a struct of bindings. Their
// names begin with a prefix, which may be empty.
func Actions(prefix string, keyMap any) (all []Action) {
	m := reflect.ValueOf(keyMap).Elem()
	for i := range m.NumField() {
		name := prefix + dashed(m.Type().Field(i).Name)
		switch f := m.Field(i).Addr().Interface().(type) {
		case *key.Binding:
			all = append(all, newAction(name, f))
		case *[4]key.Binding:
			for n := range f {
				all = append(all, newAction(fmt.Sprint(name, "-", n+1), &f[n]))
			}
		}
	}
	return all
}

func newAction(name string, b *key.Binding) Action {
	where, special := places[name]
	switch {
	case special:
	case strings.HasPrefix(name, WebhooksPrefix):
		where = inWebhooks
	default:
		where = inLists | inDetails | inBodies
	}
	return Action{Name: name, Does: b.Help().Desc, binding: b, where: where}
}

// dashed turns ForwardTo into forward-to.
func dashed(field string) string {
	var b strings.Builder
	for i, r := range field {
		if unicode.IsUpper(r) && i > 0 && !unicode.IsUpper(rune(field[i-1])) {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// Own are keys of one's own: the names of actions with the keys that they have in place of the
// usual ones, as bindings have them.
type Own map[string][]string

// Apply gives actions their own keys.
func (o Own) Apply(all []Action) {
	for i := range all {
		a := &all[i]
		if keys, ok := o[a.Name]; ok {
			a.binding.SetKeys(keys...)
			a.binding.SetHelp(Shown(keys), a.Does)
			a.binding.SetEnabled(len(keys) > 0)
		}
	}
}

// Clash returns another action that has a key of an action, by its name, in the same place. Others
// that are left out do not count. ok is false without a clash.
func Clash(all []Action, name string, leftOut func(other string) bool) (other *Action, k string, ok bool) {
	i := slices.IndexFunc(all, func(a Action) bool { return a.Name == name })
	for j := range all {
		if i < 0 || j == i || all[i].where&all[j].where == 0 || leftOut(all[j].Name) {
			continue
		}
		for _, k := range all[i].Keys() {
			if slices.Contains(all[j].Keys(), k) {
				return &all[j], k, true
			}
		}
	}
	return nil, "", false
}

// Taken returns the action of a list that has a key. ok is false if none has it.
func Taken(all []Action, k string) (a *Action, ok bool) {
	for i := range all {
		if a := &all[i]; a.where&(inLists|inDetails) != 0 && slices.Contains(a.Keys(), k) {
			return a, true
		}
	}
	return nil, false
}

// FreeInDetails reports whether no action has a key in details.
func (k *Map) FreeInDetails(name string) bool {
	for _, a := range Actions("", k) {
		if a.where&inDetails != 0 && slices.Contains(a.Keys(), name) {
			return false
		}
	}
	return !slices.ContainsFunc(k.Commands, func(b key.Binding) bool { return slices.Contains(b.Keys(), name) })
}

// Parse returns a key as bindings have it, by its name as bindings have it or as the screen shows
// it.
func Parse(name string) (k string, err error) {
	r, n := utf8.DecodeRuneInString(name)
	switch {
	case name == "ctrl+c" || name == "ctrl+z":
		return "", fmt.Errorf("%s can't have another meaning", name)
	case strings.HasPrefix(name, "alt+"):
		return "", fmt.Errorf("%q: alt can't be used, as a terminal reports it as esc", name)
	case n == len(name) && (r == utf8.RuneError || !unicode.IsPrint(r)), strings.HasPrefix(name, "1-"):
		return "", fmt.Errorf("%q is no key", name)
	}
	msg, ok := Press(name)
	if !ok {
		return "", fmt.Errorf("%q is no key; want one character, or a name like ctrl+k, f5, enter, tab, space, up, pgdown or home", name)
	}
	return msg.String(), nil
}

// names are those of keys as the screen shows them.
var names = map[string]string{" ": "space", "up": "↑", "down": "↓", "left": "←", "right": "→", "pgdown": "pgdn"}

// Shown names keys as the screen shows them.
func Shown(keys []string) string {
	shown := make([]string, len(keys))
	for i, k := range keys {
		shown[i] = k
		if name, ok := names[k]; ok {
			shown[i] = name
		} else if len(k) > 1 && k[0] == 'f' && strings.Trim(k[1:], "0123456789") == "" {
			shown[i] = strings.ToUpper(k)
		}
	}
	return strings.Join(shown, "/")
}

// First names the first key of a binding, as the screen shows it.
func First(b key.Binding) string {
	if len(b.Keys()) == 0 {
		return ""
	}
	return Shown(b.Keys()[:1])
}

// Firsts names the first keys of bindings that belong together, such as two arrows.
func Firsts(all ...key.Binding) string {
	names, between := make([]string, len(all)), ""
	for i, b := range all {
		names[i] = First(b)
		if utf8.RuneCountInString(names[i]) != 1 {
			between = "/"
		}
	}
	return strings.Join(names, between)
}
