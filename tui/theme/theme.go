// Package theme holds the look of the screen: its styles and glyphs. Colour
// never carries meaning alone; there is always a glyph or a word as well.
//
// A style is made once, with lipgloss, and is then a prefix and a suffix: a
// frame holds hundreds of styled cells, and is drawn for every key.
package theme

import (
	"io"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"

	"github.com/up42/up42-webhooks/receiver"
)

// Options says what the terminal can do and what its user likes.
type Options struct {
	// Profile is how many colours there are. termenv.Ascii: none, and nothing
	// bold or reversed either, since there is no terminal.
	Profile termenv.Profile
	// Mono: a terminal without colours, or whose user wants none (NO_COLOR). What
	// matters is bold or reversed; Profile, Dark and HighContrast mean nothing.
	Mono bool
	// Dark: light text on a dark ground.
	Dark bool
	// HighContrast uses the terminal's own sixteen colours, bold and reverse,
	// and nothing faint.
	HighContrast bool
	// ASCII draws with ASCII alone, for locales that are not UTF-8. For texts
	// see text.ASCII.
	ASCII bool
}

// Theme is a set of styles and glyphs. It does not change once made, so it may
// be shared.
type Theme struct {
	Plain, Bold, Dim, Title, Accent, Key    Style
	Header, Rule, Tab, Input, Notice, Error Style
	// Progress to Mark are what a status or a verdict is drawn in.
	Progress, Success, Failure, Cancel, Mark Style
	// Cursor is the ground of the line under the cursor: draw others over it.
	Cursor Style
	// Flat: nothing is drawn over Cursor. Where it is reverse, colours would
	// become a patchwork of grounds.
	Flat bool

	Glyphs Glyphs
}

// New makes a theme. It asks the terminal nothing.
func New(o Options) *Theme {
	if o.Mono {
		o.Profile = termenv.ANSI // the fewest that know bold and reverse
	}
	r := lipgloss.NewRenderer(io.Discard)
	r.SetColorProfile(o.Profile)
	p := o.palette()
	colour := func(c lipgloss.Color) Style { return newStyle(r.NewStyle().Foreground(c)) }
	bold := func(c lipgloss.Color) Style { return newStyle(r.NewStyle().Foreground(c).Bold(true)) }
	t := &Theme{
		Bold: newStyle(r.NewStyle().Bold(true)), Dim: colour(p.dim), Title: bold(p.accent), Accent: colour(p.accent), Key: bold(p.accent),
		Header: bold(p.dim), Rule: colour(p.dim), Tab: bold(p.accent), Input: colour(p.accent), Notice: colour(p.success), Error: bold(p.failure),
		Progress: colour(p.progress), Success: colour(p.success), Failure: colour(p.failure), Cancel: colour(p.cancelled), Mark: colour(p.mark),
		Cursor: newStyle(r.NewStyle().Background(p.cursor).Foreground(p.on).Bold(true)),
		Glyphs: glyphs(o.ASCII),
	}
	if o.HighContrast || o.Mono {
		t.Dim, t.Rule, t.Header = Style{}, Style{}, t.Bold
		t.Cursor, t.Flat = newStyle(r.NewStyle().Reverse(true).Bold(true)), true
	}
	return t
}

// Class is the style of a class of status.
func (t *Theme) Class(c receiver.Class) Style {
	switch c {
	case receiver.Succeeded:
		return t.Success
	case receiver.Failed:
		return t.Failure
	case receiver.Cancelled:
		return t.Cancel
	case receiver.Ended:
		return t.Bold
	default:
		return t.Progress
	}
}

// Verdict is the style of a verdict.
func (t *Theme) Verdict(v receiver.Verdict) Style {
	switch v.Trust() {
	case receiver.FullTrust:
		return t.Success
	case receiver.NoTrust:
		return t.Failure
	default:
		return t.Mark
	}
}
