package list

import (
	"cmp"
	"strings"

	"github.com/up42/up42-webhooks/tui/table"
)

// orders are the ways to sort the list.
func orders() []table.Order[*Row] {
	byName := func(a, b *Row) int { return cmp.Compare(strings.ToLower(a.name), strings.ToLower(b.name)) }
	return []table.Order[*Row]{
		{Name: "name", Column: nameTitle, Compare: byName},
		{Name: "newest", Compare: func(a, b *Row) int { return b.webhook.CreatedAt.Compare(a.webhook.CreatedAt) }},
		{Name: "changed last", Compare: func(a, b *Row) int { return b.webhook.UpdatedAt.Compare(a.webhook.UpdatedAt) }},
		{Name: "on first", Column: activeTitle, Compare: func(a, b *Row) int {
			if a.webhook.Active == b.webhook.Active {
				return byName(a, b)
			}
			if a.webhook.Active {
				return -1
			}
			return 1
		}},
	}
}
