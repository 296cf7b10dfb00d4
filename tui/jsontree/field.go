package jsontree

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// Path is where the value of a line is, as jq writes it: .body.status, .tags[2]. It is "" for
// a text that is no JSON. It comes from outside.
func (t *Tree) Path(i int) string {
	if i >= len(t.lines) {
		return ""
	}
	var steps []string
	for at := t.head(i); t.lines[at].parent >= 0; at = int(t.lines[at].parent) {
		steps = append(steps, t.step(&t.lines[at]))
	}
	slices.Reverse(steps)
	path := strings.Join(steps, "")
	if !strings.HasPrefix(path, ".") {
		path = "." + path
	}
	return path
}

func (t *Tree) step(l *line) string {
	if l.key == (span{}) {
		return "[" + strconv.Itoa(int(l.index)) + "]"
	}
	return Field(t.of(l.key))
}

// Field is the step of a path to the field of an object. name has its quotation marks.
func Field(name string) string {
	if bare := name[1 : len(name)-1]; isName(bare) {
		return "." + bare
	}
	return "[" + name + "]"
}

// isName reports whether jq takes a key without quotation marks.
func isName(s string) bool {
	for i, c := range []byte(s) {
		letter := c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

// Key is the name of the field of a line, "" if it has none. It comes from outside.
func (t *Tree) Key(i int) string {
	if i >= len(t.lines) || t.lines[t.head(i)].key == (span{}) {
		return ""
	}
	return unquoted(t.of(t.lines[t.head(i)].key))
}

// Value is the value of a line: a string without its quotation marks, anything else as JSON
// with all that is in it. It comes from outside.
func (t *Tree) Value(i int) string {
	if t.plain != nil {
		return t.plain[i]
	}
	l := &t.lines[t.head(i)]
	if l.end > 0 {
		return string(t.src[l.value.from:t.lines[l.end].value.to])
	}
	return unquoted(t.of(l.value))
}

func (t *Tree) of(s span) string { return string(t.src[s.from:s.to]) }

func unquoted(token string) string {
	var s string
	if strings.HasPrefix(token, `"`) && json.Unmarshal([]byte(token), &s) == nil {
		return s
	}
	return token
}

// Where names a line for people: its path, or its number.
func (t *Tree) Where(i int) string {
	if p := t.Path(i); p != "" {
		return p
	}
	return "line " + strconv.Itoa(i+1)
}
