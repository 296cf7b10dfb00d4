package client

import (
	"context"
	"errors"
	"time"
)

// Webhook is where UP42 tells of changes of status.
type Webhook struct {
	ID     string   `json:"id"`
	Name   string   `json:"name"`
	URL    string   `json:"url"`
	Events []string `json:"events"`
	Active bool     `json:"active"`
	// Secret signs its deliveries; "": they are not signed.
	Secret    Secret    `json:"secret"`
	CreatedAt time.Time `json:"createdAt"`
	UpdatedAt time.Time `json:"updatedAt"`
}

// EventType is a kind of event that a webhook can subscribe to; Name is what
// Webhook.Events holds.
type EventType struct {
	Name          string `json:"name"`
	Title         string `json:"title"`
	Category      string `json:"category"`
	Description   string `json:"description"`
	Documentation string `json:"documentation"`
}

// TestReport is what UP42 says of a test of a webhook. Older answers hold
// neither Failed nor Tests; HasTests tells.
type TestReport struct {
	StartedAt time.Time
	Run       int
	Succeeded int
	// Failed is Run less Succeeded where UP42 does not say.
	Failed   int
	HasTests bool
	Tests    []Test
}

// Test is one test delivery.
type Test struct {
	StartedAt time.Time
	EventName string
	Success   bool
	// Message and Response are UP42's words on what came of it.
	Message  string
	Response string
	// MessageID is that of the delivery, "" where UP42 does not say.
	MessageID string
}

// Webhooks lists the workspace's webhooks.
func (c *Client) Webhooks(ctx context.Context) ([]Webhook, error) { return nil, errors.ErrUnsupported }

// Webhook returns one; an *Error with status 404 where there is none.
func (c *Client) Webhook(ctx context.Context, id string) (Webhook, error) {
	return Webhook{}, errors.ErrUnsupported
}

// CreateWebhook creates a webhook and returns it as UP42 has it. Its ID and
// times are not sent. It is not tried again where the answer is lost.
func (c *Client) CreateWebhook(ctx context.Context, w Webhook) (Webhook, error) {
	return Webhook{}, errors.ErrUnsupported
}

// UpdateWebhook replaces the webhook w.ID by w, all of it.
func (c *Client) UpdateWebhook(ctx context.Context, w Webhook) (Webhook, error) {
	return Webhook{}, errors.ErrUnsupported
}

// DeleteWebhook deletes a webhook.
func (c *Client) DeleteWebhook(ctx context.Context, id string) error { return errors.ErrUnsupported }

// TestWebhook has UP42 send one test event for each event type that the webhook
// subscribes to, and returns once UP42 has done so.
func (c *Client) TestWebhook(ctx context.Context, id string) (TestReport, error) {
	return TestReport{}, errors.ErrUnsupported
}

// EventTypes lists what a webhook can subscribe to.
func (c *Client) EventTypes(ctx context.Context) ([]EventType, error) {
	return nil, errors.ErrUnsupported
}
