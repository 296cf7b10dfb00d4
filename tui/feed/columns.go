package feed

import (
	"cmp"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/cells"
	"github.com/up42/up42-webhooks/tui/table"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// The titles of the columns that orders name.
const (
	timeTitle    = "TIME"
	verdictTitle = "VERDICT"
	eventTitle   = "EVENT"
)

// view draws the cells of an entry.
type view struct {
	theme *theme.Theme
	now   func() time.Time
	// webhooks says that there is a column for webhooks.
	webhooks bool
	// good reports whether a rejected delivery is good now. It may be nil.
	good func(number int64) bool
}

func (v *view) columns() []table.Column[*Entry] {
	dim := func(*Entry) theme.Style { return v.theme.Dim }
	columns := []table.Column[*Entry]{
		{Title: timeTitle, Min: 9, Usual: 9, Max: 12, Weight: 3, Cell: v.time},
		{Title: verdictTitle, Min: 10, Max: 10, Cell: v.verdict, Style: v.verdictStyle},
		{Title: eventTitle, Min: 12, Usual: 12, Max: 20, Weight: 1, Drop: 2, Cell: func(e *Entry, _ int) string { return e.name.Value() }},
		{Title: "ORDER/JOB", Min: 10, Max: 42, Weight: 6, Cell: func(e *Entry, width int) string { return cells.Subject(e.Kind, e.ID(), width) }},
		{Title: "STATUS OR REASON", Min: 20, Usual: 24, Max: 36, Weight: 3, Cell: v.status, Style: v.statusStyle},
		{Title: "NUMBER", Min: 7, Max: 9, Weight: 1, Right: true, Drop: 3, Style: dim, Cell: number},
		{Title: "LIVE", Min: 5, Max: 5, Cell: func(e *Entry, _ int) string { return e.mode() }, Style: func(e *Entry) theme.Style {
			if e.live {
				return v.theme.Dim
			}
			return v.theme.Mark
		}},
	}
	if v.webhooks {
		columns = append(columns, table.Column[*Entry]{Title: "WEBHOOK", Min: 10, Usual: 16, Max: 40, Weight: 2, Drop: 4, Style: dim, Cell: webhookCell})
	}
	return columns
}

// withinAWeek is the longest age at which the name of a weekday is clear.
const withinAWeek = 6 * 24 * time.Hour

// time returns the time of day. For another day it returns the day too, or the
// weekday, or only the day if there is no room for the time.
func (v *view) time(e *Entry, width int) string {
	const day, short, long = "Jan 02", "Mon 15:04", "Jan 02 15:04"
	now := v.now()
	at := e.At().In(now.Location())
	y, m, d := at.Date()
	ny, nm, nd := now.Date()
	switch {
	case y == ny && m == nm && d == nd:
		return at.Format(time.TimeOnly)
	case y != ny && width < len(long):
		return at.Format("Jan 2006")
	case y != ny:
		return at.Format(time.DateOnly)
	case width >= len(long):
		return at.Format(long)
	case now.Sub(at) < withinAWeek:
		return at.Format(short)
	default:
		return at.Format(day)
	}
}

func (v *view) verdict(e *Entry, _ int) string {
	glyph := v.theme.Glyphs.Verdict(e.Verdict)
	if e.conflict {
		glyph = v.theme.Glyphs.Conflict
	}
	return glyph + " " + string(e.Verdict)
}

func (v *view) verdictStyle(e *Entry) theme.Style {
	if e.conflict {
		return v.theme.Mark
	}
	return v.theme.Verdict(e.Verdict)
}

// status returns the status, or why the delivery was rejected. The status of a
// rejected delivery can't be trusted.
func (v *view) status(e *Entry, width int) string {
	switch {
	case v.goodNow(e):
		return text.Clean("good now: "+e.reason.Value(), width)
	case e.Rejected():
		return text.Clean(e.reason.Value(), width)
	}
	about := e.about.Value()
	if !about.admitted {
		return cells.EventStatus(v.theme, e.class, about.shown, about.task != "", e.conflict, width)
	}
	const mark, short = ", admitted", " +"
	status := func(width int) string {
		return strings.TrimRight(cells.EventStatus(v.theme, e.class, about.shown, about.task != "", e.conflict, width), " ")
	}
	if s := status(width) + mark; text.Width(s) <= width {
		return s
	}
	return status(width-len(short)) + short
}

// goodNow reports whether a delivery was rejected and is good now.
func (v *view) goodNow(e *Entry) bool { return v.good != nil && e.Rejected() && v.good(e.Seq) }

func (v *view) statusStyle(e *Entry) theme.Style {
	switch {
	case v.goodNow(e):
		return v.theme.Success
	case e.Rejected():
		return v.theme.Failure
	}
	return cells.StatusStyle(v.theme, e.class, e.status.Value())
}

// number returns the sequence number. Rejected deliveries, which are counted
// separately, have an "r" before it.
func number(e *Entry, _ int) string {
	return receiver.Number{Seq: e.Seq, Rejected: e.Rejected()}.String()
}

// webhookCell returns the webhook's name, or the start of its id.
func webhookCell(e *Entry, _ int) string {
	w := e.webhook.Value()
	if w.name != "" || w.id == "" {
		return w.name
	}
	if len(w.id) > shortID {
		return text.Clean(w.id[:shortID], 0) + "…"
	}
	return text.Clean(w.id, 0)
}

func orders() []table.Order[*Entry] {
	return []table.Order[*Entry]{
		{Name: "newest", Column: timeTitle, Compare: newest},
		{Name: "verdict, worst first", Column: verdictTitle, Compare: byVerdict},
		{Name: "event and id", Column: eventTitle, Compare: byEvent},
	}
}

func newest(a, b *Entry) int {
	return cmp.Or(cmp.Compare(b.at, a.at), cmp.Compare(b.Seq, a.Seq))
}

func byVerdict(a, b *Entry) int {
	if c := cmp.Compare(a.Verdict.Trust(), b.Verdict.Trust()); c != 0 {
		return c
	}
	return newest(a, b)
}

func byEvent(a, b *Entry) int {
	if c := cmp.Or(strings.Compare(a.name.Value(), b.name.Value()), strings.Compare(a.ID(), b.ID())); c != 0 {
		return c
	}
	return newest(a, b)
}
