package status

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/detail"
	"github.com/up42/up42-webhooks/tui/elapsed"
	"github.com/up42/up42-webhooks/tui/table"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// The titles that orders refer to.
const (
	statusTitle  = "STATUS"
	inStateTitle = "IN STATE"
	ageTitle     = "AGE"
)

// view draws the cells of a row.
type view struct {
	options Options
	glyphs  *theme.Glyphs
}

func (v *view) idTitle() string { return strings.ToUpper(string(v.options.Kind)) }

// columns are laid out for 80 cells; what does not fit there has a Drop.
func (v *view) columns() []table.Column[*Row] {
	return slices.Concat(v.which(), v.when(), v.how())
}

// which are the columns that say what the row is about, and its status.
func (v *view) which() []table.Column[*Row] {
	state := table.Column[*Row]{Title: statusTitle, Min: 20, Usual: 20, Max: 24, Weight: 1, Cell: v.status, Style: v.class}
	id := table.Column[*Row]{Title: v.idTitle(), Min: 9, Max: 36, Weight: 4, Cell: func(r *Row, width int) string { return shortID(r.ID, width) }}
	typ := table.Column[*Row]{Title: "TYPE", Min: 8, Usual: 8, Max: 16, Weight: 1, Drop: 1, Cell: func(r *Row, _ int) string { return r.typ.Value() }}
	name := table.Column[*Row]{Title: "NAME", Min: 10, Usual: 30, Max: 60, Weight: 3, Drop: 3, Cell: func(r *Row, _ int) string { return r.name.Value() }}
	host := table.Column[*Row]{Title: "HOST", Min: 10, Usual: 12, Max: 22, Weight: 2, Drop: 3, Cell: func(r *Row, _ int) string { return r.host.Value() }}
	switch {
	case v.options.Kind == receiver.Job:
		typ.Weight, typ.Max = 2, 24 // a process has a longer name than a kind of order
		return []table.Column[*Row]{state, id, typ, name}
	case v.namedOrders():
		id.Weight, name.Drop, name.Min = 10, 6, 18 // an id is worth more than a name
		return []table.Column[*Row]{state, id, typ, name, host}
	default:
		return []table.Column[*Row]{state, id, typ, host}
	}
}

// namedOrders says that there are orders that have names: only the API names
// them.
func (v *view) namedOrders() bool { return v.options.Kind == receiver.Order && v.options.Named }

// when are the columns that tell times.
func (v *view) when() []table.Column[*Row] {
	now := v.options.Now
	return []table.Column[*Row]{
		{Title: inStateTitle, Min: 8, Usual: 9, Max: 10, Weight: 1, Right: true, Cell: func(r *Row, _ int) string { return ago(elapsed.Long, now(), r.changed) }},
		{Title: ageTitle, Min: 4, Max: 4, Right: true, Drop: 4, Style: v.dim, Cell: func(r *Row, _ int) string { return ago(elapsed.Short, now(), r.first) }},
	}
}

// how are the columns that say how the row came to its status.
func (v *view) how() []table.Column[*Row] {
	journey := table.Column[*Row]{Title: "JOURNEY", Min: 7, Usual: 19, Max: 28, Weight: 5, Style: v.class, Cell: v.journey}
	if v.namedOrders() {
		journey.Weight = 10 // as much as the id
	}
	return []table.Column[*Row]{
		{Title: "EVENTS", Min: 6, Max: 6, Right: true, Drop: 5, Style: v.dim, Cell: func(r *Row, _ int) string { return strconv.Itoa(int(r.events)) }},
		journey,
		{Title: "NOTE", Min: 10, Usual: 15, Max: 36, Weight: 1, Cell: v.note, Style: func(*Row) theme.Style { return v.options.Theme.Mark }},
	}
}

func (v *view) dim(*Row) theme.Style     { return v.options.Theme.Dim }
func (v *view) class(r *Row) theme.Style { return v.options.Theme.Class(r.class) }

