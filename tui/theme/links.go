package theme

import (
	"slices"
	"strconv"
	"strings"
)

// TakesLinks reports whether a terminal is known to open links, by the variables that it sets.
// Others may draw what they do not know. GNU screen lets no link pass, and tmux does from 3.4 on.
func TakesLinks(getenv func(string) string) bool {
	term, program := getenv("TERM"), getenv("TERM_PROGRAM")
	switch {
	case term == "dumb" || getenv("STY") != "":
		return false
	case getenv("TMUX") != "":
		return program == "tmux" && atLeast(getenv("TERM_PROGRAM_VERSION"), 3, 4)
	case slices.Contains([]string{"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby", "rio", "mintty"}, program):
		return true
	}
	for _, name := range []string{"kitty", "alacritty", "foot", "wezterm", "ghostty", "contour"} {
		if strings.Contains(term, name) {
			return true
		}
	}
	const hasLinks = 5000 // VTE 0.50
	vte, err := strconv.Atoi(getenv("VTE_VERSION"))
	return err == nil && vte >= hasLinks || getenv("WT_SESSION") != "" || getenv("KONSOLE_VERSION") != "" || getenv("DOMTERM") != ""
}

// atLeast compares the two first numbers of a version such as 3.4a.
func atLeast(version string, major, minor int) bool {
	first, rest, _ := strings.Cut(version, ".")
	digits := strings.IndexFunc(rest+".", func(r rune) bool { return r < '0' || r > '9' })
	a, errA := strconv.Atoi(first)
	b, errB := strconv.Atoi(rest[:digits])
	return errA == nil && errB == nil && (a > major || a == major && b >= minor)
}
