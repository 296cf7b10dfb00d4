package webhooks

import (
	"cmp"
	"slices"
	"strings"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/table"
	"github.com/up42/up42-webhooks/tui/text"
)

// The longest texts, in cells, that the list shows. The details show all.
const (
	maxName = 80
	maxURL  = 200
)

// Row is a line of the list. It is not changed once made. Its words are clean.
type Row struct {
	webhook   client.Webhook
	name, url string
	events    []string
}

func rowOf(w client.Webhook) *Row {
	r := &Row{webhook: w, name: shownName(w), url: text.Clean(w.URL, maxURL)}
	for _, e := range slices.Sorted(slices.Values(w.Events)) {
		r.events = append(r.events, text.Clean(e, maxName))
	}
	return r
}

// shownName is a webhook's name, clean; its id where it has none.
func shownName(w client.Webhook) string {
	if strings.TrimSpace(w.Name) == "" {
		return text.Clean(w.ID, maxName)
	}
	return text.Clean(w.Name, maxName)
}

func onOff(active bool) string {
	if active {
		return "on"
	}
	return "off"
}

// searched is what a filter looks in: what the row shows, in words.
func searched(r *Row) string {
	return strings.Join([]string{r.name, r.url, strings.Join(r.events, " "), onOff(r.webhook.Active), r.webhook.ID}, " ")
}

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
