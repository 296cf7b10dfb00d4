package theme

import (
	"strings"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/text"
)

// Glyphs are the characters that the screen is drawn with. Each is one cell wide.
type Glyphs struct {
	// Progress to Waiting are for the classes of status. Passed is for a step of a
	// journey that is not the last.
	Progress, Succeeded, Failed, Cancelled, Ended, Trouble, Waiting, Passed string
	// Verified to Rejected are for the verdicts.
	Verified, Trusted, Partial, Unsigned, Rejected string
	// Conflict is for an event that has the message id of an earlier one, and another body.
	Conflict string
	// Bar marks the row under the cursor, Down the column that the rows are sorted
	// by, and Up that column if the order is reversed. Live and Quiet are for things that are on and off.
	Bar, Rule, Live, Quiet, Down, Up, Ellipsis, Arrow string
	// Marked is before a row that the user has marked.
	Marked string
	// Divider stands between two columns, Focused in its place if keys go to the right one.
	// Crumb is between the steps of the way to what is shown.
	Divider, Focused, Crumb string
	// Folded and Unfolded are before what folds. Skipped is for a check that was not made.
	Folded, Unfolded, Skipped string
	// Heavy is a piece of a line that stands out.
	Heavy string
	// Shade fills a part of a bar that counts less, Hanging a bar below an axis.
	Shade, Hanging string
	// Corners are those of a box: top left, top right, bottom left, bottom right.
	Corners [4]string
	// Link is between two steps of a journey, APILink before one that only UP42's API reports.
	Link, APILink string
	// None stands for a status that is not known.
	None string
	// Spark are the bars of a sparkline, from the lowest to the highest.
	Spark []string
}

func glyphs(ascii bool) Glyphs {
	if ascii {
		return Glyphs{
			Progress: "~", Succeeded: "*", Failed: "x", Cancelled: "o", Ended: "#", Trouble: "!", Waiting: "@", Passed: "*",
			Verified: "+", Trusted: "+", Partial: "=", Unsigned: "?", Rejected: "x", Conflict: "%",
			Marked: "+", Bar: ">", Rule: "-", Divider: "|", Focused: "#", Crumb: ">", Heavy: "=", Link: "-", APILink: ".", Live: "*", Quiet: "o", Down: "v", Up: "^", Ellipsis: ">", Arrow: ">", None: "-",
			Folded: "+", Unfolded: "-", Skipped: ".",
			Corners: [4]string{"+", "+", "+", "+"}, Shade: "=", Hanging: "x",
			Spark: []string{" ", ".", ".", ":", ":", "|", "|", "#", "#"},
		}
	}
	return Glyphs{
		Progress: "◐", Succeeded: "●", Failed: "✕", Cancelled: "○", Ended: "■", Trouble: "▲", Waiting: "◆", Passed: "●",
		Verified: "✓", Trusted: "✓", Partial: "≈", Unsigned: "?", Rejected: "✕", Conflict: "≠",
		Marked: "◈", Bar: "▌", Rule: "─", Divider: "│", Focused: "┃", Crumb: "›", Heavy: "━", Link: "─", APILink: "╌", Live: "●", Quiet: "○", Down: "↓", Up: "↑", Ellipsis: "…", Arrow: "→", None: "—",
		Folded: "▸", Unfolded: "▾", Skipped: "·",
		Corners: [4]string{"╭", "╮", "╰", "╯"}, Shade: "▒", Hanging: "▀",
		Spark: []string{" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"},
	}
}

// Class returns the glyph of a class of status.
func (g *Glyphs) Class(c receiver.Class) string {
	return ofClass(c, [...]string{
		receiver.InProgress: g.Progress, receiver.Succeeded: g.Succeeded, receiver.Failed: g.Failed,
		receiver.Cancelled: g.Cancelled, receiver.Ended: g.Ended, receiver.InTrouble: g.Trouble, receiver.NeedsYou: g.Waiting,
	})
}

// ofClass returns the value for a class of status.
func ofClass[V any](c receiver.Class, values [receiver.NumClasses]V) V {
	if int(c) >= len(values) {
		c = receiver.InProgress
	}
	return values[c]
}

// Verdict returns the glyph of a verdict. Verified and trusted, which have the
// same trust, have the same glyph, as the word for the verdict is next to it.
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

// midStatus is the width from which on a status that is cut can be read without its
// middle.
const midStatus = 18

// Status returns a status, which must be clean, after the glyph of its class, in
// width cells. A status that is too long loses its middle, as some differ only at
// their ends, or if there is little room, its end.
func (g *Glyphs) Status(c receiver.Class, status string, width int) string {
	if status == "" {
		status = g.None
	}
	if width-2 >= midStatus {
		status = text.Middle(status, width-2)
	}
	return g.Class(c) + " " + text.Fit(status, width-2)
}

// Sparkline draws each count as a bar of one cell, in proportion to the largest
// count. The bar of a count above 0 is never empty.
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
