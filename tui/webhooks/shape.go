package webhooks

import (
	"github.com/up42/up42-webhooks/tui/text"
)

// The columns whose width depends on what is in them, by their places.
const (
	nameColumn = iota
	urlColumn
	eventsColumn
)

// bounds are the least and the most that a column gets.
type bounds struct{ min, max int }

// shape gives the columns the room that their words need, and has the list laid
// out anew where that changed.
func (p *Page) shape() {
	for i, b := range p.bounds() {
		c := &p.cols[i]
		if b != (bounds{c.Min, c.Max}) {
			c.Min, c.Max, p.reshaped = b.min, b.max, true
		}
	}
}

// bounds measures what is in the columns. What leads here need not be seen
// whole: HERE says as much.
func (p *Page) bounds() [3]bounds {
	const events = len("EVENTS") // the title has to fit too
	name, url, short, whole := leastName, leastURL, events, events
	for _, w := range p.list.all {
		r := rowOf(w)
		name = max(name, text.Width(r.name))
		whole = max(whole, text.Width(eventsIn(r.events, wide)))
		short = max(short, text.Width(eventsIn(r.events, enough)))
		width := text.Width(r.url)
		if here, _ := p.pointsHere(w.URL); here {
			width = min(width, wellKnown)
		}
		url = max(url, width)
	}
	return [3]bounds{
		nameColumn:   {min(name, fairName), name},
		urlColumn:    {leastURL, url},
		eventsColumn: {min(short, enough), whole},
	}
}

// Widths in cells.
const (
	wide      = 1 << 20 // as wide as it gets
	enough    = 10      // for events without their common ending
	leastName = 6
	fairName  = 18 // what a name gets before anything is left out for it
	leastURL  = 12
	wellKnown = 44 // for a URL that leads here
)
