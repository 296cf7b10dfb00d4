package frame

import (
	"slices"
	"strings"

	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// Label is a piece of the bottom rule.
type Label struct {
	Text  string // clean
	Style theme.Style
	// Brief replaces Text if there is too little room. It may be empty.
	Brief string
}

// Labels draws the right end of the bottom rule: as many labels as there is room
// for. Those that matter least come first.
func (c *Canvas) Labels(labels []Label, room int) string {
	labels = fitting(labels, room)
	width := labelsWidth(labels)
	if len(labels) == 0 || width+2 > room {
		return c.Rule(room)
	}
	var b strings.Builder
	b.WriteString(c.Rule(room - width - 1))
	for _, l := range labels {
		b.WriteString(l.Style.Apply(" " + l.Text + " "))
		b.WriteString(c.Rule(1))
	}
	b.WriteString(c.Rule(1))
	return b.String()
}

func labelsWidth(labels []Label) (width int) {
	for _, l := range labels {
		width += text.Width(l.Text) + 3
	}
	return width
}

// fitting returns as many labels as there is room for. Labels become brief before
// one of them goes.
func fitting(labels []Label, room int) []Label {
	labels = slices.Clone(labels)
	for _, brief := range []bool{true, false} {
		for i := 0; i < len(labels) && len(labels) > 1 && labelsWidth(labels)+2 > room; {
			if l := &labels[i]; brief && l.Brief != "" {
				l.Text = l.Brief
				i++
				continue
			}
			labels = slices.Delete(labels, i, i+1)
		}
	}
	return labels
}

// Crumbs draws the left end of the bottom rule: the steps to what is shown. Of many it draws
// the last ones.
func (c *Canvas) Crumbs(names []string) (drawn string, width int) {
	const lead = 2
	if len(names) == 0 {
		return "", 0
	}
	between := " " + c.Theme.Glyphs.Crumb + " "
	words := strings.Join(names, between)
	for len(names) > 1 && text.Width(words) > c.W/2 {
		names = names[1:]
		words = c.Theme.Glyphs.Ellipsis + between + strings.Join(names, between)
	}
	words = " " + text.Cut(words, c.W/2) + " "
	return c.Rule(lead) + c.Theme.Accent.Apply(words), lead + text.Width(words)
}
