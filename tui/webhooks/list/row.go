package list

import (
	"slices"
	"strings"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/webhooks/webhook"
)

// maxURL is the most cells of a URL. The details show the whole URL.
const maxURL = 200

// Row is a line of the list. It does not change once it is made. Its texts are
// clean.
type Row struct {
	webhook   client.Webhook
	name, url string
	events    []string
}

func rowOf(w client.Webhook) *Row {
	r := &Row{webhook: w, name: webhook.Name(w), url: text.Clean(w.URL, maxURL)}
	for _, e := range slices.Sorted(slices.Values(w.Events)) {
		r.events = append(r.events, text.Clean(e, webhook.MaxName))
	}
	return r
}

// searched is the text in which a filter looks.
func searched(r *Row) string {
	return strings.Join([]string{r.name, r.url, strings.Join(r.events, " "), webhook.OnOff(r.webhook.Active), r.webhook.ID}, " ")
}
