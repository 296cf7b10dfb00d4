package detail

import (
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/detail/textblock"
	"github.com/up42/up42-webhooks/tui/elapsed"
	"github.com/up42/up42-webhooks/tui/text"
)

// description is a block of lines about a row or a delivery.
type description struct {
	textblock.Block
	now      time.Time
	location *time.Location
	// nameOf returns the name of a webhook, or "". It may be nil.
	nameOf func(id string) string
	// workspace says that the secrets of the workspace's webhooks are accepted
	// too.
	workspace bool
}

// moment formats a time to the second, with its day.
func (d *description) moment(t time.Time) string {
	if t.IsZero() {
		return "not known"
	}
	return t.In(d.location).Format("2006-01-02 15:04:05 MST")
}

// ago formats a time, and how long ago it was.
func (d *description) ago(t time.Time) string {
	return d.moment(t) + ", " + elapsed.Long(d.now.Sub(t)) + " ago"
}

// heading starts the description of a row.
func (d *description) heading(k receiver.Kind, id string) {
	d.Start()
	kind := " " + k.Title() + " "
	d.Wrapped(textblock.Line{{Style: d.Theme.Title, Text: kind}, {Style: d.Theme.Bold, Text: text.Clean(id, 0)}}, len(kind))
	d.Gap()
}

// statusWords returns a status with the glyph of its class.
func (d *description) statusWords(c receiver.Class, s receiver.Status) string {
	return d.Theme.Glyphs.Class(c) + " " + text.Clean(string(s), 0)
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
