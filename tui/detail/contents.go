package detail

import (
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/jsontree"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/textblock"
)

// contents is what was loaded about a subject.
type contents struct {
	subject Subject
	record
	// body is nil if there is no event.
	body *jsontree.View
	// changes are those since the event before. Nil: they are not known yet. Those of an older event
	// stay until they are known, so that the lines below do not jump.
	changes *changes
	err     error
	// link is the page of the order at UP42, or "".
	link string
}

// about is the order or the job that the contents are about.
func (c *contents) about() receiver.Key {
	if c.event != nil && !c.subject.isRow() {
		return receiver.Key{Kind: c.event.Kind, ID: c.event.ID, Test: !c.event.LiveMode}
	}
	return c.subject.Key
}

// head adds the lines that contain ages, which change every second. c is nil
// while the subject is loaded; l is what UP42's API says about it, or nil.
func (d *description) head(s Subject, c *contents, l *Listing) {
	switch {
	case c == nil:
		d.Note(d.Theme.Dim, "reading the store"+d.Theme.Glyphs.Ellipsis)
	case c.err != nil:
		words := textblock.Indent + d.Theme.Glyphs.Failed + " " + text.Clean(c.err.Error(), 0)
		d.Wrapped(textblock.Line{{Style: d.Theme.Error, Text: words}}, len(textblock.Indent))
	case c.row != nil:
		d.row(c.row, l)
	case c.event != nil:
		d.event(c.event)
		d.failure(s.Undelivered)
	case l != nil:
		d.onlyListed(s.Key.Kind, l)
	case s.Rejected:
		d.Prose(d.Theme.Plain, "This delivery is not in the store any more: the store keeps only the newest rejected deliveries.")
	default:
		d.Prose(d.Theme.Plain, "This is not in the store any more.")
	}
}

// tail adds what follows the lines of head above the body, and end what is below it, if there is
// one column.
func (d *description) tail(c *contents) {
	if c == nil || c.err != nil {
		return
	}
	d.Continues = true
	ofRow := c.row != nil
	switch {
	case c.event == nil:
		d.gone(c)
		return
	case !ofRow: // the body is what a row says
		d.verdict(c.event)
	}
	d.changes(c.event, c.changes)
	d.bodyTitle(c)
}

func (d *description) end(c *contents) {
	if c == nil || c.event == nil {
		return
	}
	d.Continues = true
	d.bodyEnd(c)
	if c.row != nil {
		d.verdict(c.event)
	}
	d.headers(c.event.Headers)
}

// proved adds what follows the lines of head if there is a second column. That one has the body,
// between sent and received.
func (d *description) proved(c *contents) {
	if c == nil || c.err != nil {
		return
	}
	if d.Continues = true; c.event == nil {
		d.gone(c)
		return
	}
	d.verdict(c.event)
	d.changes(c.event, c.changes)
}

func (d *description) sent(c *contents) {
	if c != nil && c.event != nil {
		d.bodyTitle(c)
	}
}

func (d *description) received(c *contents) {
	if c == nil || c.event == nil {
		return
	}
	d.Continues = true
	d.bodyEnd(c)
	d.headers(c.event.Headers)
}

// gone says that the newest event of a row is not kept.
func (d *description) gone(c *contents) {
	if c.row != nil {
		d.Gap()
		d.Prose(d.Theme.Dim, "Its newest event is not in the store any more.")
	}
}
