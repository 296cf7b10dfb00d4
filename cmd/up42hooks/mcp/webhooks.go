package mcp

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/send"
	"github.com/up42/up42-webhooks/cmd/up42hooks/webhooks"
)

// webhookList is the result of list_webhooks.
type webhookList struct {
	Webhooks []printed[webhooks.Record] `json:"webhooks"`
	Notes    []string                   `json:"notes,omitempty"`
}

// eventTypes is the result of list_event_types.
type eventTypes struct {
	EventTypes []printed[client.EventType] `json:"eventTypes"`
}

// oneWebhook is the result of tools about one webhook.
type oneWebhook struct {
	Webhook printed[webhooks.Record] `json:"webhook"`
	Notes   []string                 `json:"notes,omitempty"`
}

// testedWebhook is the result of test_webhook.
type testedWebhook struct {
	Test  printed[webhooks.TestRecord] `json:"test"`
	Notes []string                     `json:"notes,omitempty"`
}

// none are no arguments.
type none struct{}

// webhookArgs name a webhook.
type webhookArgs struct {
	Webhook string `json:"webhook" jsonschema:"its id, or its name if only one webhook has that name"`
}

// createArgs are the arguments of create_webhook.
type createArgs struct {
	Name     string   `json:"name" jsonschema:"its name"`
	URL      string   `json:"url,omitempty" jsonschema:"where UP42 delivers: https, or http on this machine. Without it: the public URL of the receiver, if that is configured"`
	Events   []string `json:"events,omitempty" jsonschema:"event types, as list_event_types names them. Without it: all"`
	Inactive bool     `json:"inactive,omitempty" jsonschema:"make it without switching it on"`
}

// updateArgs are the arguments of update_webhook.
type updateArgs struct {
	webhookArgs
	Name   *string  `json:"name,omitempty" jsonschema:"new name"`
	URL    *string  `json:"url,omitempty" jsonschema:"new URL"`
	Events []string `json:"events,omitempty" jsonschema:"event types, all that it shall have"`
	Active *bool    `json:"active,omitempty" jsonschema:"switch it on or off"`
	Secret bool     `json:"useReceiverSecret,omitempty" jsonschema:"sign with the secret that the receiver on this machine has. Needed if UP42 does not show the present one"`
}

// testArgs are the arguments of test_webhook.
type testArgs struct {
	webhookArgs
	Seconds int `json:"waitSeconds,omitempty" jsonschema:"how long to wait for the events that UP42 says it sent, 120 at most. Without it: 15"`
}

// webhookTools are the tools that need the account at UP42.
func (c *commands) webhookTools() []tool {
	return []tool{
		newTool("list_webhooks", asks, "List the workspace's webhooks at UP42. Secrets are masked.", c.listWebhooks),
		newTool("get_webhook", asks, "Get one webhook from UP42. Its secret is masked.", c.getWebhook),
		newTool("list_event_types", asks, "List the event types that a webhook can subscribe to, as UP42 names them.", c.listEventTypes),
		newTool("create_webhook", adds, "Create a webhook at UP42. Its deliveries are signed with the secret of the receiver on this machine, which is not shown.", c.createWebhook),
		newTool("update_webhook", changes, "Change what is given of a webhook at UP42. The other fields stay.", c.updateWebhook),
		newTool("delete_webhook", changes, "Delete a webhook at UP42. This can't be undone. The result is the webhook that was deleted.", c.deleteWebhook),
		newTool("test_webhook", adds, "Make UP42 send one test event for each event type of a webhook, and check whether they arrive in the store, verified. Says the likely cause if not.", c.testWebhook),
	}
}

func (c *commands) listWebhooks(ctx context.Context, _ none) (out webhookList, err error) {
	out.Webhooks, out.Notes, err = printedBy[webhooks.Record](ctx, c, "", webhooks.NewCommand, "webhooks", "list")
	return out, err
}

func (c *commands) listEventTypes(ctx context.Context, _ none) (out eventTypes, err error) {
	out.EventTypes, _, err = printedBy[client.EventType](ctx, c, "", webhooks.NewCommand, "webhooks", "events")
	return out, err
}

// one runs a command about one webhook.
func (c *commands) one(ctx context.Context, input string, args ...string) (out oneWebhook, err error) {
	out.Webhook, out.Notes, err = onePrinted[webhooks.Record](ctx, c, input, webhooks.NewCommand, append([]string{"webhooks"}, args...)...)
	return out, err
}

func (c *commands) getWebhook(ctx context.Context, a webhookArgs) (oneWebhook, error) {
	return c.one(ctx, "", "get", "--", a.Webhook)
}

func (c *commands) createWebhook(ctx context.Context, a createArgs) (oneWebhook, error) {
	secret, publicURL, err := c.ofReceiver()
	if err != nil {
		return oneWebhook{}, err
	}
	args := []string{"create", "--name=" + a.Name, "--secret=-"}
	if url := cmp.Or(a.URL, publicURL); url != "" {
		args = append(args, "--url="+url)
	}
	if len(a.Events) > 0 {
		args = append(args, "--events="+strings.Join(a.Events, ","))
	}
	if a.Inactive {
		args = append(args, "--inactive")
	}
	return c.one(ctx, secret, args...)
}

func (c *commands) updateWebhook(ctx context.Context, a updateArgs) (oneWebhook, error) {
	args, secret := []string{"update"}, ""
	if a.Name != nil {
		args = append(args, "--name="+*a.Name)
	}
	if a.URL != nil {
		args = append(args, "--url="+*a.URL)
	}
	if a.Events != nil {
		args = append(args, "--events="+strings.Join(a.Events, ","))
	}
	switch {
	case a.Active == nil:
	case *a.Active:
		args = append(args, "--active")
	default:
		args = append(args, "--inactive")
	}
	if a.Secret {
		var err error
		if secret, _, err = c.ofReceiver(); err != nil {
			return oneWebhook{}, err
		}
		args = append(args, "--secret=-")
	}
	if len(args) == 1 {
		return oneWebhook{}, errors.New("there is nothing to change: give name, url, events, active or useReceiverSecret")
	}
	return c.one(ctx, secret, append(args, "--", a.Webhook)...)
}

func (c *commands) deleteWebhook(ctx context.Context, a webhookArgs) (oneWebhook, error) {
	return c.one(ctx, "", "delete", "--yes", "--", a.Webhook)
}

func (c *commands) testWebhook(ctx context.Context, a testArgs) (out testedWebhook, err error) {
	const longest = 120
	if a.Seconds < 0 || a.Seconds > longest {
		return out, fmt.Errorf("waitSeconds: want a number from 1 to %d", longest)
	}
	args := []string{"webhooks", "test"}
	if a.Seconds > 0 {
		args = append(args, fmt.Sprintf("--wait=%ds", a.Seconds))
	}
	out.Test, out.Notes, err = onePrinted[webhooks.TestRecord](ctx, c, "", webhooks.NewCommand, append(args, "--", a.Webhook)...)
	return out, err
}

// ofReceiver returns the secret of the receiver on this machine, which goes to UP42 only, and its
// public URL, if that is configured.
func (c *commands) ofReceiver() (secret, publicURL string, err error) {
	settings, _, err := config.Read(c.flags, c.env)
	if err != nil {
		return "", "", err
	}
	if secret, err = send.Secret(c.env, settings); err != nil {
		return "", "", fmt.Errorf("the receiver has no secret that a webhook could sign with: %w", err)
	}
	return secret, config.PublicURL(settings), nil
}
