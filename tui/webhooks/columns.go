package webhooks

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/up42/up42-webhooks/tui/elapsed"
	"github.com/up42/up42-webhooks/tui/table"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// The titles that orders refer to.
const (
	nameTitle   = "NAME"
	activeTitle = "ACTIVE"
)

// columns are laid out for 80 cells; what does not fit there has a Drop. How wide
// the first ones get is for [Page.shape] to say.
func (p *Page) columns() []table.Column[*Row] {
	th := p.o.Theme
	dim := func(*Row) theme.Style { return th.Dim }
	return []table.Column[*Row]{
		{Title: nameTitle, Weight: 5, Cell: func(r *Row, width int) string { return text.Middle(r.name, width) }},
		{Title: "URL", Weight: 5, Style: dim, Cell: func(r *Row, width int) string { return text.URL(r.url, width) }},
		{Title: "EVENTS", Weight: 1, Drop: 3, Cell: func(r *Row, width int) string { return eventsIn(r.events, width) }},
		{Title: activeTitle, Min: 6, Max: 6, Cell: p.activeCell, Style: p.activeStyle},
		{Title: "HERE", Min: 5, Max: 5, Drop: 2, Cell: p.hereCell, Style: p.hereStyle},
		{Title: "SEEN", Min: 4, Max: 4, Right: true, Drop: 1, Style: dim, Cell: p.seenCell},
		{Title: "LAST TEST", Min: 11, Max: 14, Weight: 1, Cell: p.testCell, Style: p.testStyle},
	}
}

// eventsIn names events in so many cells: whole, else without the ending that
// all have, else their number.
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
	return strconv.Itoa(len(events)) + " types"
}

func (p *Page) activeCell(r *Row, _ int) string {
	g := &p.o.Theme.Glyphs
	if r.webhook.Active {
		return g.Live + " on"
	}
	return g.Quiet + " off"
}

func (p *Page) activeStyle(r *Row) theme.Style {
	if r.webhook.Active {
		return p.o.Theme.Success
	}
	return p.o.Theme.Mark
}

// pointsHere says whether a webhook leads to this receiver; known is false
// where nobody can tell.
func (p *Page) pointsHere(url string) (here, known bool) {
	if p.o.PointsHere == nil {
		return false, false
	}
	return p.o.PointsHere(url), true
}

func (p *Page) hereCell(r *Row, _ int) string {
	here, known := p.pointsHere(r.webhook.URL)
	switch {
	case !known:
		return "-"
	case here:
		return p.o.Theme.Glyphs.Verified + " yes"
	default:
		return "no"
	}
}

func (p *Page) hereStyle(r *Row) theme.Style {
	if here, _ := p.pointsHere(r.webhook.URL); here {
		return p.o.Theme.Success
	}
	return p.o.Theme.Dim
}

func (p *Page) seenCell(r *Row, _ int) string {
	at, ok := p.seen[r.webhook.ID]
	if !ok {
		return "-"
	}
	return elapsed.Short(p.o.Now().Sub(at))
}

// testCell is the last test's result, or what is under way.
func (p *Page) testCell(r *Row, width int) string {
	g := &p.o.Theme.Glyphs
	if c := p.calls.of(r.webhook.ID); c != nil {
		return g.Progress + " " + c.does
	}
	o, ok := p.tests[r.webhook.ID]
	switch {
	case !ok:
		return "-"
	case !o.sent():
		return p.withAge(g.Failed+" not sent", &o, width)
	}
	glyph := g.Failed
	if o.proven {
		glyph = g.Verified
	}
	return p.withAge(fmt.Sprintf("%s %d/%d", glyph, o.good, o.all), &o, width)
}

// withAge adds how long ago a test was, as far as there is room.
func (p *Page) withAge(s string, o *outcome, width int) string {
	age := elapsed.Short(p.o.Now().Sub(o.at))
	for _, whole := range []string{s + " " + age + " ago", s + " " + age} {
		if text.Width(whole) <= width {
			return whole
		}
	}
	return s
}

func (p *Page) testStyle(r *Row) theme.Style {
	th := p.o.Theme
	if p.calls.of(r.webhook.ID) != nil {
		return th.Progress
	}
	switch o, ok := p.tests[r.webhook.ID]; {
	case !ok:
		return th.Dim
	case o.proven:
		return th.Success
	default:
		return th.Failure
	}
}
