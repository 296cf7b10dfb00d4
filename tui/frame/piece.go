package frame

import (
	"strings"

	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// Piece is a part of a line. If the line is too narrow, the pieces with the
// highest Drop are left out first. A piece with Drop 0 stays.
type Piece struct {
	Text  string // clean; "": no piece
	Style theme.Style
	Drop  int
	// near: there is only one space before the next piece.
	near bool
}

// after is how many cells are between the piece and the next one.
func (p *Piece) after() int {
	if p.near {
		return 1
	}
	return between
}

// between is how many cells are between pieces, and at least between the two ends
// of a line.
const between = 2

// spread draws pieces at both ends of a line, as many as there is room for.
func spread(width int, left, right []Piece) string {
	for gap(width, left, right) < 0 && dropOne(left, right) {
	}
	if over := -gap(width, left, right); over > 0 {
		cutLast(left, over)
	}
	var b strings.Builder
	b.WriteString(" ")
	b.WriteString(draw(left))
	b.WriteString(text.Spaces(width - 2 - widthOf(left) - widthOf(right)))
	b.WriteString(draw(right))
	b.WriteString(" ")
	return b.String()
}

// gap is the room that is left between the two ends of a line.
func gap(width int, left, right []Piece) int {
	room := width - 2 - widthOf(left)
	if r := widthOf(right); r > 0 {
		room -= between + r
	}
	return room
}

// dropOne empties the piece that matters least. It returns false if none can go.
func dropOne(ends ...[]Piece) bool {
	var least *Piece
	for _, e := range ends {
		for i := range e {
			if p := &e[i]; p.Text != "" && p.Drop > 0 && (least == nil || p.Drop > least.Drop) {
				least = p
			}
		}
	}
	if least == nil {
		return false
	}
	least.Text = ""
	return true
}

// cutLast shortens the last piece.
func cutLast(all []Piece, by int) {
	for i := len(all) - 1; i >= 0; i-- {
		if p := &all[i]; p.Text != "" {
			p.Text = text.Clean(p.Text, max(1, text.Width(p.Text)-by))
			return
		}
	}
}

func draw(all []Piece) string {
	var b strings.Builder
	space := 0
	for _, p := range all {
		if p.Text != "" {
			b.WriteString(text.Spaces(space))
			b.WriteString(p.Style.Apply(p.Text))
			space = p.after()
		}
	}
	return b.String()
}

func widthOf(all []Piece) int {
	w, space := 0, 0
	for _, p := range all {
		if p.Text != "" {
			w += space + text.Width(p.Text)
			space = p.after()
		}
	}
	return w
}
