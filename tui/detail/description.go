package detail

import (
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/elapsed"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/textblock"
)

// description is a block of lines about a row or a delivery.
type description struct {
	textblock.Block
	now time.Time // times are shown in its time zone
	// nameOf returns the name of a webhook, or "". It may be nil.
	nameOf func(id string) string
	// workspace says that the secrets of the workspace's webhooks are accepted
	// too.
	workspace bool
	// program is the name by which users call this program.
	program string
	// good reports whether a rejected delivery is good now. It may be nil.
	good func(number int64) bool
	// keys are those of the dashboard.
	keys *keys.Map
	// link is the page of the order at UP42, or "".
	link string
}

// moment formats a time.
func (d *description) moment(t time.Time) string { return elapsed.Moment(t, d.now.Location()) }

// second formats a time to the second, for a list.
func (d *description) second(t time.Time) string {
	return t.In(d.now.Location()).Format("2006-01-02 15:04:05")
}

// ago formats a time, and how long ago it was.
func (d *description) ago(t time.Time) string { return elapsed.MomentAgo(t, d.now) }

// heading starts the description of a row.
func (d *description) heading(k receiver.Key) {
	d.Start()
	kind := " " + k.Kind.Title() + " "
	l := textblock.Line{{Style: d.Theme.Title, Text: kind}, {Style: d.Theme.Link(d.Theme.Bold, d.link), Text: text.Clean(k.ID, 0)}}
	if k.Test {
		l = append(l, textblock.Span{Style: d.Theme.Mark, Text: "  TEST"})
	}
	d.Wrapped(l, len(kind))
	d.Gap()
}

// maxWords is the largest width of a status or a sub-status. The body has all of it.
const maxWords = 256

// statusWords returns a status, and a sub-status if there is one, with the glyph of
// their class.
func (d *description) statusWords(c receiver.Class, s, sub receiver.Status) string {
	words := d.Theme.Glyphs.Class(c) + " " + firstOf(text.Clean(string(s), maxWords), d.Theme.Glyphs.None)
	if sub != "" {
		words += " (" + text.Clean(string(sub), maxWords) + ")"
	}
	return words
}

// meaning says what a status means, and what the user can do.
func (d *description) meaning(k receiver.Kind, s, sub receiver.Status, final bool) {
	meaning, todo := k.Explain(s, sub, final)
	if meaning != "" {
		d.Styled("Meaning", d.Theme.Plain, meaning)
	}
	if todo != "" {
		d.Styled("To do", d.Theme.Bold, todo)
	}
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
