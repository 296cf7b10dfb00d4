package notify

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// Message is what one or more deliveries have become. Its texts are clean, and
// each is one line.
type Message struct {
	// Rule is the name of the rule.
	Rule string
	// Count is how many deliveries it tells of.
	Count int
	// At is when the newest of them came.
	At time.Time
	// Text says it all.
	Text string

	fields map[string]string
}

// Placeholders are the names that a template can have in braces, as in {text}.
// Where a message tells of several deliveries that differ, some of their words
// are listed.
func Placeholders() []string {
	return []string{
		"text", "rule", "count", "time", "seq", "kind", "id", "status", "name", "type", "host",
		"event", "verdict", "reason", "webhook", "final", "mode",
	}
}

// Field is the value of a placeholder.
func (m *Message) Field(placeholder string) string { return m.fields[placeholder] }

func (d *digest) message(rule string) *Message {
	m := &Message{Rule: rule, Count: d.count, At: d.arrived, Text: d.text()}
	list := func(word func(*thing) string) string { return d.list(word) }
	m.fields = map[string]string{
		"text": m.Text, "rule": m.Rule, "count": strconv.Itoa(m.Count),
		"time": m.At.UTC().Format(time.RFC3339), "seq": strconv.FormatInt(d.seq, 10),
		"kind":    list(func(t *thing) string { return t.kind }),
		"id":      list(func(t *thing) string { return t.id }),
		"status":  list(func(t *thing) string { return t.status }),
		"name":    list(func(t *thing) string { return t.name }),
		"type":    list(func(t *thing) string { return t.typ }),
		"host":    list(func(t *thing) string { return t.host }),
		"event":   list(func(t *thing) string { return t.event }),
		"verdict": list(func(t *thing) string { return t.verdict }),
		"reason":  list(func(t *thing) string { return t.reason }),
		"webhook": list(func(t *thing) string { return t.webhook }),
		"final":   list(func(t *thing) string { return strconv.FormatBool(t.final) }),
		"mode":    list(mode),
	}
	return m
}

func mode(t *thing) string {
	switch {
	case t.event == "" || t.verdict == string(receiver.Rejected):
		return ""
	case t.live:
		return "live"
	default:
		return "test"
	}
}

// list is a word of each thing, without repetition, as far as there is room.
func (d *digest) list(word func(*thing) string) string {
	var words []string
	for _, t := range d.things {
		if w := word(t); w != "" && !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	more := len(words) - maxListed
	if more > 0 {
		words = append(words[:maxListed], fmt.Sprintf("%d more", more))
	}
	return strings.Join(words, ", ")
}
