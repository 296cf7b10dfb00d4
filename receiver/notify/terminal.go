package notify

import "strings"

// Terminal is the way in which a terminal shows notifications.
type Terminal uint8

// The ways.
const (
	// Silent terminals can't show notifications.
	Silent Terminal = iota
	// OSC9 terminals know the escape sequence of iTerm2.
	OSC9
	// OSC777 terminals know the escape sequence of rxvt-unicode, which has a title.
	OSC777
	// TmuxOSC9 and TmuxOSC777 are such terminals behind a tmux that passes sequences on.
	TmuxOSC9
	TmuxOSC777
)

// Tmux returns a variable or an option of the tmux around the program, like
// "allow-passthrough", "" if it has none. What is on is "1", "on" or another word.
type Tmux func(name string) string

// TerminalOf finds out which way the terminal knows, from environment variables and, inside
// tmux, from tmux. If the terminal is silent, advice says why and what to do.
func TerminalOf(getenv func(string) string, tmux Tmux) (t Terminal, advice string) {
	const ring = "desktop notices ring the bell: "
	switch {
	case getenv("STY") != "":
		return Silent, ring + "GNU screen does not pass them on"
	case getenv("TMUX") == "" && direct(getenv) == Silent:
		return Silent, ring + "this terminal is not known to show them"
	case getenv("TMUX") == "":
		return direct(getenv), ""
	}
	if passes := tmux("allow-passthrough"); passes == "" || passes == "0" || passes == "off" {
		return Silent, ring + "tmux does not pass them on; put `set -g allow-passthrough on` into ~/.tmux.conf"
	}
	// The variables are those with which tmux was started, and TERM and TERM_PROGRAM its own.
	outside := func(name string) string {
		switch name {
		case "TERM":
			return tmux("client_termname")
		case "TERM_PROGRAM":
			return ""
		default:
			return getenv(name)
		}
	}
	switch direct(outside) {
	case OSC9:
		return TmuxOSC9, ""
	case OSC777:
		return TmuxOSC777, ""
	default:
		return Silent, ring + "the terminal around tmux is not known to show them"
	}
}

// direct returns the way of a terminal with these variables.
func direct(getenv func(string) string) Terminal {
	// TERM comes first: a terminal that was started from another one inherits its
	// TERM_PROGRAM.
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
