package feed

import (
	"strconv"
	"time"

	"github.com/up42/up42-webhooks/tui/table"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// The titles that orders refer to.
const (
	timeTitle    = "TIME"
	verdictTitle = "VERDICT"
	eventTitle   = "EVENT"
)

// view draws the cells of an entry.
type view struct {
	theme *theme.Theme
	now   func() time.Time
	named bool // webhooks have names
}

func (v *view) columns() []table.Column[*Entry] {
	dim := func(*Entry) theme.Style { return v.theme.Dim }
	columns := []table.Column[*Entry]{
		{Title: timeTitle, Min: 9, Usual: 9, Max: 12, Weight: 3, Cell: v.time},
		{Title: verdictTitle, Min: 10, Max: 10, Cell: v.verdict, Style: func(e *Entry) theme.Style { return v.theme.Verdict(e.Verdict) }},
		{Title: eventTitle, Min: 12, Usual: 12, Max: 20, Weight: 1, Drop: 2, Cell: func(e *Entry, _ int) string { return e.name.Value() }},
		{Title: "ORDER/JOB", Min: 10, Max: 42, Weight: 6, Cell: v.subject},
		{Title: "STATUS OR REASON", Min: 20, Usual: 24, Max: 36, Weight: 3, Cell: v.status, Style: v.statusStyle},
		{Title: "NUMBER", Min: 7, Max: 9, Weight: 1, Right: true, Drop: 3, Style: dim, Cell: v.number},
		{Title: "LIVE", Min: 5, Max: 5, Cell: func(e *Entry, _ int) string { return liveWord(e) }, Style: func(e *Entry) theme.Style {
			if e.live {
				return v.theme.Dim
			}
			return v.theme.Mark
		}},
	}
	if v.named {
		columns = append(columns, table.Column[*Entry]{
			Title: "WEBHOOK", Min: 10, Usual: 16, Max: 40, Weight: 2, Drop: 4, Style: dim, Cell: func(e *Entry, _ int) string { return e.via() },
		})
	}
	return columns
}

// aWeek is for how long the name of a day surely tells which it was.
const aWeek = 6 * 24 * time.Hour

// time is the time of day; where it was another day, the day as well, or where
// there is no room for both, the day of the week and the time, or only the day.
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
	case now.Sub(at) < aWeek:
		return at.Format(short)
	default:
		return at.Format(day)
	}
}

func (v *view) verdict(e *Entry, _ int) string {
	return v.theme.Glyphs.Verdict(e.Verdict) + " " + string(e.Verdict)
}

// subject is the kind and the id, the kind only where there is room: the
// event's name tells it too.
func (v *view) subject(e *Entry, width int) string {
	id := e.ID()
	if id == "" {
		return "-"
	}
	if k := string(e.Kind); k != "" && width >= len(k)+1+36 {
		return text.Fit(k, len("order")) + " " + text.Clean(id, width-len("order "))
	}
	return text.Clean(id, width)
}

// status is the status, or why the delivery was rejected: then its status is
// only what somebody claims.
func (v *view) status(e *Entry, width int) string {
	switch {
	case e.Rejected():
		return text.Clean(e.reason.Value(), width)
	case e.status.Value() == "":
		return "-"
	default:
		return v.theme.Glyphs.Class(e.class) + " " + text.Fit(e.status.Value(), width-2)
	}
}

func (v *view) statusStyle(e *Entry) theme.Style {
	switch {
	case e.Rejected():
		return v.theme.Failure
	case e.status.Value() == "":
		return v.theme.Dim
	default:
		return v.theme.Class(e.class)
	}
}

func liveWord(e *Entry) string {
	switch {
	case e.name.Value() == "":
		return "" // nothing could be read of it
	case e.live:
		return "live"
	default:
		return "test"
	}
}

// number is the place in the log. Rejected deliveries count by themselves.
func (v *view) number(e *Entry, _ int) string {
	n := strconv.FormatInt(e.Seq, 10)
	if e.Rejected() {
		return "r" + n
	}
	return n
}
