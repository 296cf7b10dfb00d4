package notify

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// template is text with placeholders.
type template []piece

// piece is text and the placeholder behind it, empty for the last piece.
type piece struct{ text, placeholder string }

// newTemplate reads text in which {name} is a placeholder. Other braces are text.
func newTemplate(s string) (template, error) {
	var t template
	text := ""
	for {
		before, rest, found := strings.Cut(s, "{")
		text += before
		if !found {
			return append(t, piece{text, ""}), nil
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed || name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
			text, s = text+"{", rest
			continue
		}
		if known := Placeholders(); !slices.Contains(known, name) {
			return nil, fmt.Errorf("unknown placeholder {%s}: want one of {%s}", name, strings.Join(known, "} {"))
		}
		t = append(t, piece{text, name})
		text, s = "", after
	}
}

// fill replaces the placeholders by the values of a message, each passed through escape.
func (t template) fill(m *Message, escape func(string) string) string {
	var b strings.Builder
	for _, p := range t {
		b.WriteString(p.text)
		if p.placeholder != "" {
			b.WriteString(escape(m.Field(p.placeholder)))
		}
	}
	return b.String()
}

func unescaped(s string) string { return s }

// inJSON escapes text for the inside of a JSON string.
func inJSON(s string) string {
	quoted, err := json.Marshal(s)
	if err != nil { // can't happen
		return ""
	}
	return string(quoted[1 : len(quoted)-1])
}

// checkJSON returns an error if some message would not make valid JSON of the template. It
// tries dangerous and empty values.
func (t template) checkJSON() error {
	for _, text := range []string{`"\`, ""} {
		m := &Message{fields: map[string]string{}}
		for _, p := range placeholders {
			m.fields[p.name] = cmp.Or(p.sample, text)
		}
		if !json.Valid([]byte(t.fill(m, inJSON))) {
			return errors.New("it is not valid JSON: placeholders of text must be inside quotes")
		}
	}
	return nil
}
