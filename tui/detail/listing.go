package detail

import (
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// Listing is what UP42's API says about an order or a job. Its texts are not
// clean.
type Listing struct {
	ID, Name, Type string
	Status         receiver.Status
	// SubStatus refines the status of a tasking order. It may be empty.
	SubStatus receiver.Status
	// Created and Updated are by UP42's clock. They are zero if UP42 gave none.
	Created, Updated time.Time
	// Asked is when UP42 was asked.
	Asked time.Time
}

// State is the status of a row by its deliveries.
type State struct {
	Kind              receiver.Kind
	Status, SubStatus receiver.Status
	Final             bool
	// Since is when the status began.
	Since time.Time
}

// stateOf returns the state of a row.
func stateOf(r *receiver.Row) State {
	return State{Kind: r.Kind, Status: r.Status, SubStatus: r.SubStatus, Final: r.Final, Since: r.LastChange}
}

// Since returns when the listing's status began: the time of the last update, or
// else of the creation.
func (l *Listing) Since() time.Time {
	if l.Updated.IsZero() {
		return l.Created
	}
	return l.Updated
}

// Class returns the class of the listing's status, for a thing of kind k.
func (l *Listing) Class(k receiver.Kind) receiver.Class {
	return k.Class(l.Status, l.SubStatus, l.Status.Class(k).Final())
}

// Overrules reports whether the listing has another status than the deliveries, and a
// newer one. Another sub-status is another status if the deliveries have one too, or if
// the class is another.
func (l *Listing) Overrules(s State) bool {
	switch {
	case l.Status == "" || !l.Updated.After(s.Since):
		return false
	case !l.Status.Is(s.Status):
		return true
	case s.Final || l.SubStatus == "" || l.SubStatus.Is(s.SubStatus):
		return false
	default:
		return s.SubStatus != "" || l.Class(s.Kind) != s.Kind.Class(s.Status, "", s.Final)
	}
}

// Refines reports whether the listing has a sub-status for the status of the deliveries,
// which have none.
func (l *Listing) Refines(s State) bool {
	return l.SubStatus != "" && s.SubStatus == "" && !s.Final && l.Status.Is(s.Status)
}

// outdated reports whether the listing has another status than the deliveries, and
// an older one.
func (l *Listing) outdated(s State) bool {
	return l.Status != "" && !l.Status.Is(s.Status) && !l.Since().After(s.Since)
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
