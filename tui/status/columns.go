package status

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/cells"
	"github.com/up42/up42-webhooks/tui/elapsed"
	"github.com/up42/up42-webhooks/tui/glow"
	"github.com/up42/up42-webhooks/tui/table"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// The titles of the columns that orders name.
const (
	statusTitle  = "STATUS"
	inStateTitle = "IN STATE"
	ageTitle     = "AGE"
	typeTitle    = "TYPE"
	nameTitle    = "NAME"
	hostTitle    = "HOST"
	eventsTitle  = "EVENTS"
	journeyTitle = "JOURNEY"
	noteTitle    = "NOTE"
)

// view draws the cells of a row.
type view struct {
	theme *theme.Theme
	now   func() time.Time
	kind  receiver.Kind
	// namedOrders says that the rows are orders with names: from UP42's API, or from their
	// events, in which UP42 does not document them.
	namedOrders bool
	// chosen are the names of the columns to draw, in their order. Nil: all.
	chosen []string
	// selected returns the row under the cursor.
	selected func() (*Row, bool)
	// glow has the rows whose status has just changed. It may be nil.
	glow  *glow.Glow[string]
	spans []theme.Span // of the cell that is drawn
}

func (v *view) idTitle() string { return strings.ToUpper(string(v.kind)) }

// columns fit into 80 cells, without those that have a Drop.
func (v *view) columns() []table.Column[*Row] {
	return table.Choose(slices.Concat(v.subjectColumns(), v.timeColumns(), v.journeyColumns()), v.chosen)
}

// Columns returns the names of all columns of a kind of rows.
func Columns(k receiver.Kind) []string {
	return table.Names((&view{kind: k, namedOrders: k == receiver.Order}).columns())
}

// subjectColumns say what the row is about, and its status.
func (v *view) subjectColumns() []table.Column[*Row] {
	status := table.Column[*Row]{Title: statusTitle, Min: 20, Keys: []string{"status", "class"}, Usual: 20, Max: 30, Weight: 4, Spans: v.status}
	id := table.Column[*Row]{Title: v.idTitle(), Min: 9, Keys: []string{"id"}, Max: 36, Weight: 4, Cell: func(r *Row, width int) string { return shortID(r.ID(), width) }}
	typ := table.Column[*Row]{Title: typeTitle, Min: 8, Keys: []string{"type"}, Usual: 8, Max: 16, Weight: 1, Drop: 1, Cell: func(r *Row, _ int) string { return r.typ.Value() }}
	name := table.Column[*Row]{Title: nameTitle, Min: 10, Keys: []string{"name"}, Usual: 30, Max: 60, Weight: 3, Drop: 3, Cell: func(r *Row, _ int) string { return r.name.Value() }}
	host := table.Column[*Row]{Title: hostTitle, Min: 10, Keys: []string{"host"}, Usual: 12, Max: 22, Weight: 2, Drop: 3, Cell: func(r *Row, _ int) string { return r.host.Value() }}
	switch {
	case v.kind == receiver.Job:
		status.Min, status.Usual = 15, 15                       // the statuses of jobs are shorter than those of orders
		typ.Weight, typ.Min, typ.Usual, typ.Max = 2, 13, 14, 24 // and a type, which is a process, is longer
		return []table.Column[*Row]{status, id, typ, name}
	case v.namedOrders:
		// The id says more than the name, and that more than the host. With this least width of the type
		// there is a name on a screen of 160 columns with details.
		id.Weight, name.Drop, name.Min, host.Min, typ.Min = 10, 2, 17, 12, 7
		return []table.Column[*Row]{status, id, typ, name, host}
	default:
		return []table.Column[*Row]{status, id, typ, host}
	}
}

func (v *view) timeColumns() []table.Column[*Row] {
	return []table.Column[*Row]{
		{Title: inStateTitle, Min: 8, Usual: 9, Max: 10, Weight: 1, Right: true, Cell: func(r *Row, _ int) string { return v.ago(elapsed.Long, r, r.changed) }},
		{Title: ageTitle, Min: 4, Max: 4, Right: true, Drop: 4, Style: v.dim, Cell: func(r *Row, _ int) string { return v.ago(elapsed.Short, r, r.first) }},
	}
}

// journeyColumns say how the row came to its status.
func (v *view) journeyColumns() []table.Column[*Row] {
	journey := table.Column[*Row]{Title: journeyTitle, Min: 9, Usual: 15, Max: 23, Weight: 5, Spans: v.journey}
	if v.namedOrders {
		journey.Weight = 10 // as much as the id
	}
	return []table.Column[*Row]{
		{Title: eventsTitle, Min: 6, Max: 6, Right: true, Drop: 6, Style: v.dim, Cell: func(r *Row, _ int) string { return strconv.Itoa(int(r.events)) }},
		journey,
		{Title: noteTitle, Keys: []string{"note"}, Min: 10, Usual: 15, Max: 40, Weight: 2, Cell: v.note, Style: v.noteStyle},
	}
}

func (v *view) dim(*Row) theme.Style { return v.theme.Dim }

// ago formats how long ago a time of a row was: in steps, but to the second for the row
// under the cursor in its first minute.
func (v *view) ago(format func(time.Duration) string, r *Row, micros int64) string {
	if micros == 0 {
		return cells.None
	}
	d := v.now().Sub(time.UnixMicro(micros))
	if d < time.Minute {
		if selected, ok := v.selected(); ok && selected == r {
			return format(d)
		}
	}
	return elapsed.InSteps(format, d)
}

func (v *view) status(r *Row, width int) []theme.Span {
	style := v.theme.Class(r.class)
	switch {
	case r.unread():
		v.spans = append(v.spans[:0], theme.Span{Style: style, Text: "not read yet"})
	case v.glow.Glows(r.id):
		words := strings.TrimRight(v.theme.Glyphs.Status(r.class, r.shown(), width), " ")
		v.spans = append(v.spans[:0], theme.Span{Style: v.theme.Glow(style), Text: words}, theme.Span{})
	default:
		v.spans = append(v.spans[:0], theme.Span{Style: style, Text: v.theme.Glyphs.Status(r.class, r.shown(), width)})
	}
	return v.spans
}

// journey draws how the row came to its status.
func (v *view) journey(r *Row, width int) []theme.Span {
	v.spans = v.theme.Journey(v.spans[:0], r.journey.Value(), width, r.fromAPI())
	return v.spans
}

// shortID shortens an id. It cuts a UUID at its first dash if there is no room for
// much more.
func shortID(id string, width int) string {
	const firstPart = 8
	if len(id) == 36 && id[firstPart] == '-' && width < len(id) && width <= firstPart+4 {
		return id[:firstPart] + "…"
	}
	return text.Clean(id, width)
}
