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
	// Tests are the last tests, by the ids of webhooks.
	Tests map[string]Outcome
}

// Session returns what is known now. It shares nothing with the actions.
func (a *Actions) Session() Session {
	d := &a.deleted
	return Session{
		Deleted: slices.Clone(d.all), Undone: d.undone, PerhapsDeleted: slices.Collect(maps.Values(d.perhapsDeleted)),
		PerhapsCreated: d.perhapsCreated, Tests: maps.Clone(a.tests),
	}
}

// resume takes up what was known before.
func (a *Actions) resume(s *Session) {
	d := &a.deleted
	d.all, d.undone, d.perhapsCreated = slices.Clone(s.Deleted), s.Undone, s.PerhapsCreated
	for _, w := range s.PerhapsDeleted {
		d.perhaps(w)
	}
	maps.Copy(a.tests, s.Tests)
}
