package frame

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/up42/up42-webhooks/tui/number"
	"github.com/up42/up42-webhooks/tui/text"
)

// Tab names a page.
type Tab struct {
	// Brief is a shorter name, for a narrow terminal.
	Name, Brief string
	// Count is how much the page has, if that is known.
	Count int64
	Known bool
	// Waiting is how many of them wait for an answer of the user.
	Waiting int
}

// Tabs are the names of the pages.
type Tabs struct {
	All []Tab
	// Current is the index of the page that is shown.
	Current int
}

// Lines draw the tabs with the counts of verdicts, and the rule below, which is heavier under the
// current tab.
func (t *Tabs) Lines(c *Canvas, v Verdicts) []string {
	pieces := t.pieces(c, &v)
	c.placeTabs(pieces)
	below := t.underline(c, pieces)
	return []string{spread(c.W, pieces, v.pieces(c.Theme, gap(c.W, pieces, nil)-between)), below}
}

// tabWords say how much a tab says.
type tabWords int

const (
	withCount tabWords = iota
	// nearer has fewer spaces, and nearest only one between two tabs.
	nearer
	nearest
	withName
	nearNames
	// numberOnly is for the tabs of other pages than the current one.
	numberOnly
)

func (w tabWords) counted() bool { return w < withName }

// brief are the numbers of tabs with shorter names that are tried, of n tabs.
func (w tabWords) brief(n int) (least, most int) {
	switch w {
	case withCount, withName:
		return 0, 0
	case nearest:
		return n, n
	default:
		return 0, n
	}
}

// pieces are the tabs. If there is too little room for all names and counts beside those verdicts that
// matter most, there are fewer spaces, and shorter names from the last tab on. Then the verdicts go,
// then the counts, and at last only the current tab has a name.
func (t *Tabs) pieces(c *Canvas, v *Verdicts) []Piece {
	if out, ok := t.fitting(c, withName, v.least(c.Theme)); ok {
		return out
	}
	out, _ := t.fitting(c, numberOnly+1, nil)
	return out
}

// fitting returns the longest tabs for which there is room. They say more than end. Without room for any of
// them it returns the shortest, and ok is false.
func (t *Tabs) fitting(c *Canvas, end tabWords, beside []Piece) (out []Piece, ok bool) {
	for words := range end {
		least, most := words.brief(len(t.All))
		for brief := least; brief <= most; brief++ {
			if out = t.all(c, words, brief); gap(c.W, out, beside) >= 0 {
				return out, true
			}
		}
	}
	return out, false
}

// all are the tabs, of which some at the end have shorter names.
func (t *Tabs) all(c *Canvas, words tabWords, brief int) []Piece {
	out := make([]Piece, len(t.All))
	for i := range t.All {
		out[i] = t.piece(c, i, words, i >= len(t.All)-brief)
	}
	return out
}

func (t *Tabs) piece(c *Canvas, i int, words tabWords, brief bool) Piece {
	tab, counted := &t.All[i], words.counted()
	s := strconv.Itoa(i)
	name, after := tab.Name, ""
	if brief {
		name = cmp.Or(tab.Brief, name)
	}
	if words == withCount || words == withName || words == numberOnly {
		after = " "
	}
	if words != numberOnly || i == t.Current {
		s += " " + name
	}
	if tab.Known && counted {
		s += " " + number.Format(tab.Count)
	}
	style := c.Theme.Dim
	if tab.Waiting > 0 {
		s += " " + c.Theme.Glyphs.Waiting
		if counted {
			s += " " + number.Format(int64(tab.Waiting))
		}
		style = c.Theme.Waiting
	}
	if i == t.Current {
		style = c.Theme.Tab
	}
	return Piece{Text: s + after, Style: style, near: words == nearest}
}

func (t *Tabs) underline(c *Canvas, pieces []Piece) string {
	from, current := c.spots.tabs[t.Current].from, strings.TrimRight(pieces[t.Current].Text, " ")
	heavy := strings.Repeat(c.Theme.Glyphs.Heavy, text.Width(current))
	return c.Rule(from) + c.Theme.Tab.Apply(heavy) + c.Rule(c.W-from-text.Width(heavy))
}
