package jsontree

import (
	"strings"

	"github.com/up42/up42-webhooks/tui/number"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/textblock"
	"github.com/up42/up42-webhooks/tui/theme"
)

// maxCells is how wide a line is at most, without its indentation.
const maxCells = 2000

// maxIndent is the largest indentation: what is nested deeper is not indented further.
const maxIndent = 40

func indent(l *line) int { return min(2*int(l.depth), maxIndent) }

// part is one of the parts of a line that are drawn in a style each.
type part struct {
	kind partKind
	text string
}

type partKind uint8

const (
	punctuation partKind = iota
	name
	quoted
	numeric
	literal
	remark
)

// parts returns what a line says, without its indentation. It is clean.
func (t *Tree) parts(i int, folded bool) []part {
	if t.plain != nil {
		return []part{{remark, text.Clean(t.plain[i], maxCells)}}
	}
	var out []part
	l := &t.lines[i]
	if l.key != (span{}) {
		out = append(out, part{name, text.Clean(t.of(l.key), maxCells)}, part{punctuation, ": "})
	}
	comma := ""
	if l.comma {
		comma = ","
	}
	value := text.Clean(t.of(span{l.value.from, min(l.value.to, l.value.from+8*maxCells)}), maxCells)
	switch {
	case folded:
		closing := map[string]string{"{": "}", "[": "]"}[value]
		what := map[string][2]string{"{": {"field", "fields"}, "[": {"item", "items"}}[value]
		end := &t.lines[l.end]
		members := number.Of(int64(l.members), what[0], what[1])
		if !end.closes {
			members = "at least " + members
		}
		if end.comma {
			comma = ","
		}
		return append(out, part{punctuation, value + " "}, part{remark, members}, part{punctuation, " " + closing + comma})
	case value == "":
	case value[0] == '"':
		out = append(out, part{quoted, value})
	case strings.IndexByte("{}[]", value[0]) >= 0:
		return append(out, part{punctuation, value + comma})
	case value[0] == '-' || value[0] >= '0' && value[0] <= '9':
		out = append(out, part{numeric, value})
	default:
		out = append(out, part{literal, value})
	}
	if comma != "" {
		out = append(out, part{punctuation, comma})
	}
	return out
}

// Text is what a line says, without its indentation. It is clean.
func (t *Tree) Text(i int) string {
	var b strings.Builder
	for _, p := range t.parts(i, false) {
		b.WriteString(p.text)
	}
	return b.String()
}

// line draws a whole line. th may be nil: then the line has no styles.
func (t *Tree) line(i int, folded bool, th *theme.Theme) textblock.Line {
	before := textblock.Indent
	style := [remark + 1]theme.Style{}
	if th != nil {
		style = [...]theme.Style{punctuation: th.Dim, name: th.Accent, quoted: th.Success, numeric: th.Mark, literal: th.Cancel, remark: {}}
	}
	var out textblock.Line
	if t.plain == nil {
		before += text.Spaces(indent(&t.lines[i]))
		if th != nil && t.Opens(i) {
			mark := th.Glyphs.Unfolded
			if folded {
				mark = th.Glyphs.Folded
			}
			before = before[:len(before)-2]
			out = append(out, textblock.Span{Text: before}, textblock.Span{Style: th.Dim, Text: mark + " "})
			before = ""
		}
	}
	if before != "" {
		out = append(out, textblock.Span{Text: before})
	}
	for _, p := range t.parts(i, folded) {
		out = append(out, textblock.Span{Style: style[p.kind], Text: p.text})
	}
	return out
}

func (t *Tree) wrap(i, width int) []textblock.Line {
	return wrapped(t.line(i, false, nil), t.hang(i), width)
}

// hang is how far the rows of a line are indented, but the first one.
func (t *Tree) hang(i int) int {
	const more = 4
	if t.plain != nil {
		return len(textblock.Indent) + more
	}
	return len(textblock.Indent) + indent(&t.lines[i]) + more
}

func wrapped(l textblock.Line, hang, width int) []textblock.Line { return l.Wrap(width-1, hang) }

// OnMark reports whether a cell of a line is that of the mark before what folds.
func (t *Tree) OnMark(i, x int) bool {
	if t.plain != nil || !t.Opens(i) {
		return false
	}
	mark := len(textblock.Indent) + indent(&t.lines[i]) - 2
	return x == mark || x == mark+1
}

// Row draws a row.
func (v *View) Row(row int, th *theme.Theme) textblock.Line {
	i, within := v.At(row)
	if v.folded[i] {
		return v.line(i, true, th)
	}
	l := v.line(i, false, th)
	if within == 0 && v.heights.rows[i] == 1 {
		return l
	}
	rows := wrapped(l, v.hang(i), v.heights.width)
	return rows[min(within, len(rows)-1)]
}
