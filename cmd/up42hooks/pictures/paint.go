package main

import (
	"strconv"
	"strings"

	"github.com/up42/up42-webhooks/tui/tuitest/emulator"
)

// paint is what a terminal looks like, for one theme of the program.
type paint struct {
	theme        string
	text, ground string
	// bar is the ground of the bar above the terminal, and edge the line around it.
	bar, edge string
	sixteen   [16]string
}

var paints = []paint{
	{
		"dark", "#e6e6e6", "#1e1e1e", "#2d2d2d", "#4a4a4a",
		[...]string{
			"#000000", "#f07178", "#a5d6a7", "#f5cb78", "#82aaff", "#d9bcfa", "#89ddff", "#cccccc",
			"#808080", "#ff8b92", "#c3e88d", "#ffe082", "#9cc4ff", "#e5ccff", "#a3f7ff", "#ffffff",
		},
	},
	{
		"light", "#1f2328", "#ffffff", "#eef1f4", "#c4cad1",
		[...]string{
			"#000000", "#a31515", "#116329", "#7a4d00", "#0a4a80", "#632f82", "#07525a", "#c8c8c8",
			"#5a6270", "#b31d28", "#1a7f37", "#805500", "#0550ae", "#7a3e9d", "#0a6570", "#ffffff",
		},
	},
}

// colour is a colour of CSS.
func (p paint) colour(c emulator.Colour) string {
	switch c {
	case ownText:
		return p.text
	case ownGround:
		return p.ground
	}
	if n, err := strconv.Atoi(string(c)); err == nil && n < len(p.sixteen) {
		return p.sixteen[n]
	}
	return string(c)
}

// rule is how CSS says a style of pieces of a kind.
func (p paint) rule(k kind, s emulator.Style) string {
	if k == ground {
		return "fill:" + p.colour(s.Ground)
	}
	rules := []string{"fill:" + p.colour(s.Text)}
	if k == shape {
		rules = append(rules, "stroke:"+p.colour(s.Text))
	}
	if s.Bold && k == word {
		rules = append(rules, "font-weight:700")
	}
	if s.Italic {
		rules = append(rules, "font-style:italic")
	}
	if s.Faint {
		rules = append(rules, "opacity:.6")
	}
	var lines []string
	if s.Underlined {
		lines = append(lines, "underline")
	}
	if s.Struck {
		lines = append(lines, "line-through")
	}
	if len(lines) > 0 {
		rules = append(rules, "text-decoration:"+strings.Join(lines, " "))
	}
	return strings.Join(rules, ";")
}

// short is a short name for CSS.
func short(prefix string, n int) string {
	const digits = 36
	return prefix + strconv.FormatInt(int64(n), digits)
}
