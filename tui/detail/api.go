package detail

import (
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/keys"
)

// onlyListed describes a row that the store does not have, but UP42's API.
func (d *description) onlyListed(k receiver.Kind, l *Listing) {
	d.heading(receiver.Key{Kind: k, ID: l.ID})
	d.listing(k, l)
	d.meaning(k, l.Status, l.SubStatus, l.Status.Class(k).Final())
	d.Gap()
	d.Prose(d.Theme.Mark, "This is from UP42's list. No delivery about it has arrived here yet. When one arrives, its data is shown instead.")
}

// listing describes what UP42's API says about a row.
func (d *description) listing(k receiver.Kind, l *Listing) {
	if l.Status != "" {
		c := l.Class(k)
		d.Styled("Status", d.Theme.Class(c), d.statusWords(c, l.Status, l.SubStatus))
	}
	d.Optional("Name", l.Name)
	if l.Type != l.Name { // a job has the name of its process
		d.Optional("Type", l.Type)
	}
	if !l.Created.IsZero() {
		d.Pair("Created", d.ago(l.Created))
	}
	if !l.Updated.IsZero() {
		d.Pair("Updated", d.ago(l.Updated))
	}
	d.Pair("Asked", d.ago(l.Asked)+"; "+keys.First(d.keys.Refresh)+" asks again")
}
