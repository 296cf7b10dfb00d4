package list

import (
	"cmp"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/tui/table"
)

// orders are the ways to sort the list. What is known here and not at UP42 (HERE, SEEN, LAST
// TEST) changes without a new row, so that the list can't be sorted by it.
func orders() []table.Order[*Row] {
	latest := func(at func(*Row) time.Time) func(a, b *Row) int {
		return func(a, b *Row) int { return cmp.Or(at(b).Compare(at(a)), byName(a, b)) }
	}
	return []table.Order[*Row]{
		{Name: "name", Column: nameTitle, Compare: byName},
		{Name: "newest", Compare: latest(func(r *Row) time.Time { return r.webhook.CreatedAt })},
		{Name: "changed last", Compare: latest(func(r *Row) time.Time { return r.webhook.UpdatedAt })},
		{Name: "on first", Column: activeTitle, Compare: onFirst},
		{Name: "URL", Column: urlTitle, Compare: func(a, b *Row) int { return cmp.Or(strings.Compare(a.url, b.url), byName(a, b)) }},
		{Name: "most events", Column: eventsTitle, Compare: func(a, b *Row) int {
			return cmp.Or(cmp.Compare(len(b.events), len(a.events)), byName(a, b))
		}},
	}
}

func byName(a, b *Row) int { return cmp.Compare(strings.ToLower(a.name), strings.ToLower(b.name)) }

func onFirst(a, b *Row) int {
	switch {
	case a.webhook.Active == b.webhook.Active:
		return byName(a, b)
	case a.webhook.Active:
		return -1
	default:
		return 1
	}
}
