package notify

import (
	"strconv"
	"time"
)

// Message is about one or more deliveries. Its texts are clean, and each is one line.
type Message struct {
	// Rule is the name of the rule.
	Rule string
	// Count is the number of deliveries.
	Count int
	// At is the arrival of the newest of them.
	At time.Time
	// Text is the whole message.
	Text string

	fields map[string]string
}

// placeholder is a name that a template can have in braces.
type placeholder struct {
	name string
	// sample is a value if all values look like it, empty if a value can be any text.
	sample string
	value  func(m *Message, s *summary) string
}

// placeholders is the table of placeholders. To add one, add a line here.
var placeholders = [...]placeholder{
	{"text", "", func(m *Message, _ *summary) string { return m.Text }},
	{"rule", "", func(m *Message, _ *summary) string { return m.Rule }},
	{"count", "1", func(m *Message, _ *summary) string { return strconv.Itoa(m.Count) }},
	{"time", time.Time{}.Format(time.RFC3339), func(m *Message, _ *summary) string { return m.At.UTC().Format(time.RFC3339) }},
	{"seq", "1", func(_ *Message, s *summary) string { return strconv.FormatInt(s.seq, 10) }},
	{"kind", "", list(func(s *subject) string { return s.kind })},
	{"id", "", list(func(s *subject) string { return s.id })},
	{"status", "", list(func(s *subject) string { return s.status })},
	{"subStatus", "", list(func(s *subject) string { return s.subStatus })},
	{"class", "", list((*subject).classWord)},
	{"todo", "", list(func(s *subject) string { return s.todo })},
	{"task", "", list(func(s *subject) string { return s.task })},
	{"name", "", list(func(s *subject) string { return s.name })},
	{"type", "", list(func(s *subject) string { return s.typ })},
	{"host", "", list(func(s *subject) string { return s.host })},
	{"event", "", list(func(s *subject) string { return s.event })},
	{"verdict", "", list(func(s *subject) string { return s.verdict })},
	{"reason", "", list(func(s *subject) string { return s.reason })},
	{"webhook", "", list(func(s *subject) string { return s.webhook })},
	{"final", "", list(func(s *subject) string { return strconv.FormatBool(s.final) })},
	{"mode", "", list((*subject).mode)},
}

func list(word func(*subject) string) func(*Message, *summary) string {
	return func(_ *Message, s *summary) string { return s.list(word) }
}

// Placeholders returns the names that a template can have in braces, such as {text}. If the
// deliveries of a message differ, a placeholder lists some of their values.
func Placeholders() []string {
	names := make([]string, len(placeholders))
	for i := range placeholders {
		names[i] = placeholders[i].name
	}
	return names
}

func newMessage(rule string, s *summary) *Message {
	m := &Message{Rule: rule, Count: s.count, At: s.arrived, Text: s.text(), fields: map[string]string{}}
	for i := range placeholders {
		m.fields[placeholders[i].name] = placeholders[i].value(m, s)
	}
	return m
}

// Field returns the value of a placeholder.
func (m *Message) Field(placeholder string) string { return m.fields[placeholder] }
