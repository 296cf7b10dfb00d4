package theme

import (
	"cmp"
	"strings"

	"github.com/charmbracelet/lipgloss"
)

// Style is a way to draw text. The zero value draws it as it is. Styles that look
// the same are equal.
type Style struct {
	on, off string
	// link is what the terminal opens if the text is clicked. It may be empty.
	link string
}

// newStyle takes the prefix and the suffix from a lipgloss style. To add them takes
// a hundredth of the time of Render.
func newStyle(s lipgloss.Style) Style {
	const text = "x"
	on, off, found := strings.Cut(s.Render(text), text)
	if !found {
		return Style{}
	}
	return Style{on: on, off: off}
}

// Apply draws text, which must be clean and have one line.
func (s Style) Apply(text string) string {
	if s.link != "" {
		return linkTo + s.link + endOfLink + s.on + text + s.off + linkTo + endOfLink
	}
	if s.on == "" {
		return text
	}
	return s.on + text + s.off
}

// A link is written as OSC 8.
const linkTo, endOfLink = "\x1b]8;;", "\x1b\\"

// over combines two styles, such as the colour of a status and the background of
// the cursor. If both set the same attribute, s wins.
func (s Style) over(background Style) Style {
	switch {
	case background.on == "":
		s.link = cmp.Or(s.link, background.link)
		return s
	case s.on == "":
		background.link = cmp.Or(s.link, background.link)
		return background
	default:
		return Style{background.on + s.on, s.off, cmp.Or(s.link, background.link)}
	}
}

// AppendOn appends what switches the style on. Styles do not nest: end one with
// AppendOff before the next.
func (s Style) AppendOn(dst []byte) []byte { return append(dst, s.on...) }

// AppendOff appends what switches the style off.
func (s Style) AppendOff(dst []byte) []byte { return append(dst, s.off...) }
