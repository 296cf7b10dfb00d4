package main

import (
	"fmt"
	"strings"
)

// The size of a cell.
const (
	cellWidth, cellHeight = 8, 17
	middleX, middleY      = cellWidth / 2, 8.5
	// fontSize fits the width: letters of common fonts are 0.6 times as wide as they are large.
	fontSize = 13.3
)

// stroke is a line: where it begins in its cell, and how it goes on.
type stroke struct {
	x, y float64
	path string
}

// strokes are characters that are drawn as lines, from the middle of a cell to its edges.
var strokes = map[string]stroke{
	"─": {0, middleY, "h8"}, "╌": {1, middleY, "h2m2 0h2"},
	"│": {middleX, 0, "v17"},
	"╭": {middleX, cellHeight, "v-4.5q0-4 4-4"}, "╮": {0, middleY, "q4 0 4 4v4.5"},
	"╰": {middleX, 0, "v4.5q0 4 4 4"}, "╯": {0, middleY, "q4 0 4-4v-4.5"},
	"├": {middleX, 0, "v17m0-8.5h4"}, "┤": {middleX, 0, "v17m0-8.5h-4"},
	"┬": {0, middleY, "h8m-4 0v8.5"}, "┴": {0, middleY, "h8m-4 0v-8.5"}, "┼": {0, middleY, "h8m-4-8.5v17"},
}

// blocks are characters that fill a part of a cell: x, y, width and height in eighths of it.
var blocks = map[string][4]int{
	"█": {0, 0, 8, 8}, "▀": {0, 0, 8, 4}, "▌": {0, 0, 4, 8}, "▐": {4, 0, 4, 8}, "▎": {0, 0, 2, 8}, "▏": {0, 0, 1, 8},
	"━": {0, 4, 8, 1}, "▁": {0, 7, 8, 1}, "▂": {0, 6, 8, 2}, "▃": {0, 5, 8, 3}, "▄": {0, 4, 8, 4}, "▅": {0, 3, 8, 5}, "▆": {0, 2, 8, 6}, "▇": {0, 1, 8, 7},
}

func kindOf(char string) kind {
	_, stroke := strokes[char]
	_, block := blocks[char]
	if stroke || block {
		return shape
	}
	return word
}

// flat are shapes that a longer one can be made of.
func flat(char string) bool { return strings.Contains("─━█▀▁▂▃▄▅▆▇", char) }

// outline is the path of a shape. filled says that it is an area, not a line.
func (p piece) outline() (path string, filled bool) {
	x, y := p.x*cellWidth, p.y*cellHeight
	if s, ok := strokes[p.text]; ok {
		if p.wide > 1 {
			s.path = fmt.Sprintf("h%d", p.wide*cellWidth)
		}
		return fmt.Sprintf("M%g %g%s", float64(x)+s.x, float64(y)+s.y, s.path), false
	}
	b := blocks[p.text]
	const eighths = 8
	part := func(n, of int) float64 { return float64(n*of) / eighths }
	w := part(b[2], cellWidth)
	if p.wide > 1 {
		w = float64(p.wide * cellWidth)
	}
	return fmt.Sprintf("M%g %gh%gv%gh%gz", float64(x)+part(b[0], cellWidth), float64(y)+part(b[1], cellHeight), w, part(b[3], cellHeight), -w), true
}
