package theme

import (
	"strings"

	"github.com/charmbracelet/lipgloss"
)

// Style is a way to draw text. Its zero value changes nothing; styles that draw
// alike are equal.
type Style struct{ on, off string }

// newStyle takes from a lipgloss style what stands before and after its text:
// drawing is then two additions, a hundredth of what Render costs.
func newStyle(s lipgloss.Style) Style {
	const text = "x"
	on, off, found := strings.Cut(s.Render(text), text)
	if !found {
		return Style{}
	}
	return Style{on, off}
}

// Apply draws text, which must be clean and of one line.
func (s Style) Apply(text string) string {
	if s.on == "" {
		return text
	}
	return s.on + text + s.off
}

// Over draws as both do, s deciding where they differ: a status's colour over
// the cursor's ground.
func (s Style) Over(ground Style) Style {
	switch {
	case ground.on == "":
		return s
	case s.on == "":
		return ground
	default:
		return Style{ground.on + s.on, s.off}
	}
}

// AppendOn appends what switches the style on, AppendOff what ends it. Styles do
// not nest: end one before the next.
func (s Style) AppendOn(dst []byte) []byte { return append(dst, s.on...) }

// AppendOff ends what AppendOn began.
func (s Style) AppendOff(dst []byte) []byte { return append(dst, s.off...) }
