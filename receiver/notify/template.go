package notify

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// template is text with placeholders.
type template []piece

// piece is text, then a placeholder, "" where there is none.
type piece struct{ text, placeholder string }

// newTemplate reads text in which {name} is a placeholder. Other braces are
// braces.
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
		if !slices.Contains(Placeholders(), name) {
			return nil, fmt.Errorf("there is no {%s}: the placeholders are {%s}", name, strings.Join(Placeholders(), "} {"))
		}
		t = append(t, piece{text, name})
		text, s = "", after
	}
}

// fill puts the message's words in their places, each as escape makes it.
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

func asIs(s string) string { return s }

// inJSON escapes text for the inside of a JSON string.
func inJSON(s string) string {
	quoted, err := json.Marshal(s)
	if err != nil { // there is no such string
		return ""
	}
	return string(quoted[1 : len(quoted)-1])
}

// isJSON says whether messages make JSON of a template, whatever they say.
func (t template) isJSON() error {
	for _, word := range []string{`"\`, ""} {
		m := &Message{fields: map[string]string{}}
		for _, name := range Placeholders() {
			m.fields[name] = word
		}
		m.fields["count"], m.fields["seq"], m.fields["time"] = "1", "1", time.Time{}.Format(time.RFC3339)
		if !json.Valid([]byte(t.fill(m, inJSON))) {
			return errors.New("it is no JSON: placeholders of text belong inside of quotes")
		}
	}
	return nil
}
