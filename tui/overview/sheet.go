package overview

import "github.com/up42/up42-webhooks/tui/theme"

// item is something on the page that can be opened.
type item struct {
	// id stays the same while the page changes around the item.
	id    string
	goal  Goal
	panel int // its number
	// y is the item's line on the page, and left and right are the cells that it takes there.
	y, left, right int
}

// sheet collects the lines of a panel, and the items of all panels.
type sheet struct {
	theme *theme.Theme
	items *[]item
	panel int // the number of the panel
	lines []line
}

// add adds a line.
func (s *sheet) add(spans ...span) { s.lines = append(s.lines, spans) }

// say adds a line of words that can't be opened.
func (s *sheet) say(style theme.Style, words string) { s.add(span{style: style, text: " " + words}) }

// open makes an item of spans: a part of a line. It begins with a cell for the mark of the
// cursor.
func (s *sheet) open(id string, g Goal, spans ...span) line {
	*s.items = append(*s.items, item{id: id, goal: g, panel: s.panel})
	n := len(*s.items)
	l := append(line{{text: " "}}, spans...)
	for i := range l {
		l[i].item = n
	}
	return l
}