// ago writes how long ago a moment was, if it is known.
func ago(write func(time.Duration) string, now time.Time, micros int64) string {
	d, ok := since(now, micros)
	if !ok {
		return "-"
	}
	return write(d)
}

func (v *view) status(r *Row, width int) string {
	return v.glyphs.Class(r.class) + " " + text.Fit(r.status.Value(), width-2)
}

// journey draws how the row came to its status. A step that only the API tells
// of hangs on a link of its own.
func (v *view) journey(r *Row, width int) string {
	trail, link := r.trail.Value(), detail.APILink(v.glyphs)
	if r.fromAPI() && len(trail) == 1 {
		return link + v.glyphs.Journey(trail, width-text.Width(link))
	}
	s := v.glyphs.Journey(trail, width)
	if i := strings.LastIndex(s, v.glyphs.Link); i >= 0 && r.fromAPI() {
		s = s[:i] + link + s[i+len(v.glyphs.Link):]
	}
	return s
}

// apiWord marks a status that comes from UP42's API, not from a delivery.
const apiWord = "API"

// note marks what the row's status is worth, where it is less than full, rows
// that only tests made, and what comes from the API.
func (v *view) note(r *Row, width int) string {
	if r.fromAPI() {
		return strings.TrimRight(apiWord+" "+r.SubStatus(), " ")
	}
	if s := v.worth(r, width); s != "" {
		return s
	}
	return r.SubStatus()
}

func (v *view) worth(r *Row, width int) string {
	trust := ""
	switch r.trust {
	case receiver.FullTrust:
	case receiver.PartialTrust:
		trust = v.glyphs.Partial + " partial"
	default:
		trust = v.glyphs.Unsigned + " unsigned"
	}
	switch {
	case r.live:
		return trust
	case trust == "":
		return "test"
	case text.Width(trust)+len(" test") > width:
		return trust
	default:
		return trust + " test"
	}
}

// shortID cuts an id; a UUID at its first dash, where that is the place.
func shortID(id string, width int) string {
	const firstPart = 8
	if len(id) == 36 && id[firstPart] == '-' && width < len(id) && width <= firstPart+4 {
		id = id[:firstPart]
		return id + "…"
	}
	return text.Clean(id, width)
}

func orders(id string) []table.Order[*Row] {
	return []table.Order[*Row]{
		{Name: "latest event", Compare: latest},
		{Name: "waiting longest", Column: inStateTitle, Compare: waiting},
		{Name: "status", Column: statusTitle, Compare: byStatus},
		{Name: "newest", Column: ageTitle, Compare: func(a, b *Row) int { return cmp.Compare(b.first, a.first) }},
		{Name: "id", Column: id, Compare: func(*Row, *Row) int { return 0 }}, // the table breaks ties by id
	}
}

// latest has those first that changed last. Rows from UP42's list that stand at
// the same place are told apart by its times.
func latest(a, b *Row) int {
	if c := cmp.Compare(b.place(), a.place()); c != 0 {
		return c
	}
	return cmp.Compare(b.changed, a.changed)
}

// waiting has those first that are not over and have not moved for longest.
func waiting(a, b *Row) int {
	if over := cmp.Compare(rank(a.final), rank(b.final)); over != 0 {
		return over
	}
	return cmp.Compare(a.changed, b.changed)
}

// byStatus has failures first, as they are what one looks for, then what is
// under way.
func byStatus(a, b *Row) int {
	if c := cmp.Compare(urgency(a.class), urgency(b.class)); c != 0 {
		return c
	}
	if c := strings.Compare(a.status.Value(), b.status.Value()); c != 0 {
		return c
	}
	return latest(a, b)
}

func urgency(c receiver.Class) int {
	switch c {
	case receiver.Failed:
		return 0
	case receiver.InProgress:
		return 1
	case receiver.Cancelled:
		return 2
	case receiver.Ended:
		return 3
	default:
		return 4
	}
}

func rank(last bool) int {
	if last {
		return 1
	}
	return 0
}
