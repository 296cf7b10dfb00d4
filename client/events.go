package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

// EventType is a type of event that a webhook can subscribe to, by adding its Name to
// Webhook.Events.
type EventType struct {
	Name          string `json:"name"`
	Title         string `json:"title"`
	Category      string `json:"category"`
	Description   string `json:"description"`
	Documentation string `json:"documentation"`
}

// ErrNoEvents is the error if UP42 names no event that a webhook can subscribe to.
var ErrNoEvents = errors.New("UP42 names no event that a webhook can subscribe to")

// EventTypes lists the types of events that a webhook can subscribe to, each name once. It
// leaves out names that no webhook can have, see [CheckEvents]. The error is [ErrNoEvents] if
// there is no type.
func (c *Client) EventTypes(ctx context.Context) ([]EventType, error) {
	answer, _, err := c.caller.do(ctx, call{what: listEvents, method: http.MethodGet, url: c.api.at(nil, "webhooks", "events")})
	if err != nil {
		return nil, err
	}
	all, err := decodeList[EventType](listEvents, answer)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	var types []EventType
	for _, t := range all {
		if CheckEvents([]string{t.Name}) == nil && !known[t.Name] {
			known[t.Name] = true
			types = append(types, t)
		}
	}
	if len(types) == 0 {
		return nil, fmt.Errorf("%s: %w", listEvents, ErrNoEvents)
	}
	return types, nil
}

// EventNames lists the names of the events that a webhook can subscribe to. Its errors are
// those of EventTypes.
func (c *Client) EventNames(ctx context.Context) ([]string, error) {
	types, err := c.EventTypes(ctx)
	if err != nil {
		return nil, err
	}
	return NamesOf(types), nil
}

// NamesOf returns the names of event types.
func NamesOf(types []EventType) []string {
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = t.Name
	}
	return names
}
