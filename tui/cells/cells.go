// Package cells has the cells that the tables of several pages share.
package cells

import (
	"unique"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// None is the cell for a value that is not known.
const None = "-"

// idWidth is the width of a UUID.
const idWidth = 36

// Subject returns the kind and the id of an order or a job. If there is no room for
// both, it returns only the id. The id need not be clean.
func Subject(k receiver.Kind, id string, width int) string {
	const kindWidth = len(receiver.Order)
	switch {
	case id == "":
		return None
	case k != "" && width >= kindWidth+1+idWidth:
		return text.Fit(string(k), kindWidth) + " " + text.Clean(id, width-kindWidth-1)
	default:
		return text.Clean(id, width)
	}
}

// Status returns a status, which must be clean, with the glyph of its class.
func Status(th *theme.Theme, c receiver.Class, status string, width int) string {
	if status == "" {
		return None
	}
	return th.Glyphs.Status(c, status, width)
}

// EventStatus is [Status] for an event. It marks an event that conflicts with another one,
// and the status of a task, as that is not the status of the job.
func EventStatus(th *theme.Theme, c receiver.Class, status string, ofTask, conflict bool, width int) string {
	mark := ""
	switch {
	case conflict:
		mark = " (conflict)"
	case ofTask:
		mark = " (task)"
	}
	switch {
	case mark != "" && status != "":
		room := width - 2 - len(mark)
		status = text.Cut(status, max(1, room)) + mark
	case mark != "":
		return None + mark
	}
	return Status(th, c, status, width)
}

// Shown returns the status of an event, cleaned, or its sub-status if that says more.
func Shown(e *receiver.Event, max int) string {
	return text.Short(string(e.Kind.Shown(e.Status, e.SubStatus, e.Final)), max)
}

// StatusStyle returns the style for [Status].
func StatusStyle(th *theme.Theme, c receiver.Class, status string) theme.Style {
	if status == "" {
		return th.Dim
	}
	return th.Class(c)
}

// Word returns a text as [text.Short] does. Rows with the same text share it in memory.
func Word(s string, max int) unique.Handle[string] { return unique.Make(text.Short(s, max)) }

// maxID is how many bytes of an id rows keep. A longer id is of an event without a row, see
// “Delivery” in receiver/README.md.
const maxID = receiver.MaxID + 1

// ID returns an id as rows keep it. It is not clean.
func ID(id string) string { return text.Own(id, maxID) }

// WholeID reports whether ID kept all of an id.
func WholeID(id string) bool { return len(id) <= receiver.MaxID }
