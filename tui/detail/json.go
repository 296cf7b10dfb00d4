package detail

import (
	"encoding/json"
	"strings"

	"github.com/tidwall/pretty"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

const (
	// maxLines and maxCells bound what is shown of a body, and of a line of it.
	maxLines, maxCells = 2000, 2000
	// maxIndented is how many bytes indentation may add. Deep nesting adds its
	// depth to every line, so that a small body could become a huge one.
	maxIndented = 4 << 20
)

// formatBody makes lines of a delivery's body: indented and highlighted where it
// is JSON, else as it came. cut: there is more than is shown.
func formatBody(raw []byte, th *theme.Theme) (lines []line, cut bool) {
	isJSON := json.Valid(raw)
	if isJSON {
		raw = pretty.PrettyOptions(raw, &pretty.Options{Indent: indentFor(raw)})
	}
	clean := text.CleanLines(strings.TrimRight(string(raw), "\n"), maxLines+1)
	if cut = len(clean) > maxLines; cut {
		clean = clean[:maxLines]
	}
	lines = make([]line, len(clean))
	for i, s := range clean {
		if text.Width(s) > maxCells {
			s, cut = text.Clean(s, maxCells), true
		}
		if isJSON {
			lines[i] = highlight(s, th)
		} else {
			lines[i] = line{{theme.Style{}, s}}
		}
	}
	return lines, cut
}

// oneLine is a delivery's body in one line that a terminal can be given to paste:
// JSON keeps its meaning, anything else is cleaned.
func oneLine(raw []byte) string {
	if json.Valid(raw) {
		if out, err := receiver.AppendJSONLine(nil, json.RawMessage(raw)); err == nil {
			return strings.TrimSuffix(string(out), "\n")
		}
	}
	return text.Clean(string(raw), 0)
}

// indentFor is the indentation that a valid JSON text can be given: none where
// it would grow out of bounds.
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
func highlight(s string, th *theme.Theme) line {
	var out line
	for len(s) > 0 {
		n, style := token(s, th)
		if last := len(out) - 1; last >= 0 && out[last].style == style {
			out[last].text += s[:n]
		} else {
			out = append(out, span{style, s[:n]})
		}
		s = s[n:]
	}
	return out
}

// token is the length of the token that s starts with, and its style.
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

// stringLen is the length of the JSON string that s starts with.
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
