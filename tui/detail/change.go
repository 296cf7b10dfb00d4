package detail

import (
	"fmt"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/difference"
	"github.com/up42/up42-webhooks/tui/elapsed"
	"github.com/up42/up42-webhooks/tui/number"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/textblock"
	"github.com/up42/up42-webhooks/tui/theme"
)

const (
	// maxChanges is how many changes are shown, maxValue how many cells of a value.
	maxChanges, maxValue = 100, 200
)

// changes lists what an event has changed since the one before. x is nil until that is known.
func (d *description) changes(e *receiver.Event, x *changes) {
	about := "order or job"
	if e.Kind != "" {
		about = string(e.Kind)
	}
	switch {
	case x != nil && x.of != e.Number() && x.since != nil:
		d.olderChanges(x)
		return
	case x == nil || x.of != e.Number():
		d.Section("Changed since the event before")
		d.Note(d.Theme.Dim, "reading the store"+d.Theme.Glyphs.Ellipsis)
		return
	case x.since == nil && x.err == nil:
		d.Section("Changed since the event before")
		d.Note(d.Theme.Dim, "This is the first event about this "+about+" that the store has.")
		return
	case x.since == nil:
		d.Section("Changed since the event before")
		d.Prose(d.Theme.Dim, "Not compared: "+text.Clean(x.err.Error(), 0)+".")
		return
	}
	d.Section(fmt.Sprintf("Changed since event %s, %s earlier", x.since.Number(), elapsed.Long(e.ReceivedAt.Sub(x.since.ReceivedAt))))
	d.listChanges(x)
}

// olderChanges lists what an older event has changed, dimmed, and says so.
func (d *description) olderChanges(x *changes) {
	d.Section(fmt.Sprintf("Changed by event %s since event %s", x.of, x.since.Number()))
	from := len(d.Lines)
	d.listChanges(x)
	for _, l := range d.Lines[from:] {
		for i := range l {
			l[i].Style = d.Theme.Dim
		}
	}
}

// usual are the fields that differ between any two events.
var usual = []string{".messageId", ".timestamp"}

func (d *description) listChanges(x *changes) {
	if x.err != nil {
		d.Prose(d.Theme.Dim, "Not compared: one of the two bodies is no JSON.")
		return
	}
	shown, other := 0, 0
	for i := range x.list {
		switch ch := &x.list[i]; {
		case ch.Kind == difference.Changed && (ch.Path == usual[0] || ch.Path == usual[1]):
			other++
		case shown < maxChanges:
			shown++
			d.change(ch)
		}
	}
	switch more := x.total - other - shown; {
	case more > 0:
		d.Note(d.Theme.Dim, "and "+number.Of(int64(more), "more change", "more changes"))
	case shown == 0 && other == 0:
		d.Note(d.Theme.Dim, "Nothing: the bodies say the same.")
	case shown == 0:
		d.Note(d.Theme.Dim, "Nothing but messageId and timestamp, which are new in each event.")
	}
}

// change adds a line about a field.
func (d *description) change(ch *difference.Change) {
	mark, style := "~", d.Theme.Mark
	switch ch.Kind {
	case difference.Added:
		mark, style = "+", d.Theme.Success
	case difference.Removed:
		mark, style = "-", d.Theme.Failure
	}
	path := text.Clean(ch.Path, maxValue)
	l := textblock.Line{{Style: style, Text: " " + mark + " "}, {Style: d.Theme.Accent, Text: path + "  "}}
	plain := theme.Style{}
	before, after := text.Clean(ch.Before, maxValue), text.Clean(ch.After, maxValue)
	switch ch.Kind {
	case difference.Added:
		l = append(l, textblock.Span{Style: plain, Text: after})
	case difference.Removed:
		l = append(l, textblock.Span{Style: d.Theme.Dim, Text: before})
	default:
		l = append(l, textblock.Span{Style: d.Theme.Dim, Text: before + " " + d.Theme.Glyphs.Arrow + " "}, textblock.Span{Style: plain, Text: after})
	}
	from := len(d.Lines)
	d.Wrapped(l, len(textblock.Indent)+4)
	if after == "" {
		after = before
	}
	d.AddField(from, path, after)
}
