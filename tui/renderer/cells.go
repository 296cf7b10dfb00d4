package renderer

import (
	"strings"
	"unicode/utf8"

	"github.com/up42/up42-webhooks/tui/text"
)

// cell is one place on the screen.
type cell struct {
	text  string // one character
	style string // the control sequences that switch its style on, after a reset
}

var blank = cell{text: " "}

// appendCells appends the cells of a line, without the blank ones at its end, to none. It returns
// false if the place of a character is not sure: terminals differ about the widths of wide and
// combined characters.
func appendCells(none []cell, line string) (all []cell, sure bool) {
	all = none
	style := ""
	for len(line) > 0 {
		if line[0] == '\x1b' {
			n := styleLen(line)
			switch sequence := line[:n]; sequence {
			case "":
				return all, false
			case resetStyle, "\x1b[m":
				style = ""
			default:
				style += sequence
			}
			line = line[n:]
			continue
		}
		_, n := utf8.DecodeRuneInString(line)
		if c := line[0]; c < ' ' || c > '~' && text.Width(line[:n]) != 1 {
			return all, false
		}
		all = append(all, cell{line[:n], style})
		line = line[n:]
	}
	for len(all) > 0 && all[len(all)-1] == blank {
		all = all[:len(all)-1]
	}
	return all, true
}

// styleLen returns the length of the control sequence for a style at the start of a line, 0
// if there is another one.
func styleLen(line string) int {
	if !strings.HasPrefix(line, "\x1b[") {
		return 0
	}
	end := strings.IndexFunc(line[2:], func(r rune) bool { return r != ';' && r != ':' && (r < '0' || r > '9') })
	if end < 0 || line[2+end] != 'm' {
		return 0
	}
	return 2 + end + 1
}

// span is a part of a line, up to the cell before end.
type span struct{ start, end int }

// changes returns the parts of a line in which two versions of it differ. It joins parts
// that are near each other: to move the cursor takes some bytes too.
func changes(old, now []cell) (spans []span) {
	const near = 8
	for i := range max(len(old), len(now)) {
		switch last := len(spans) - 1; {
		case at(old, i) == at(now, i):
		case last >= 0 && i-spans[last].end < near:
			spans[last].end = i + 1
		default:
			spans = append(spans, span{i, i + 1})
		}
	}
	return spans
}

func at(cells []cell, i int) cell {
	if i < len(cells) {
		return cells[i]
	}
	return blank
}
