package main

import (
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/tuitest/emulator"
)

// piece is a part of a line that is drawn as a whole: a word, a line, or a ground. The same piece is
// drawn once, however many frames have it.
type piece struct {
	x, y int
	kind kind
	text string // a word, or one character
	wide int    // in cells
	// style has only what counts for this kind.
	style emulator.Style
}

type kind int

const (
	ground kind = iota // behind a text
	shape              // a line or a block, which has to meet its neighbours
	word
	pressed // a key
)

// pieces cuts a line.
func pieces(y int, line []emulator.Cell) (all []piece) {
	all = grounds(y, line)
	var open *piece
	end := func() {
		if open != nil {
			all = append(all, *open)
		}
		open = nil
	}
	for x, c := range line {
		p := piece{x, y, kindOf(c.Text), c.Text, max(1, text.Width(c.Text)), inked(c.Style)}
		switch {
		case c.Text == "":
		case c.Text == " " && !c.Style.Underlined && !c.Style.Struck:
			end()
		case open != nil && open.kind == p.kind && open.style == p.style && joins(open, p):
			open.wide += p.wide
			if p.kind == word {
				open.text += p.text
			}
		default:
			end()
			open = &p
		}
	}
	end()
	return all
}

// joins says whether a piece goes on with a character. Fonts have many signs that are not as wide
// as letters, so a word with signs begins anew after each.
func joins(open *piece, p piece) bool {
	if p.kind == shape {
		return open.text == p.text && flat(p.text)
	}
	return isLetters(open.text) && isLetters(p.text)
}

func isLetters(s string) bool {
	for _, r := range s {
		const latin = 0x250
		if r >= latin {
			return false
		}
	}
	return true
}

// grounds are the grounds of a line that are not the terminal's own.
func grounds(y int, line []emulator.Cell) (all []piece) {
	for x, c := range line {
		g := groundOf(c.Style)
		if g == "" {
			continue
		}
		style := emulator.Style{Ground: g}
		if last := len(all) - 1; last >= 0 && all[last].x+all[last].wide == x && all[last].style == style {
			all[last].wide++
			continue
		}
		all = append(all, piece{x: x, y: y, kind: ground, wide: 1, style: style})
	}
	return all
}

// The colours that a terminal has of its own, when a style swaps them.
const (
	ownText   emulator.Colour = "text"
	ownGround emulator.Colour = "ground"
)

// groundOf is the colour behind a character. It is empty if the terminal's own is.
func groundOf(s emulator.Style) emulator.Colour {
	switch {
	case s.Reversed && s.Text == "":
		return ownText
	case s.Reversed:
		return s.Text
	default:
		return s.Ground
	}
}

// inked is how a character itself is drawn.
func inked(s emulator.Style) emulator.Style {
	if s.Reversed {
		if s.Text = s.Ground; s.Text == "" {
			s.Text = ownGround
		}
	}
	if s.Text == "" {
		s.Text = ownText
	}
	s.Ground, s.Reversed = "", false
	return s
}
