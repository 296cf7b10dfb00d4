package theme

import (
	"strings"

	"github.com/up42/up42-webhooks/receiver"
)

// Span is clean text with a style.
type Span struct {
	Style Style
	Text  string
}

// Journey appends a journey in at most width cells, each step in the colour of its class. It
// draws only the end of a journey that is longer. A step that is not the last is drawn as
// passed, and one that has less trust than its row as unsigned. api says that only UP42's
// API reports the last step: the link before it is broken, as no delivery confirms it.
func (t *Theme) Journey(dst []Span, j receiver.ShortJourney, width int, api bool) []Span {
	g, steps := &t.Glyphs, j.Steps()
	alone := api && len(steps) == 1 // the link is all that shows where the step comes from
	cut := 0
	for len(steps) > 0 && cells(len(steps), cut, alone) > width {
		steps, cut = steps[1:], 1
	}
	switch {
	case cut > width:
		return dst
	case cut > 0:
		dst = append(dst, Span{t.Dim, g.Ellipsis})
	}
	for i, s := range steps {
		last := i == len(steps)-1
		switch {
		case api && last && (i > 0 || alone):
			dst = append(dst, Span{t.Dim, g.APILink})
		case i > 0:
			dst = append(dst, Span{t.Dim, g.Link})
		}
		dst = append(dst, t.step(s, last))
	}
	return dst
}

// cells is how many cells a journey takes.
func cells(steps, cut int, alone bool) int {
	n := cut + 2*steps - 1
	if alone {
		n++
	}
	return n
}

func (t *Theme) step(s receiver.Step, last bool) Span {
	switch {
	case s.Lower():
		return Span{t.Mark, t.Glyphs.Unsigned}
	case s.Class() == receiver.InProgress && !last:
		return Span{t.Plain, t.Glyphs.Passed}
	default:
		return Span{t.Class(s.Class()), t.Glyphs.Class(s.Class())}
	}
}

// Joined returns the text of spans without their styles.
func Joined(spans []Span) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.Text)
	}
	return b.String()
}
