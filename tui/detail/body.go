package detail

import (
	"encoding/json"
	"strings"

	"github.com/tidwall/pretty"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/textblock"
	"github.com/up42/up42-webhooks/tui/theme"
)

const (
	// maxLines and maxCells limit what is shown of a body and of each of its lines.
	maxLines, maxCells = 2000, 2000
	// maxIndented is how many bytes indentation may add. A small body that is
	// nested deeply could become huge, as each line is indented by its depth.
	maxIndented = 4 << 20
)

// body is a formatted body.
type body struct {
	lines []textblock.Line
	cut   bool // the body is longer
	// wrapped are the lines as they are shown in a column of width cells.
	wrapped []textblock.Line
	width   int
}

// atOnce is how many bytes a body has at most that is broken into lines without a command: that
// takes about a millisecond.
const atOnce = 32 << 10

// wrap breaks the lines for a column of width cells. That takes up to 80 ms for a large body.
func (b *body) wrap(width int) {
	if b.width == width {
		return
	}
	block := textblock.Block{Width: width}
	for _, l := range b.lines {
		indented := append(textblock.Line{{Text: textblock.Indent}}, l...)
		block.Wrapped(indented, len(textblock.Indent)+leadingSpaces(l)+4)
	}
	b.wrapped, b.width = block.Lines, width
}

// formatBody indents and highlights a body that is JSON. It leaves others as they
// are.
func formatBody(raw []byte, th *theme.Theme) (b body) {
	isJSON := json.Valid(raw)
	if isJSON {
		raw = pretty.PrettyOptions(raw, &pretty.Options{Indent: indentFor(raw)})
	}
	clean := text.CleanLines(strings.TrimRight(string(raw), "\n"), maxLines+1)
	if b.cut = len(clean) > maxLines; b.cut {
		clean = clean[:maxLines]
	}
	b.lines = make([]textblock.Line, len(clean))
	for i, s := range clean {
		if text.Width(s) > maxCells {
			s, b.cut = text.Clean(s, maxCells), true
		}
		if isJSON {
			b.lines[i] = highlight(s, th)
		} else {
			b.lines[i] = textblock.Line{{Style: theme.Style{}, Text: s}}
		}
	}
	return b
}

// oneLine returns a body as one line that is safe to paste into a terminal. JSON
// keeps its meaning, anything else is cleaned.
func oneLine(raw []byte) string {
	if json.Valid(raw) {
		if out, err := receiver.AppendJSONLine(nil, json.RawMessage(raw)); err == nil {
			return strings.TrimSuffix(string(out), "\n")
		}
	}
	return text.Clean(string(raw), 0)
}

// indentFor returns the indentation for valid JSON, or "" if the indented text
// would be too large.
func indentFor(raw []byte) string {
	const indent = "  "
	depth, deepest, lines := 0, 0, 0
	inString := false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '{' || c == '[':
			depth++
			deepest = max(deepest, depth)
			lines += 2
		case c == '}' || c == ']':
			depth--
		case c == ',':
			lines++
		}
	}
	if lines*deepest*len(indent) > maxIndented {
		return ""
	}
	return indent
}

// highlight colours one line of indented JSON.
func highlight(s string, th *theme.Theme) textblock.Line {
	var out textblock.Line
	for len(s) > 0 {
		n, style := token(s, th)
		if last := len(out) - 1; last >= 0 && out[last].Style == style {
			out[last].Text += s[:n]
		} else {
			out = append(out, textblock.Span{Style: style, Text: s[:n]})
		}
		s = s[n:]
	}
	return out
}

// token returns the length of the token that s starts with, and its style.
func token(s string, th *theme.Theme) (int, theme.Style) {
	const punctuation = " {}[]:,"
	if s[0] == '"' {
		n := stringLen(s)
		if strings.HasPrefix(s[n:], ":") {
			return n, th.Accent
		}
		return n, th.Success
	}
	if strings.IndexByte(punctuation, s[0]) >= 0 {
		n := len(s) - len(strings.TrimLeft(s, punctuation))
		return n, th.Dim
	}
	n := strings.IndexAny(s, punctuation+`"`)
	if n < 0 {
		n = len(s)
	}
	if c := s[0]; c == '-' || c >= '0' && c <= '9' {
		return n, th.Mark
	}
	return n, th.Cancel
}

// stringLen returns the length of the JSON string that s starts with.
func stringLen(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(s)
}
