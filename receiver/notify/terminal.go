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
)

// TerminalOf finds out from environment variables which way the terminal knows. It returns
// Silent inside tmux and screen, because they don't pass such sequences on.
func TerminalOf(getenv func(string) string) Terminal {
	if getenv("TMUX") != "" || getenv("STY") != "" {
		return Silent
	}
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
