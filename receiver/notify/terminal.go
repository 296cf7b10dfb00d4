package notify

import (
	"context"
	"strings"
)

// Terminal is how a terminal shows notifications.
type Terminal uint8

// The ways.
const (
	// Silent terminals show none.
	Silent Terminal = iota
	// OSC9 is iTerm2's sequence.
	OSC9
	// OSC777 is that of rxvt-unicode, with a title.
	OSC777
)

// TerminalOf tells from the environment which way the terminal knows. Within
// tmux and screen, which keep such sequences to themselves, it is none.
func TerminalOf(getenv func(string) string) Terminal {
	if getenv("TMUX") != "" || getenv("STY") != "" {
		return Silent
	}
	// A terminal started from another one inherits TERM_PROGRAM, not TERM.
	name := getenv("TERM")
	for _, t := range []struct {
		prefix string
		way    Terminal
	}{
		{"xterm-kitty", OSC9},
		{"xterm-ghostty", OSC777},
		{"wezterm", OSC9},
		{"foot", OSC777},
		{"rxvt-unicode", OSC777},
		{"tmux", Silent},
		{"screen", Silent},
		{"linux", Silent},
		{"dumb", Silent},
	} {
		if strings.HasPrefix(name, t.prefix) {
			return t.way
		}
	}
	switch getenv("TERM_PROGRAM") {
	case "iTerm.app", "WezTerm":
		return OSC9
	case "ghostty":
		return OSC777
	case "":
	default:
		return Silent
	}
	switch {
	case getenv("LC_TERMINAL") == "iTerm2": // also over SSH
		return OSC9
	case getenv("VTE_VERSION") != "":
		return OSC777
	default:
		return Silent
	}
}

const (
	ring     = "\a"
	osc      = "\x1b]"
	st       = "\x1b\\"
	maxShown = 200 // characters of a notification
)

// sequence is what shows a notification; a silent terminal rings its bell.
func (t Terminal) sequence(title, text string) string {
	title, text = harmless(title), harmless(text)
	if title == "" {
		title = "up42hooks"
	}
	switch t {
	case OSC9:
		return osc + "9;" + shorten(title+": "+text, maxShown) + st
	case OSC777:
		return osc + "777;notify;" + shorten(title, maxShown) + ";" + shorten(text, maxShown) + st
	default:
		return ring
	}
}

// harmless is text that can't end a sequence, nor one of its fields. It is clean
// already; here it counts twice.
func harmless(s string) string { return plain(strings.ReplaceAll(s, ";", ",")) }

// terminal is an action that writes to one.
type terminal struct {
	name  string
	write func([]byte)
	bytes func(*Message) string
}

// Bell rings the terminal's bell. What write is given must reach the terminal
// whole, between two frames of the screen; it must not block for long.
func Bell(write func([]byte)) Action {
	return &terminal{"bell", write, func(*Message) string { return ring }}
}

// Desktop shows a notification on the desktop, or rings the bell where the
// terminal knows none. For write see [Bell].
func Desktop(t Terminal, write func([]byte)) Action {
	return &terminal{"desktop", write, func(m *Message) string { return t.sequence(m.Rule, m.Text) }}
}

func (t *terminal) Tell(_ context.Context, m *Message) error {
	t.write([]byte(t.bytes(m)))
	return nil
}

func (t *terminal) Lasting() bool  { return false }
func (t *terminal) String() string { return t.name }
