package theme

import (
	"strings"

	"github.com/up42/up42-webhooks/receiver"
)

// Glyphs are the characters that things are drawn with, each one cell wide but
// for Link, which is two.
type Glyphs struct {
	// Progress to Ended are the classes of status; Passed is a step of a
	// journey that is over.
	Progress, Succeeded, Failed, Cancelled, Ended, Passed string
	// The verdicts.
	Verified, Trusted, Partial, Unsigned, Rejected string
	// Bar marks the row under the cursor, Down the column that is sorted by.
	// Live and Quiet say whether the receiver takes deliveries.
	Bar, Rule, Link, Live, Quiet, Down, Ellipsis, Arrow string
	// Spark are the bars of a sparkline, from none to most.
	Spark []string
}

func glyphs(ascii bool) Glyphs {
	if ascii {
		return Glyphs{
			Progress: "~", Succeeded: "*", Failed: "x", Cancelled: "o", Ended: "#", Passed: "*",
			Verified: "+", Trusted: "+", Partial: "=", Unsigned: "?", Rejected: "x",
			Bar: ">", Rule: "-", Link: "--", Live: "*", Quiet: "o", Down: "v", Ellipsis: ">", Arrow: ">",
			Spark: []string{" ", ".", ".", ":", ":", "|", "|", "#", "#"},
		}
	}
	return Glyphs{
		Progress: "◐", Succeeded: "●", Failed: "✕", Cancelled: "○", Ended: "■", Passed: "●",
		Verified: "✓", Trusted: "✓", Partial: "≈", Unsigned: "?", Rejected: "✕",
		Bar: "▌", Rule: "─", Link: "──", Live: "●", Quiet: "○", Down: "↓", Ellipsis: "…", Arrow: "→",
		Spark: []string{" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"},
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

// Verdict is the glyph of a verdict. It stands beside the verdict's word:
// verified and trusted, which are worth the same, have the same one.
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

// Sparkline draws counts, one cell each, against the largest of them. Any count
// but 0 can be seen.
func (g *Glyphs) Sparkline(counts []int64) string {
	var most int64
	for _, n := range counts {
		most = max(most, n)
	}
	var b strings.Builder
	steps := int64(len(g.Spark) - 1)
	for _, n := range counts {
		level := int64(0)
		if n > 0 {
			level = int64(float64(n-1) / float64(most) * float64(steps))
			level = min(level+1, steps)
		}
		b.WriteString(g.Spark[level])
	}
	return b.String()
}

// linkCells is the width of Link.
const linkCells = 2

// Trail draws a journey in at most width cells; of a longer one its end. A
// step that is over is drawn as passed, one of less trust than its row as
// unsigned.
func (g *Glyphs) Trail(trail receiver.ShortJourney, width int) string {
	steps := trail.Steps()
	cut := 0
	for len(steps) > 0 && cut+len(steps)+(len(steps)-1)*linkCells > width {
		steps, cut = steps[1:], 1
	}
	if cut > width {
		return ""
	}
	var b strings.Builder
	b.Grow(len(trail) * (1 + linkCells) * len(g.Passed))
	if cut > 0 {
		b.WriteString(g.Ellipsis)
	}
	for i, s := range steps {
		if i > 0 {
			b.WriteString(g.Link)
		}
		b.WriteString(g.step(s, i == len(steps)-1))
	}
	return b.String()
}

func (g *Glyphs) step(s receiver.Step, last bool) string {
	switch {
	case s.Lower():
		return g.Unsigned
	case s.Class() == receiver.InProgress && !last:
		return g.Passed
	default:
		return g.Class(s.Class())
	}
}
