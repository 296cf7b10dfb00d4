package detail

import (
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/theme"
)

// Listing is what UP42's API says about an order or a job. Its texts are not
// clean.
type Listing struct {
	ID, Name, Type string
	Status         receiver.Status
	// SubStatus refines the status of a tasking order. It may be empty.
	SubStatus string
	// Created and Updated are by UP42's clock. They are zero if UP42 gave none.
	Created, Updated time.Time
	// Asked is when UP42 was asked.
	Asked time.Time
}

// Since returns when the listing's status began: the time of the last update, or
// else of the creation.
func (l *Listing) Since() time.Time {
	if l.Updated.IsZero() {
		return l.Created
	}
	return l.Updated
}

// Overrules reports whether the listing has another status than the deliveries,
// and a newer one. By the deliveries, the status is s since lastChange.
func (l *Listing) Overrules(s receiver.Status, lastChange time.Time) bool {
	return l.Status != "" && l.Updated.After(lastChange) && !l.Status.Is(s)
}

// outdated reports whether the listing has another status than the deliveries, and
// an older one.
func (l *Listing) outdated(s receiver.Status, lastChange time.Time) bool {
	return l.Status != "" && !l.Status.Is(s) && !l.Since().After(lastChange)
}

// name and typ return "" for a nil listing.
func (l *Listing) name() string {
	if l == nil {
		return ""
	}
	return l.Name
}

func (l *Listing) typ() string {
	if l == nil {
		return ""
	}
	return l.Type
}

// APILink returns the line between the last step of a journey and a status that
// only UP42's API reports. It is as wide as theme.Glyphs.Link, and broken, as no
// delivery confirms that status.
func APILink(g *theme.Glyphs) string {
	if g.Link == "--" {
		return ".."
	}
	return "╌╌"
}
