package feed

import (
	"slices"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/cells"
	"github.com/up42/up42-webhooks/tui/glow"
	"github.com/up42/up42-webhooks/tui/table"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

const (
	// timeTitle is the title of the column that the deliveries are sorted by.
	timeTitle    = "TIME"
	webhookTitle = "WEBHOOK"
)

// view draws the cells of an entry.
type view struct {
	theme *theme.Theme
	now   func() time.Time
	// names are those of webhooks. There is a column for them if lookup is not nil.
	names *webhookNames
	// chosen are the names of the columns to draw, in their order. Nil: all.
	chosen []string
	// good reports whether a rejected delivery is good now. It may be nil.
	good func(number int64) bool
	// glow has the deliveries that have just come. It may be nil.
	glow  *glow.Glow[int64]
	spans []theme.Span // of the cell that is drawn
}

func (v *view) columns() []table.Column[*Entry] {
	dim := func(*Entry) theme.Style { return v.theme.Dim }
	columns := []table.Column[*Entry]{
		{Title: timeTitle, Min: 9, Usual: 9, Max: 12, Weight: 3, Cell: v.time},
		{Title: "VERDICT", Min: 10, Max: 10, Keys: []string{"verdict"}, Spans: v.verdictSpans},
		{Title: "EVENT", Min: 12, Keys: []string{"event"}, Usual: 12, Max: 20, Weight: 1, Drop: 2, Cell: func(e *Entry, _ int) string { return e.name.Value() }},
		{Title: "ORDER/JOB", Min: 10, Keys: []string{"id", "kind"}, Max: 42, Weight: 6, Cell: func(e *Entry, width int) string { return cells.Subject(e.Kind, e.ID(), width) }},
		{Title: "STATUS OR REASON", Min: 20, Keys: []string{"status", "class", "reason"}, Usual: 24, Max: 36, Weight: 3, Cell: v.status, Style: v.statusStyle},
		{Title: "NUMBER", Min: 7, Max: 9, Weight: 1, Right: true, Drop: 3, Style: dim, Cell: numberOf},
		{Title: "LIVE", Keys: []string{"live"}, Min: 5, Max: 5, Cell: func(e *Entry, _ int) string { return e.mode() }, Style: func(e *Entry) theme.Style {
			if e.live {
				return v.theme.Dim
			}
			return v.theme.Mark
		}},
	}
	if v.names.lookup != nil || slices.Contains(v.chosen, strings.ToLower(webhookTitle)) {
		columns = append(columns, table.Column[*Entry]{Title: webhookTitle, Keys: []string{"webhook"}, Min: 10, Usual: 16, Max: 40, Weight: 2, Drop: 4, Style: dim, Cell: v.webhook})
	}
	return table.Choose(columns, v.chosen)
}

// Columns returns the names of all columns.
func Columns() []string {
	v := view{names: &webhookNames{lookup: func() map[string]string { return nil }}}
	return table.Names(v.columns())
}

// withinAWeek is the longest age at which the name of a weekday is clear.
const withinAWeek = 6 * 24 * time.Hour

// time returns the time of day. For another day it returns the day too, or the
// weekday, or only the day if there is no room for the time.
func (v *view) time(e *Entry, width int) string {
	if e.absent != "" {
		return v.theme.Glyphs.Ellipsis
	}
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

func (v *view) verdictSpans(e *Entry, _ int) []theme.Span {
	style := v.verdictStyle(e)
	if v.glow.Glows(e.Key()) {
		style = v.theme.Glow(style)
	}
	v.spans = append(v.spans[:0], theme.Span{Style: style, Text: v.verdict(e)}, theme.Span{})
	return v.spans
}

func (v *view) verdict(e *Entry) string {
	if e.absent != "" {
		return cells.None
	}
	glyph := v.theme.Glyphs.Verdict(e.Verdict)
	if e.conflict {
		glyph = v.theme.Glyphs.Conflict
	}
	return glyph + " " + string(e.Verdict)
}

func (v *view) verdictStyle(e *Entry) theme.Style {
	switch {
	case e.absent != "":
		return v.theme.Dim
	case e.conflict:
		return v.theme.Mark
	}
	return v.theme.Verdict(e.Verdict)
}

// status returns the status, or why the delivery was rejected. The status of a
// rejected delivery can't be trusted.
func (v *view) status(e *Entry, width int) string {
	switch {
	case e.absent != "":
		return e.absent
	case v.goodNow(e):
		return text.Clean("good now: "+e.reason.Value(), width)
	case e.Rejected():
		return text.Clean(e.reason.Value(), width)
	}
	about := e.about.Value()
	if !about.admitted {
		return cells.EventStatus(v.theme, e.class, about.shown, about.ofTask, e.conflict, width)
	}
	const mark, short = ", admitted", " +"
	status := func(width int) string {
		return strings.TrimRight(cells.EventStatus(v.theme, e.class, about.shown, about.ofTask, e.conflict, width), " ")
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
	case e.absent != "":
		return v.theme.Dim
	case v.goodNow(e):
		return v.theme.Success
	case e.Rejected():
		return v.theme.Failure
	}
	return cells.StatusStyle(v.theme, e.class, e.status.Value())
}

// numberOf returns the sequence number. Rejected deliveries, which are counted
// separately, have an "r" before it.
func numberOf(e *Entry, _ int) string {
	return receiver.Number{Seq: e.Seq, Rejected: e.Rejected()}.String()
}

// webhook returns the webhook's name, or the start of its id.
func (v *view) webhook(e *Entry, _ int) string {
	id := e.webhook.Value()
	if name := v.names.of(id); name != "" || id == "" {
		return name
	}
	if len(id) > shortID {
		return text.Clean(id[:shortID], 0) + "…"
	}
	return text.Clean(id, 0)
}
