// Package session is what a dashboard hands to one that takes its place while the program runs.
package session

import (
	"github.com/up42/up42-webhooks/tui/marks"
	"github.com/up42/up42-webhooks/tui/remembered"
	"github.com/up42/up42-webhooks/tui/webhooks/actions"
)

// Session is what a dashboard knows and has said since the start. Its zero value is that of a
// start.
type Session struct {
	// Began: there was a dashboard before, which has said what there is to say at the start.
	Began bool
	// Offered: the offer to pin a list of headers was made. Declined: the user does not want it.
	Offered, Declined bool
	Webhooks          actions.Session
	View              View
}

// View is how the user looks at the lists. It has ids, names and whatever was typed, so a dashboard
// that shows stand-ins has another one than a dashboard that does not.
type View struct {
	State remembered.State
	// Last are the filters that were set last, and Marks the marked rows, by the names of the pages.
	Last  map[string]string
	Marks map[string][]marks.Row
}
