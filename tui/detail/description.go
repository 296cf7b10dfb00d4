package detail

import (
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/elapsed"
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
}

// moment formats a time.
func (d *description) moment(t time.Time) string { return elapsed.Moment(t, d.now.Location()) }

// ago formats a time, and how long ago it was.
func (d *description) ago(t time.Time) string { return elapsed.MomentAgo(t, d.now) }

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
