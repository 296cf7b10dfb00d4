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

// Line draws the tabs and the counts of verdicts.
func (t *Tabs) Line(c *Canvas, v Verdicts) string {
	pieces := t.pieces(c)
	c.placeTabs(pieces)
	return spread(c.W, pieces, v.pieces(c.Theme, gap(c.W, pieces, nil)-between))
}

// tabWords say how much a tab says.
type tabWords int

const (
	withCount tabWords = iota
	withName
	briefName
	// numberOnly is for the tabs of other pages than the current one.
	numberOnly
)

// pieces are the tabs, with their counts if there is room. If there is too little room for all
// names, they are shorter, or only the current tab has one.
func (t *Tabs) pieces(c *Canvas) (out []Piece) {
	for words := range numberOnly + 1 {
		out = make([]Piece, len(t.All))
		for i := range t.All {
			out[i] = t.piece(c, i, words)
		}
		if widthOf(out)+2 <= c.W {
			break
		}
	}
	return out
}

func (t *Tabs) piece(c *Canvas, i int, words tabWords) Piece {
	tab, counted := &t.All[i], words == withCount
	s := strconv.Itoa(i)
	name, after := tab.Name, " "
	if words == briefName {
		name, after = cmp.Or(tab.Brief, name), ""
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
	return Piece{s + after, style, 0}
}

// Underline draws the rule below the tabs. It is heavier under the current one.
func (t *Tabs) Underline(c *Canvas) string {
	from, pieces := 1, t.pieces(c)
	for i := range t.Current {
		from += text.Width(pieces[i].Text) + between
	}
	heavy := strings.Repeat(c.Theme.Glyphs.Heavy, text.Width(strings.TrimRight(pieces[t.Current].Text, " ")))
	return c.Rule(from) + c.Theme.Tab.Apply(heavy) + c.Rule(c.W-from-text.Width(heavy))
}
