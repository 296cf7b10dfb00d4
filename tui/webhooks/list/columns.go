package list

import (
	"fmt"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/tui/elapsed"
	"github.com/up42/up42-webhooks/tui/number"
	"github.com/up42/up42-webhooks/tui/table"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
	"github.com/up42/up42-webhooks/tui/webhooks/webhook"
)

// The titles of columns that the list can be sorted by.
const (
	nameTitle   = "NAME"
	activeTitle = "ACTIVE"
	urlTitle    = "URL"
	eventsTitle = "EVENTS"
)

// cells draw the values of a row.
type cells struct {
	o    *Options
	seen map[string]time.Time // the last delivery of each webhook
}

// Columns returns the names of all columns.
func Columns() []string { return table.Names((&cells{}).columns()) }

// columns fit into 80 cells. Those with a Drop are left out of narrower lists.
func (c *cells) columns() []table.Column[*Row] {
	dim := func(*Row) theme.Style { return c.o.Theme.Dim }
	return []table.Column[*Row]{
		{Title: nameTitle, Keys: []string{"name"}, Weight: 5, Cell: func(r *Row, width int) string { return text.Middle(r.name, width) }},
		{Title: urlTitle, Keys: []string{"url"}, Weight: 5, Style: dim, Cell: func(r *Row, width int) string { return text.URL(r.url, width) }},
		{Title: eventsTitle, Keys: []string{"events"}, Weight: 1, Drop: 3, Cell: func(r *Row, width int) string { return eventsIn(r.events, width) }},
		{Title: activeTitle, Keys: []string{"active"}, Min: 6, Max: 6, Cell: c.active, Style: c.activeStyle},
		{Title: "HERE", Min: 5, Max: 5, Drop: 2, Cell: c.here, Style: c.hereStyle},
		{Title: "SEEN", Min: 4, Max: 4, Right: true, Drop: 4, Style: dim, Cell: c.lastSeen},
		{Title: "LAST TEST", Min: 10, Max: 14, Weight: 1, Cell: c.test, Style: c.testStyle},
	}
}

func (c *cells) active(r *Row, _ int) string {
	s, _ := webhook.Active(c.o.Theme, r.webhook.Active)
	return s
}

func (c *cells) activeStyle(r *Row) theme.Style {
	_, style := webhook.Active(c.o.Theme, r.webhook.Active)
	return style
}

func (c *cells) here(r *Row, _ int) string {
	here, known := c.o.Receiver.PointsHere(r.webhook.URL)
	switch {
	case !known:
		return "-"
	case here:
		return c.o.Theme.Glyphs.Verified + " yes"
	default:
		return "no"
	}
}

func (c *cells) hereStyle(r *Row) theme.Style {
	if here, _ := c.o.Receiver.PointsHere(r.webhook.URL); here {
		return c.o.Theme.Success
	}
	return c.o.Theme.Dim
}

func (c *cells) lastSeen(r *Row, _ int) string {
	at, ok := c.seen[r.webhook.ID]
	if !ok {
		return "-"
	}
	return elapsed.InSteps(elapsed.Short, c.o.Now().Sub(at))
}

// test is the result of the last test, or what is under way.
func (c *cells) test(r *Row, width int) string {
	g := &c.o.Theme.Glyphs
	if running := c.o.Running(r.webhook.ID); running != "" {
		return g.Progress + " " + running
	}
	t, ok := c.o.Tested(r.webhook.ID)
	switch {
	case !ok:
		return "-"
	case !t.Sent:
		return c.withAge(g.Failed+" not sent", t.At, width)
	}
	glyph := g.Failed
	if t.Proven {
		glyph = g.Verified
	}
	return c.withAge(fmt.Sprintf("%s %d/%d", glyph, t.Passed, t.All), t.At, width)
}

// withAge adds how long ago a test was, if there is room.
func (c *cells) withAge(s string, at time.Time, width int) string {
	age := elapsed.InSteps(elapsed.Short, c.o.Now().Sub(at))
	for _, whole := range []string{s + " " + age + " ago", s + " " + age} {
		if text.Width(whole) <= width {
			return whole
		}
	}
	return s
}

func (c *cells) testStyle(r *Row) theme.Style {
	if c.o.Running(r.webhook.ID) != "" {
		return c.o.Theme.Progress
	}
	switch t, ok := c.o.Tested(r.webhook.ID); {
	case !ok:
		return c.o.Theme.Dim
	case t.Proven:
		return c.o.Theme.Success
	default:
		return c.o.Theme.Failure
	}
}

// eventsIn names event types in width cells: in full, or without the ending
// that all have, or only their number.
func eventsIn(events []string, width int) string {
	if len(events) == 0 {
		return "none"
	}
	whole := strings.Join(events, " ")
	if text.Width(whole) <= width {
		return whole
	}
	short := make([]string, len(events))
	for i, e := range events {
		short[i] = strings.TrimSuffix(e, ".status")
	}
	if s := strings.Join(short, " "); text.Width(s) <= width {
		return s
	}
	return number.Of(int64(len(events)), "type", "types")
}
