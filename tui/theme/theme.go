// Package theme holds the look of the screen: its styles and glyphs. Colour
// never carries meaning alone; there is always a glyph or a word as well.
package theme

import (
	"io"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"

	"github.com/up42/up42-webhooks/receiver"
)

// Options says what the terminal can do and what its user likes.
type Options struct {
	// Profile is how many colours there are; termenv.Ascii: none (NO_COLOR).
	Profile termenv.Profile
	// Dark: light text on a dark ground.
	Dark bool
	// HighContrast uses the terminal's own sixteen colours, bold and reverse,
	// and nothing faint.
	HighContrast bool
	// ASCII draws with ASCII alone, for locales that are not UTF-8.
	ASCII bool
}

// Style is a way to draw text. Its zero value changes nothing.
type Style struct{ on, off string }

// Apply draws text, which must be clean.
func (s Style) Apply(text string) string {
	if s.on == "" {
		return text
	}
	return s.on + text + s.off
}

// Theme is a set of styles and glyphs. It does not change once made.
type Theme struct {
	Plain, Bold, Dim, Title, Accent, Key     Style
	Header, Rule, Tab, Input, Notice, Error  Style
	Progress, Success, Failure, Cancel, Mark Style
	// Cursor is for the line under the cursor, whatever its style otherwise.
	Cursor Style

	Glyphs Glyphs
}

// Glyphs are the characters that things are drawn with, each one cell wide.
type Glyphs struct {
	Progress, Succeeded, Failed, Cancelled, Ended, Passed string
	Verified, Trusted, Partial, Unsigned, Rejected        string
	Bar, Rule, Link, Live, Quiet, Down, Ellipsis, Arrow   string
	// Spark are the bars of a sparkline, from none to most.
	Spark []string
}

var unicodeGlyphs = Glyphs{
	Progress: "◐", Succeeded: "●", Failed: "✕", Cancelled: "○", Ended: "■", Passed: "●",
	Verified: "✓", Trusted: "✓", Partial: "≈", Unsigned: "?", Rejected: "✕",
	Bar: "▌", Rule: "─", Link: "──", Live: "●", Quiet: "○", Down: "↓", Ellipsis: "…", Arrow: "→",
	Spark: []string{" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"},
}

var asciiGlyphs = Glyphs{
	Progress: "~", Succeeded: "*", Failed: "x", Cancelled: "o", Ended: "#", Passed: "*",
	Verified: "+", Trusted: "+", Partial: "=", Unsigned: "?", Rejected: "x",
	Bar: ">", Rule: "-", Link: "--", Live: "*", Quiet: "o", Down: "v", Ellipsis: "~", Arrow: ">",
	Spark: []string{" ", ".", ".", ":", ":", "|", "|", "#", "#"},
}

// palette names a theme's colours: for a dark ground and a light one, in as
// many colours as there are (lipgloss scales them down).
type palette struct{ accent, dim, success, failure, progress, cancel, mark, cursor lipgloss.TerminalColor }

func colours(o Options) palette {
	c := func(light, dark string) lipgloss.TerminalColor {
		if o.Dark {
			return lipgloss.Color(dark)
		}
		return lipgloss.Color(light)
	}
	if o.HighContrast {
		return palette{c("4", "14"), c("0", "15"), c("2", "10"), c("1", "9"), c("4", "11"), c("5", "13"), c("5", "11"), c("0", "15")}
	}
	return palette{
		accent: c("#0b62a8", "#7cc4ff"), dim: c("#6b7280", "#7d8694"), success: c("#157a3c", "#7ee2a0"), failure: c("#b3261e", "#ff8a80"),
		progress: c("#8a5a00", "#f5c66a"), cancel: c("#7a3e9d", "#c9a2f2"), mark: c("#8a5a00", "#f5c66a"), cursor: c("#dbe7f3", "#25384d"),
	}
}

// New makes a theme.
func New(o Options) *Theme {
	r := lipgloss.NewRenderer(io.Discard)
	r.SetColorProfile(o.Profile)
	p := colours(o)
	style := func(f func(lipgloss.Style) lipgloss.Style) Style { return split(f(r.NewStyle())) }
	fg := func(c lipgloss.TerminalColor) Style {
		return style(func(s lipgloss.Style) lipgloss.Style { return s.Foreground(c) })
	}
	boldOf := func(c lipgloss.TerminalColor) Style {
		return style(func(s lipgloss.Style) lipgloss.Style { return s.Foreground(c).Bold(true) })
	}
	t := &Theme{
		Bold: style(func(s lipgloss.Style) lipgloss.Style { return s.Bold(true) }),
		Dim:  fg(p.dim), Title: boldOf(p.accent), Accent: fg(p.accent), Key: boldOf(p.accent),
		Header: boldOf(p.dim), Rule: fg(p.dim), Tab: boldOf(p.accent), Input: fg(p.accent), Notice: fg(p.success), Error: boldOf(p.failure),
		Progress: fg(p.progress), Success: fg(p.success), Failure: fg(p.failure), Cancel: fg(p.cancel), Mark: fg(p.mark),
		Cursor: style(func(s lipgloss.Style) lipgloss.Style {
			if o.HighContrast {
				return s.Reverse(true)
			}
			return s.Background(p.cursor).Bold(true)
		}),
		Glyphs: unicodeGlyphs,
	}
	if o.HighContrast {
		t.Dim, t.Rule = Style{}, Style{}
	}
	if o.ASCII {
		t.Glyphs = asciiGlyphs
	}
	return t
}

// split turns a lipgloss style into what stands before and after its text:
// drawing is then two additions, a hundredth of Render.
func split(s lipgloss.Style) Style {
	const text = "x"
	on, off, found := strings.Cut(s.Render(text), text)
	if !found {
		return Style{}
	}
	return Style{on, off}
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

// Class is the glyph of a class of status.
func (g *Glyphs) Class(c receiver.Class) string {
	switch c {
	case receiver.Succeeded:
		return g.Succeeded
	case receiver.Failed:
		return g.Failed
	case receiver.Cancelled:
		return g.Cancelled
	case receiver.Ended:
		return g.Ended
	default:
		return g.Progress
	}
}

// Verdict is the glyph of a verdict.
func (g *Glyphs) Verdict(v receiver.Verdict) string {
	switch v {
	case receiver.Verified:
		return g.Verified
	case receiver.Trusted:
		return g.Trusted
	case receiver.Partial:
		return g.Partial
	case receiver.Unsigned:
		return g.Unsigned
	default:
		return g.Rejected
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

// Trail draws a journey in at most width cells; of a longer one its end. A
// step that is over is drawn as passed, one of less trust than its row as
// unsigned.
func (g *Glyphs) Trail(trail receiver.Trail, width int) string {
	steps := trail.Steps()
	cells := func(n int) int { return n + max(0, n-1)*2 }
	over := 0
	for len(steps) > 1 && cells(len(steps))+over > width {
		steps, over = steps[1:], 1
	}
	var b strings.Builder
	if over > 0 {
		b.WriteString(g.Ellipsis)
	}
	for i, s := range steps {
		if i > 0 {
			b.WriteString(g.Link)
		}
		switch {
		case s.Lower():
			b.WriteString(g.Unsigned)
		case s.Class() == receiver.InProgress && i < len(steps)-1:
			b.WriteString(g.Passed)
		default:
			b.WriteString(g.Class(s.Class()))
		}
	}
	return b.String()
}
