package list

import (
	"strings"

	"github.com/up42/up42-webhooks/tui/table"
	"github.com/up42/up42-webhooks/tui/text"
)

// Widths in cells.
const (
	unlimited   = 1 << 20
	shortEvents = 10 // for events without their common ending
	minName     = 6
	fairName    = 13 // what a name gets before other columns lose anything
	minURL      = 17
	fairHost    = 26 // what the host of a URL gets before other columns lose anything
	hereURL     = 44 // for a URL that leads here
)

// bounds are the least and the most cells of a column.
type bounds struct{ min, max int }

// widths measures the content of the columns whose widths depend on it, by their titles. A URL that leads here may be cut:
// the column HERE says enough about it.
func widths(rows []*Row, leadsHere func(*Row) bool) map[string]bounds {
	const events = len("EVENTS") // the title has to fit too
	name, url, host, short, whole := minName, minURL, minURL, events, events
	for _, r := range rows {
		name = max(name, text.Width(r.name))
		whole = max(whole, text.Width(eventsIn(r.events, unlimited)))
		short = max(short, text.Width(eventsIn(r.events, shortEvents)))
		width := text.Width(r.url)
		if leadsHere(r) {
			width = min(width, hereURL)
		}
		url = max(url, width)
		host = max(host, hostWidth(r.url))
	}
	return map[string]bounds{
		nameTitle:   {min(name, fairName), name},
		urlTitle:    {min(host, fairHost), url},
		eventsTitle: {min(short, shortEvents), whole},
	}
}

// hostWidth is how many cells the host of a URL takes, with its port.
func hostWidth(url string) int {
	_, rest, _ := strings.Cut(url, "://")
	host, _, _ := strings.Cut(rest, "/")
	return text.Width(host)
}

// fit gives columns these widths. It reports whether any has changed.
func fit(columns []table.Column[*Row], widths map[string]bounds) (changed bool) {
	for i := range columns {
		c := &columns[i]
		b, measured := widths[c.Title]
		if measured && b != (bounds{c.Min, c.Max}) {
			c.Min, c.Max, changed = b.min, b.max, true
		}
	}
	return changed
}
