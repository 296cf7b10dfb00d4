package detail

import (
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/theme"
)

// Listing is what UP42's API says of an order or a job. Its texts are as they
// came.
type Listing struct {
	ID, Name, Type string
	Status         receiver.Status
	// SubStatus refines the status of a tasking order; "": none.
	SubStatus string
	// Created and Updated are by UP42's clock; zero: it gave none.
	Created, Updated time.Time
	// Asked is when UP42 was asked.
	Asked time.Time
}

// Since is when the listing's status began, as far as it tells.
func (l *Listing) Since() time.Time {
	if l.Updated.IsZero() {
		return l.Created
	}
	return l.Updated
}

// Overrules says whether the listing has a later word than the deliveries, by
// which a status has stood since lastChange.
func (l *Listing) Overrules(s receiver.Status, lastChange time.Time) bool {
	return l.Status != "" && l.Updated.After(lastChange) && !l.Status.Is(s)
}

// outdated says whether the deliveries, by which a status has stood since
// lastChange, have a later word than a listing that says something else.
func (l *Listing) outdated(s receiver.Status, lastChange time.Time) bool {
	return l.Status != "" && !l.Status.Is(s) && !l.Since().After(lastChange)
}

// APILink links a step that only UP42's API tells of to a journey: it is as wide
// as theme.Glyphs.Link, and broken, as no delivery vouches for it.
func APILink(g *theme.Glyphs) string {
	if g.Link == "--" {
		return ".."
	}
	return "╌╌"
}
