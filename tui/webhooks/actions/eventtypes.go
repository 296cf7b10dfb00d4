package actions

import (
	"context"
	"errors"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/fault"
)

// WithEventTypes calls open with the event types that UP42 names. If they are not
// known yet, it asks UP42 first. If UP42 names none or can't be asked, it says so
// and does not call open.
func (a *Actions) WithEventTypes(open func([]client.EventType) tea.Cmd) tea.Cmd {
	if types := a.o.List.EventTypes(); types != nil {
		return open(types)
	}
	if a.Busy(newID) {
		return nil
	}
	type answer struct {
		types []client.EventType
		err   error
	}
	api := a.o.API
	c := &Call{id: newID, Does: "asking for the events of", Name: "UP42"}
	return begin(&a.Calls, c, func(ctx context.Context) answer {
		types, err := api.EventTypes(ctx)
		return answer{types, err}
	}, func(got answer) tea.Cmd {
		switch {
		case errors.Is(got.err, client.ErrNoEvents):
			a.o.Say.Failure("UP42 names no events to subscribe to: " + client.Advice(got.err))
		case got.err != nil:
			c.fail(a.o.Say, "could not ask UP42 for its events", fault.Of(got.err).Line())
		default:
			a.o.List.SetEventTypes(got.types)
			return open(got.types)
		}
		return nil
	})
}
