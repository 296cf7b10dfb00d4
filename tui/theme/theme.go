// Package theme holds the styles and glyphs of the screen. Colour is never the only
// sign: there is always a glyph or a word too.
//
// A style is made once, with lipgloss, and is then a prefix and a suffix. This
// matters because a frame has hundreds of styled cells and each key draws a frame.
package theme

import (
	"io"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"

	"github.com/up42/up42-webhooks/receiver"
)

// Theme is a set of styles and glyphs. It never changes, so it is safe for
// concurrent use.
type Theme struct {
	Plain, Bold, Dim, Title, Accent, Key    Style
	Header, Rule, Tab, Input, Notice, Error Style
	// Progress to Mark are for statuses and verdicts.
	Progress, Success, Failure, Cancel, Trouble, Waiting, Mark Style
	// Cursor is for text without a style in the line under the cursor. See UnderCursor.
	Cursor Style
	// Caret is for the character where text is typed. It is reverse, so that it shows on
	// any ground.
	Caret Style
	// Paper is dark on light, also on a dark ground: cameras read codes so.
	Paper Style

	Glyphs Glyphs

	// match is added to the style of what is found, and matchUnder replaces a flat Cursor there.
	match, matchUnder Style

	// glow is added to the style of what has just changed. It is zero without colours.
	glow Style

	// flat says that the line under the cursor has no style but Cursor. It is for
	// a Cursor that is reverse, as each colour would become a background.
	flat bool
	// links: the terminal opens links.
	links bool
}

// New makes a theme. It does not query the terminal.
func New(o Options) *Theme {
	if o.Mono {
		o.Profile = termenv.ANSI // the smallest profile that has bold and reverse
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
		Trouble: bold(p.trouble), Waiting: bold(p.waiting),
		Cursor: newStyle(r.NewStyle().Background(p.cursor).Foreground(p.onCursor).Bold(true)),
		Caret:  newStyle(r.NewStyle().Reverse(true)),
		Paper:  paper(r, o),
		Glyphs: glyphs(o.ASCII),

		match: newStyle(r.NewStyle().Reverse(true).Underline(true)), matchUnder: newStyle(r.NewStyle().Bold(true).Underline(true)),
	}
	if !o.Mono {
		t.glow = t.Caret
	}
	t.links = o.Links && !o.Mono && o.Profile != termenv.Ascii
	if o.HighContrast || o.Name == HighContrast || o.Mono {
		t.Dim, t.Rule, t.Header = Style{}, Style{}, t.Bold
		t.Cursor, t.flat = newStyle(r.NewStyle().Reverse(true).Bold(true)), true
	}
	return t
}

// paper is black on white, as far as the terminal has these colours. Without colours it is the
// opposite of what a dark terminal has.
func paper(r *lipgloss.Renderer, o Options) Style {
	switch {
	case o.Mono:
		return newStyle(r.NewStyle().Reverse(true))
	case o.Profile == termenv.ANSI:
		return newStyle(r.NewStyle().Foreground(lipgloss.Color("0")).Background(lipgloss.Color("15")))
	default:
		return newStyle(r.NewStyle().Foreground(lipgloss.Color("#000000")).Background(lipgloss.Color("#ffffff")))
	}
}

// UnderCursor returns a style as it is in the line under the cursor. Dim text is not dim
// there: it would be hard to read.
func (t *Theme) UnderCursor(s Style) Style {
	link := s.link
	if s.link = ""; t.flat || s == t.Dim || s == t.Header {
		s = Style{}
	}
	s = s.over(t.Cursor)
	s.link = link
	return s
}

// maxLink is the length of a link that terminals take.
const maxLink = 2000

// Link returns a style in which a click opens a URL, if the terminal can do that. A URL that has
// other characters than those of URLs is no link.
func (t *Theme) Link(s Style, url string) Style {
	strange := func(r rune) bool { return r <= ' ' || r > '~' }
	if t.links && len(url) <= maxLink && !strings.ContainsFunc(url, strange) {
		s.link = url
	}
	return s
}

// Match returns a style as it is where a text is found: reversed and underlined, or underlined under
// a cursor that is reversed itself.
func (t *Theme) Match(s Style) Style {
	if t.flat && s == t.Cursor {
		return t.matchUnder
	}
	return t.match.over(s)
}

// Glow returns a style as it is for a moment after a change: reversed, which shows on any ground.
func (t *Theme) Glow(s Style) Style { return t.glow.over(s) }

// Glows reports whether [Theme.Glow] can be seen: there are colours.
func (t *Theme) Glows() bool { return t.glow != (Style{}) }

// Class returns the style of a class of status.
func (t *Theme) Class(c receiver.Class) Style {
	return ofClass(c, [...]Style{
		receiver.InProgress: t.Progress, receiver.Succeeded: t.Success, receiver.Failed: t.Failure,
		receiver.Cancelled: t.Cancel, receiver.Ended: t.Bold, receiver.InTrouble: t.Trouble, receiver.NeedsYou: t.Waiting,
	})
}

// Verdict returns the style of a verdict.
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
