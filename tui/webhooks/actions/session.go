package actions

import (
	"maps"
	"slices"

	"github.com/up42/up42-webhooks/client"
)

// Session is what is known since the start: what can be undone, and the last tests. Its zero value
// is that of a start.
type Session struct {
	// Deleted can be created again; the last one was deleted last. Undone: at least one was.
	Deleted []client.Webhook
	Undone  bool
	// PerhapsDeleted and PerhapsCreated are webhooks of which the next list says whether UP42 has
	// done that. PerhapsCreated may be nil.
	PerhapsDeleted []client.Webhook
	PerhapsCreated *client.Webhook
	// Unsure are other webhooks of which the next list says whether UP42 has created them.
	Unsure []Creation
	// Tried are the ids of webhooks that were perhaps deleted: nobody else has done it if one of them is
	// gone later.
	Tried []string
	// Tests are the last tests, by the ids of webhooks.
	Tests map[string]Outcome
}

// Session returns what is known now. It shares nothing with the actions.
func (a *Actions) Session() Session {
	d := &a.deleted
	return Session{
		Deleted: slices.Clone(d.all), Undone: d.undone, PerhapsDeleted: slices.Collect(maps.Values(d.perhapsDeleted)),
		PerhapsCreated: d.perhapsCreated, Unsure: slices.Clone(a.unsure), Tried: slices.Collect(maps.Keys(d.tried)), Tests: maps.Clone(a.tests),
	}
}

// resume takes up what was known before.
func (a *Actions) resume(s *Session) {
	d := &a.deleted
	d.all, d.undone, d.perhapsCreated = slices.Clone(s.Deleted), s.Undone, s.PerhapsCreated
	for _, w := range s.PerhapsDeleted {
		d.perhaps(w)
	}
	for _, id := range s.Tried {
		d.tried[id] = true
	}
	a.unsure = slices.Clone(s.Unsure)
	maps.Copy(a.tests, s.Tests)
}
