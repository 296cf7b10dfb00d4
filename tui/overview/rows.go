package overview

import (
	"slices"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/elapsed"
	"github.com/up42/up42-webhooks/tui/number"
	"github.com/up42/up42-webhooks/tui/status"
	"github.com/up42/up42-webhooks/tui/table/columns"
	"github.com/up42/up42-webhooks/tui/text"
)

// subject is a row of a kind.
type subject struct {
	kind receiver.Kind
	row  *status.Row
}

func (s subject) key() receiver.Key { return receiver.Key{Kind: s.kind, ID: s.row.ID()} }

// kinds are those of rows, in the order in which the page names them.
var kinds = [...]receiver.Kind{receiver.Order, receiver.Job}

// newestFirst are the rankings that begin with the latest change.
var newestFirst = []status.Rank{status.Failures, status.Latest, status.Finished}

// ranked returns the first orders and jobs of a ranking.
func (p *Page) ranked(of status.Rank, limit int) []subject {
	var out []subject
	for _, k := range kinds {
		tally := p.o.Orders
		if k == receiver.Job {
			tally = p.o.Jobs
		}
		for _, r := range tally.First(of, limit) {
			out = append(out, subject{k, r})
		}
	}
	newest := slices.Contains(newestFirst, of)
	slices.SortStableFunc(out, func(a, b subject) int {
		if newest {
			a, b = b, a
		}
		return a.row.Changed().Compare(b.row.Changed())
	})
	return out[:min(limit, len(out))]
}

// rowColumns are the columns of a line about a row.
var rowColumns = []columns.Column{
	{Min: 20, Usual: 22, Max: 32, Weight: 4},         // status
	{Min: 9, Max: 36, Usual: 9, Weight: 2},           // id
	{Min: 7, Usual: 16, Max: 30, Weight: 2, Drop: 1}, // name, or type
	{Min: 8, Usual: 10, Max: 20, Weight: 1},          // host
	{Min: 7, Max: 8, Weight: 1},                      // in state
}

// rowWidths are the widths of the columns in a line of room cells. The host is left out where the name
// would be too short to know the row by.
func rowWidths(room int) []int {
	const host, forHost = 3, 68
	if room >= forHost {
		return columns.Grow(rowColumns, room)
	}
	return slices.Insert(columns.Grow(slices.Delete(slices.Clone(rowColumns), host, host+1), room), host, 0)
}

// rowLine is a line about a row, which opens its details.
func (p *Page) rowLine(s *sheet, panel string, of subject, w int) line {
	const margin = 2
	r, th := of.row, s.theme
	widths := rowWidths(w - margin)
	name := r.Name()
	if name == "" {
		name = r.Type()
	}
	cells := []span{
		{style: th.Class(r.Class()), text: th.Glyphs.Status(r.Class(), r.Shown(), widths[0])},
		{style: th.Plain, text: shortID(r.ID(), widths[1])},
		{style: th.Dim, text: name},
		{style: th.Dim, text: r.Host()},
		{style: th.Plain, text: p.ago(r.Changed())},
	}
	var spans line
	for i, c := range cells {
		if widths[i] == 0 {
			continue
		}
		if c.text = text.Fit(c.text, widths[i]); i == len(cells)-1 {
			c.text = text.FitRight(p.ago(r.Changed()), widths[i])
		}
		if len(spans) > 0 {
			c.text = text.Spaces(columns.Gap) + c.text
		}
		spans = append(spans, c)
	}
	return s.open(panel+" "+string(of.kind)+" "+r.ID(), Goal{Row: of.key()}, spans...).fit(w)
}

// ago says how long ago a time was, in steps, so that the page is quiet.
func (p *Page) ago(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return elapsed.InSteps(elapsed.Long, p.o.Now().Sub(t))
}

// shortID shortens an id. It cuts a UUID at its first dash.
func shortID(id string, width int) string {
	const firstPart = 8
	if len(id) == 36 && id[firstPart] == '-' && width < len(id) {
		return id[:firstPart] + "…"
	}
	return text.Clean(id, width)
}

// counted is a number with a goal, for the title of a panel.
type counted struct {
	n     int
	kind  receiver.Kind
	class receiver.Class
	goal  Goal
}

// countedTitle draws the numbers that are not 0.
func countedTitle(s *sheet, panel string, all ...counted) (l line) {
	for _, c := range all {
		if c.n == 0 {
			continue
		}
		words := s.theme.Glyphs.Class(c.class) + " " + number.Of(int64(c.n), string(c.kind), c.kind.Plural()) + " "
		l = append(l, s.open(panel+" "+string(c.kind)+" "+c.class.Word(), c.goal, span{style: s.theme.Class(c.class), text: words})...)
	}
	return l
}
