// Package bigtext writes words in large letters, for the last row of a hall: each is three
// cells wide and three lines high.
package bigtext

import (
	"strings"
	"unicode"
)

// Height is how many lines a word takes.
const Height = 3

const (
	// columns and rows are the size of a letter in pixels. A cell has two pixels, one above the
	// other.
	columns, rows = 3, 5
	between       = 1
)

// Width is how many cells a text takes.
func Width(text string) int {
	n := len([]rune(text))
	if n == 0 {
		return 0
	}
	return n*columns + (n-1)*between
}

// Lines draws a text. A character that has no large form is a gap. plain uses ASCII only.
func Lines(text string, plain bool) [Height]string {
	blocks := [4]string{" ", "▀", "▄", "█"}
	if plain {
		blocks = [4]string{" ", "'", ".", "#"}
	}
	var lines [Height]strings.Builder
	for i, r := range []rune(text) {
		letter := letters[unicode.ToUpper(r)]
		for y := range Height {
			if i > 0 {
				lines[y].WriteString(strings.Repeat(" ", between))
			}
			for x := range columns {
				lines[y].WriteString(blocks[letter.pixel(x, 2*y)|letter.pixel(x, 2*y+1)<<1])
			}
		}
	}
	return [Height]string{lines[0].String(), lines[1].String(), lines[2].String()}
}

// letter has the pixels of a character, row by row.
type letter [rows]string

// pixel is 1 if a pixel is set.
func (l letter) pixel(x, y int) int {
	if y < rows && x < len(l[y]) && l[y][x] == '#' {
		return 1
	}
	return 0
}

// Known reports whether each character of a text has a large form.
func Known(text string) bool {
	for _, r := range text {
		if _, ok := letters[unicode.ToUpper(r)]; !ok {
			return false
		}
	}
	return true
}
