package undelivered

import (
	"strconv"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/tui/elapsed"
	"github.com/up42/up42-webhooks/tui/table"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// The titles that orders refer to.
const (
	targetTitle = "TARGET"
	numberTitle = "NUMBER"
	sinceTitle  = "SINCE"
)

// view draws the cells of a row.
type view struct {
	theme *theme.Theme
	now   func() time.Time
}

// columns are laid out for 80 cells; what does not fit there has a Drop.
func (v *view) columns() []table.Column[*Row] {
	dim := func(*Row) theme.Style { return v.theme.Dim }
	return []table.Column[*Row]{
		{Title: targetTitle, Min: 14, Max: 40, Weight: 3, Cell: target},
		{Title: numberTitle, Min: 7, Max: 9, Weight: 1, Right: true, Cell: func(r *Row, _ int) string { return strconv.FormatInt(r.Seq, 10) }},
		{Title: "ORDER/JOB", Min: 10, Max: 42, Weight: 4, Cell: v.subject},
		{Title: "STATUS", Min: 14, Max: 24, Weight: 2, Cell: v.status, Style: v.class},
		{Title: "TRIES", Min: 5, Max: 5, Right: true, Drop: 1, Style: dim, Cell: func(r *Row, _ int) string { return strconv.Itoa(r.tries) }},
		{Title: sinceTitle, Min: 6, Max: 8, Right: true, Style: dim, Cell: v.since},
		{Title: "REASON", Min: 15, Weight: 6, Cell: func(r *Row, _ int) string { return r.reason }, Style: func(*Row) theme.Style { return v.theme.Mark }},
	}
}

// target is where the event was to go; where there is little room, without what
// all targets have in common.
func target(r *Row, width int) string {
	if text.Width(r.target) <= width {
		return r.target
	}
	return text.URL(strings.TrimPrefix(r.target, "http://"), width)
}

// subject is the kind and the id, the kind only where there is room.
func (v *view) subject(r *Row, width int) string {
	e := &r.event
	switch k := string(e.key.Kind); {
	case e.id == "":
		return "-"
	case k != "" && width >= len("order ")+36:
		return text.Fit(k, len("order")) + " " + e.id
	default:
		return e.id
	}
}

func (v *view) status(r *Row, width int) string {
	if r.event.status == "" {
		return "-"
	}
	return v.theme.Glyphs.Class(r.event.class) + " " + text.Fit(r.event.status, width-2)
}

func (v *view) class(r *Row) theme.Style {
	if r.event.status == "" {
		return v.theme.Dim
	}
	return v.theme.Class(r.event.class)
}

func (v *view) since(r *Row, _ int) string {
	if r.at.IsZero() {
		return "-"
	}
	return elapsed.Short(v.now().Sub(r.at))
}
