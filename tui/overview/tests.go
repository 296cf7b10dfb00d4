package overview

import (
	"strings"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/number"
)

// tests returns the line about rows of test events: the page does not count them, and the line says
// which keys list them. Without test events it returns no line.
func (p *Page) tests() []line {
	var names, opens []string
	all := 0
	for _, k := range kinds {
		n := p.tally(k).Tests()
		if n == 0 {
			continue
		}
		b := p.o.Keys.Orders
		if k == receiver.Job {
			b = p.o.Keys.Jobs
		}
		all += n
		names = append(names, number.Of(int64(n), "test "+string(k), "test "+k.Plural()))
		opens = append(opens, keys.First(b))
	}
	if all == 0 {
		return nil
	}
	words := strings.Join(names, " and ") + number.Plural(int64(all), " is", " are") + " not counted here"
	switch len(opens) {
	case 1:
		words += "; " + opens[0] + " lists " + number.Plural(int64(all), "it", "them")
	default:
		words += "; " + strings.Join(opens, " and ") + " list them"
	}
	return []line{line{{style: p.o.Theme.Dim, text: "  " + words}}.fit(p.w)}
}
