package tui

import (
	"strings"

	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// fault points at what is wrong with a prompt's text.
type fault struct {
	from, to int    // in bytes; equal where something is missing
	words    string // clean
	// instead is what probably was meant, "" where nothing is near.
	instead string
	// mild: it may only be that the text is not finished, or new to us.
	mild bool
}

func (m *Model) faultStyle() theme.Style {
	if m.prompt.fault.mild {
		return m.th.Mark
	}
	return m.th.Error
}

// faultRule is the rule above the prompt while something is wrong: it points
// down at the word, and says what.
func (m *Model) faultRule() string {
	f := m.prompt.fault
	from, n := m.faultAt()
	mark := strings.Repeat(m.th.Glyphs.Down, n)
	style := m.faultStyle()
	after, before := m.w-from-n-4, from-4
	words := f.explain(max(after, before))
	if text.Width(words) > after && before > after {
		words = " " + text.Clean(words, before) + " "
		return m.th.Rule.Apply(m.rules(from-text.Width(words))) + style.Apply(words+mark) + m.labelled(m.w-from-n)
	}
	words = " " + text.Clean(words, after) + " "
	return m.th.Rule.Apply(m.rules(from)) + style.Apply(mark+words) + m.labelled(m.w-from-n-text.Width(words))
}

// explain says what is wrong; where there is too little room for all of it, what
// was meant is worth more.
func (f *fault) explain(room int) string {
	if f.instead == "" {
		return f.words
	}
	meant := `did you mean "` + f.instead + `"?`
	if all := f.words + "; " + meant; text.Width(all) <= room {
		return all
	}
	return meant
}

// faultAt is where on the screen what is wrong begins, and how many cells of it
// are seen.
func (m *Model) faultAt() (from, n int) {
	start := text.Width(m.prompt.label)
	all, _ := m.letters(m.w - start - 1)
	first := -1
	for i, l := range all {
		if l.wrong {
			if first < 0 {
				first = i
			}
			n += text.Width(l.text)
		}
	}
	if first < 0 {
		first = len(all) // it is missing at the end
	}
	from = min(start+width(all[:first]), m.w-2)
	return from, max(1, min(n, m.w-1-from))
}
