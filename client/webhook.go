package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// Webhook is a webhook at UP42. As JSON it has UP42's names, and its secret is masked.
type Webhook struct {
	ID     string   `json:"id"`
	Name   string   `json:"name"`
	URL    string   `json:"url"`
	Events []string `json:"events"`
	Active bool     `json:"active"`
	// Secret signs the deliveries. If it is empty, they are not signed.
	Secret Secret `json:"secret"`
	// SecretUnknown means that UP42's answer had no secret, so Secret is empty although the
	// webhook may have one. A webhook without a known secret can't be sent to UP42.
	SecretUnknown bool      `json:"-"`
	CreatedAt     time.Time `json:"createdAt"`
	UpdatedAt     time.Time `json:"updatedAt"`
}

// ErrSecretUnknown is the error of a call that would send a webhook whose secret is not known.
// Nothing was sent.
var ErrSecretUnknown = errors.New("UP42 does not show the webhook's secret, and sending the webhook without it would remove it")

// WithSecretOf returns the webhook with the secret that was sent to UP42, if UP42's answer does
// not have it.
func (w Webhook) WithSecretOf(sent Webhook) Webhook {
	if w.SecretUnknown {
		w.Secret, w.SecretUnknown = sent.Secret, sent.SecretUnknown
	}
	return w
}

// webhookJSON is a webhook in an answer.
type webhookJSON struct {
	ID        string  `json:"id"`
	Name      string  `json:"name"`
	URL       string  `json:"url"`
	Events    names   `json:"events"`
	Active    bool    `json:"active"`
	Secret    *string `json:"secret"` // nil if it is missing or null
	CreatedAt instant `json:"createdAt"`
	UpdatedAt instant `json:"updatedAt"`
}

func (w *webhookJSON) webhook() Webhook {
	out := Webhook{
		ID: w.ID, Name: w.Name, URL: w.URL, Events: w.Events, Active: w.Active, SecretUnknown: w.Secret == nil,
		CreatedAt: w.CreatedAt.Time, UpdatedAt: w.UpdatedAt.Time,
	}
	if w.Secret != nil {
		out.Secret = Secret(*w.Secret)
	}
	return out
}

// settingsJSON is a webhook in a request. It always has all fields, because UP42 clears those
// that are missing.
type settingsJSON struct {
	Name   string   `json:"name"`
	URL    string   `json:"url"`
	Events []string `json:"events"`
	Secret string   `json:"secret"`
	Active bool     `json:"active"`
}

func settingsOf(w Webhook) settingsJSON {
	s := settingsJSON{Name: w.Name, URL: w.URL, Events: w.Events, Secret: w.Secret.Reveal(), Active: w.Active}
	if s.Events == nil {
		s.Events = []string{}
	}
	return s
}

// webhooksAt returns the address of the webhooks of the workspace, or of a path below.
func (c *Client) webhooksAt(ctx context.Context, parts ...string) (*url.URL, error) {
	if slices.Contains(parts, "") {
		return nil, errNoID
	}
	ws, err := c.Workspace(ctx)
	if err != nil {
		return nil, err
	}
	return c.api.at(nil, append([]string{"workspaces", ws, "webhooks"}, parts...)...), nil
}

// Webhooks lists the workspace's webhooks.
func (c *Client) Webhooks(ctx context.Context) ([]Webhook, error) {
	at, err := c.webhooksAt(ctx)
	if err != nil {
		return nil, err
	}
	answer, _, err := c.caller.do(ctx, call{what: listWebhooks, method: http.MethodGet, url: at})
	if err != nil {
		return nil, err
	}
	list, err := decodeList[webhookJSON](listWebhooks, answer)
	if err != nil {
		return nil, err
	}
	out := make([]Webhook, len(list))
	for i := range list {
		out[i] = list[i].webhook()
	}
	return out, nil
}

// Webhook returns a webhook. See [NotFound] for the error if it does not exist.
func (c *Client) Webhook(ctx context.Context, id string) (Webhook, error) {
	return c.webhook(ctx, call{what: "read the webhook", method: http.MethodGet}, id)
}

// CreateWebhook creates a webhook and returns it with UP42's values. It ignores the ID and the
// times of w. It is not repeated if the answer is lost, see [Unsure]. The error is
// [ErrSecretUnknown] if the secret of w is not known.
func (c *Client) CreateWebhook(ctx context.Context, w Webhook) (Webhook, error) {
	if w.SecretUnknown {
		return Webhook{}, fmt.Errorf("%s: %w", createWebhook, ErrSecretUnknown)
	}
	return c.webhook(ctx, call{what: createWebhook, method: http.MethodPost, body: settingsOf(w), secret: w.Secret, once: true})
}

// UpdateWebhook replaces all settings of the webhook w.ID. It returns the webhook with UP42's
// values, or w if UP42's answer is empty. The error is [ErrSecretUnknown] if the secret of w is
// not known: the call would remove the secret.
func (c *Client) UpdateWebhook(ctx context.Context, w Webhook) (Webhook, error) {
	if w.SecretUnknown {
		return Webhook{}, fmt.Errorf("%s: %w", changeWebhook, ErrSecretUnknown)
	}
	changed, err := c.webhook(ctx, call{what: changeWebhook, method: http.MethodPut, body: settingsOf(w), secret: w.Secret}, w.ID)
	if errors.Is(err, errEmpty) {
		return w, nil
	}
	return changed, err
}

// webhook makes a call whose answer is a webhook.
func (c *Client) webhook(ctx context.Context, k call, parts ...string) (w Webhook, err error) {
	if k.url, err = c.webhooksAt(ctx, parts...); err != nil {
		return w, err
	}
	answer, _, err := c.caller.do(ctx, k)
	if err != nil {
		return w, err
	}
	var one webhookJSON
	if err := decode(k.what, answer, &one); err != nil {
		return w, k.doubt(err)
	}
	if one.ID == "" {
		return w, k.doubt(fmt.Errorf("%s: %w: it has no webhook id", k.what, errAnswer))
	}
	return one.webhook(), nil
}

// DeleteWebhook deletes a webhook.
func (c *Client) DeleteWebhook(ctx context.Context, id string) error {
	at, err := c.webhooksAt(ctx, id)
	if err != nil {
		return err
	}
	const what = "delete the webhook"
	answer, lost, err := c.caller.do(ctx, call{what: what, method: http.MethodDelete, url: at})
	if lost && NotFound(err) {
		return nil // the attempt whose answer was lost deleted it
	}
	if err == nil && isPage(answer) {
		return fmt.Errorf("%s: %w: UP42 answered with success, but it is %s", what, errAnswer, aPage)
	}
	return err
}
