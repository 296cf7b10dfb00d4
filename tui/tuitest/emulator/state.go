package emulator

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// State is what a program has changed of a terminal beside its cells. Two terminals that show
// different texts in the same way have the same state.
type State struct {
	// Title, Clipboard and Link are what the newest command for it said.
	Title, Clipboard, Link string
	// Other are the other commands to the system, sorted.
	Other string
	// Modes are those that are on, sorted.
	Modes string
	// Style is how the next character looks.
	Style Style
}

// State returns the state now.
func (s *Screen) State() State {
	return State{
		Title: s.told["2"], Clipboard: s.told["52"], Link: s.told["8"], Other: s.others(),
		Modes: strings.Join(slices.Sorted(maps.Keys(s.modes)), " "), Style: s.style,
	}
}

// Drawing reports whether the program is in the middle of an update: the cells are partly those of
// before.
func (s *Screen) Drawing() bool { return s.modes["?2026"] }

// Cursor returns the line and the column of the cursor, from 0.
func (s *Screen) Cursor() (y, x int) { return s.y, s.x }

func (s *Screen) others() string {
	var all []string
	for number, text := range s.told {
		if !slices.Contains([]string{"2", "52", "8"}, number) {
			all = append(all, number+";"+text)
		}
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

// tell takes a command to the system, an OSC: a number, and a text after a semicolon.
func (s *Screen) tell(command string) {
	number, text, _ := strings.Cut(strings.TrimRight(strings.TrimPrefix(command, "\x1b]"), "\x07\x1b\\"), ";")
	switch number {
	case "0":
		number = "2" // the title, and that of the icon
	case "8":
		_, text, _ = strings.Cut(text, ";") // the link; its parameters come first
	}
	s.told[number] = text
}

// mode switches a mode on or off.
func (s *Screen) mode(number string, on bool) {
	if on {
		s.modes[number] = true
		return
	}
	delete(s.modes, number)
}

// foreign is an error for a character that does something to a terminal, or lets it show others in
// another order.
func foreign(r rune, bytes int) error {
	switch {
	case r == '\ufffd' && bytes == 1:
		return fmt.Errorf("the terminal got a byte that is no UTF-8")
	case r < ' ', r >= 0x7f && r < 0xa0, r == 0x200e, r == 0x200f, r == 0x61c, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
		return fmt.Errorf("the terminal got %U", r)
	default:
		return nil
	}
}
