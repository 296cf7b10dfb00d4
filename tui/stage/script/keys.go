package script

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/keys"
)

// named are the keys that have a name.
var named = map[string]tea.KeyType{
	"enter": tea.KeyEnter, "esc": tea.KeyEsc, "tab": tea.KeyTab, "shift+tab": tea.KeyShiftTab, "up": tea.KeyUp, "down": tea.KeyDown,
	"left": tea.KeyLeft, "right": tea.KeyRight, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "home": tea.KeyHome, "end": tea.KeyEnd,
	"backspace": tea.KeyBackspace, "space": tea.KeySpace, "ctrl+d": tea.KeyCtrlD, "ctrl+p": tea.KeyCtrlP, "ctrl+s": tea.KeyCtrlS, "ctrl+u": tea.KeyCtrlU,
	"f1": tea.KeyF1, "f2": tea.KeyF2, "f3": tea.KeyF3, "f4": tea.KeyF4,
}

// KeyOf returns the message of a key: one character, or the name of a key.
func KeyOf(name string) (msg tea.KeyMsg, ok bool) {
	t, ok := named[name]
	switch {
	case ok && t == tea.KeySpace:
		return tea.KeyMsg{Type: t, Runes: []rune{' '}}, true
	case ok:
		return tea.KeyMsg{Type: t}, true
	case utf8.RuneCountInString(name) == 1:
		return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(name)}, true
	default:
		return msg, false
	}
}

func checkKeys(_ *parser, c *Command) error {
	for _, k := range c.Args {
		msg, ok := KeyOf(k)
		switch all := keys.New(); {
		case key.Matches(msg, all.Quit):
			return fmt.Errorf("the key %s would end the program: esc goes back", k)
		case key.Matches(msg, all.Pause):
			return fmt.Errorf("the key %s would pause the script, too: stop waits for the speaker", k)
		case !ok:
			names := make([]string, 0, len(named))
			for n := range named {
				names = append(names, n)
			}
			slices.Sort(names)
			return fmt.Errorf("unknown key %q: want one character, or %s", k, strings.Join(names, ", "))
		}
	}
	return nil
}
