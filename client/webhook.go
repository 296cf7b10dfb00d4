package client

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
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
	// SecretUnknown means that UP42's answer had no secret, or a mask, so Secret is empty although the
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
	if w.Secret != nil && isMask(*w.Secret) {
		out.SecretUnknown = true
	} else if w.Secret != nil {
		out.Secret = Secret(*w.Secret)
	}
	return out
}

// whole reports why an answer is not the webhook that was asked for, by its id if there is one.
func (w *webhookJSON) whole(id []string) error {
	switch {
	case w.ID == "":
		return errors.New("it has no webhook id")
	case w.URL == "":
		return errors.New("it has no URL of the webhook")
	case len(id) > 0 && !strings.EqualFold(id[0], w.ID):
		return errors.New("it is another webhook")
	default:
		return nil
	}
}

// isMask reports whether a text stands in for a secret: stars or dots only.
func isMask(secret string) bool { return secret != "" && strings.Trim(secret, "*•●") == "" }

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
func (c *Client) Webhooks(ctx context.Context) ([]Webhook, error) { return c.list(ctx, "") }

// list lists the webhooks. No error repeats the secret.
func (c *Client) list(ctx context.Context, secret Secret) ([]Webhook, error) {
	at, err := c.webhooksAt(ctx)
	if err != nil {
		return nil, err
	}
	answer, _, err := c.caller.do(ctx, call{what: listWebhooks, method: http.MethodGet, url: at, secret: secret})
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
		c.learn(out[i].Secret)
	}
	return out, nil
}

// learn tells a secret to whoever masks it.
func (c *Client) learn(s Secret) {
	if s != "" && c.learned != nil {
		c.learned(s)
	}
}

// Webhook returns a webhook. See [NotFound] for the error if it does not exist.
func (c *Client) Webhook(ctx context.Context, id string) (Webhook, error) {
	return c.read(ctx, id, "")
}

// read reads a webhook. No error repeats the secret.
func (c *Client) read(ctx context.Context, id string, secret Secret) (Webhook, error) {
	w, _, err := c.webhook(ctx, call{what: "read the webhook", method: http.MethodGet, secret: secret}, id)
	return w, err
}

// CreateWebhook creates a webhook and returns it with UP42's values. It ignores the ID and the
// times of w. It reads the list first, so that it recognizes the new webhook there if the answer
// is lost. It is never repeated unless it is known that it was not done; see [NotDone] and
// [Unsure]. The error is [ErrSecretUnknown] if the secret of w is not known.
func (c *Client) CreateWebhook(ctx context.Context, w Webhook) (created Webhook, err error) {
	if w.SecretUnknown {
		return Webhook{}, fmt.Errorf("%s: %w", createWebhook, ErrSecretUnknown)
	}
	mine := newWebhook{wanted: w}
	if mine.before, err = c.list(ctx, w.Secret); err != nil {
		return Webhook{}, unsent{fmt.Errorf("look which webhooks there are before: %w", err)}
	}
	k := call{what: createWebhook, method: http.MethodPost, body: settingsOf(w), secret: w.Secret, once: true}
	created, lost, err := c.webhook(ctx, k)
	if err == nil || !lost {
		return created, err
	}
	err = c.settle(ctx, creation, err, func(ctx context.Context) (done bool, err error) {
		now, err := c.list(ctx, w.Secret)
		if err == nil {
			created, done, err = mine.in(now)
		}
		return done, err
	})
	if Unsure(err) {
		err = creationError{err, mine}
	}
	return created, err
}

// UpdateWebhook replaces all settings of the webhook w.ID. It returns the webhook with UP42's
// values, or w if UP42's answer is empty. The error is [ErrSecretUnknown] if the secret of w is
// not known: the call would remove the secret. w.UpdatedAt should be the time of the last change:
// if the answer is lost and UP42 shows no secrets, a later time says that the call was done.
func (c *Client) UpdateWebhook(ctx context.Context, w Webhook) (Webhook, error) {
	if w.SecretUnknown {
		return Webhook{}, fmt.Errorf("%s: %w", changeWebhook, ErrSecretUnknown)
	}
	k := call{what: changeWebhook, method: http.MethodPut, body: settingsOf(w), secret: w.Secret}
	changed, lost, err := c.webhook(ctx, k, w.ID)
	switch {
	case errors.Is(err, errEmpty):
		return w, nil
	case err == nil || !lost:
		return changed, err
	}
	var gone error
	err = c.settle(ctx, alteration, err, func(ctx context.Context) (done bool, err error) {
		if changed, err = c.read(ctx, w.ID, w.Secret); NotFound(err) {
			gone = err
			return true, nil
		}
		if err == nil {
			done, err = changedTo(&changed, &w)
		}
		return done, err
	})
	return changed, cmp.Or(gone, err)
}

// webhook makes a call whose answer is a webhook. lost is true if it failed and may have been
// carried out.
func (c *Client) webhook(ctx context.Context, k call, parts ...string) (w Webhook, lost bool, err error) {
	if k.url, err = c.webhooksAt(ctx, parts...); err != nil {
		return w, false, unsent{err}
	}
	c.learn(k.secret)
	answer, lost, err := c.caller.do(ctx, k)
	if err != nil {
		return w, lost || MayBeDone(err), err
	}
	var one webhookJSON
	if err := decode(k.what, answer, &one); err != nil {
		return w, true, err
	}
	if err := one.whole(parts); err != nil {
		return w, true, fmt.Errorf("%s: %w: %w", k.what, errAnswer, err)
	}
	w = one.webhook()
	c.learn(w.Secret)
	return w, false, nil
}

// DeleteWebhook deletes a webhook. If the answer is lost and the webhook is gone afterwards, the
// call succeeds.
func (c *Client) DeleteWebhook(ctx context.Context, id string) error {
	at, err := c.webhooksAt(ctx, id)
	if err != nil {
		return unsent{err}
	}
	const what = "delete the webhook"
	answer, lost, err := c.caller.do(ctx, call{what: what, method: http.MethodDelete, url: at})
	if err == nil && isPage(answer) {
		err = fmt.Errorf("%s: %w: UP42 answered with success, but it is %s", what, errAnswer, aPage)
	}
	if err == nil || !lost && !MayBeDone(err) {
		return err
	}
	if NotFound(err) {
		return nil // the attempt whose answer was lost deleted it
	}
	return c.settle(ctx, deletion, err, func(ctx context.Context) (done bool, err error) {
		if _, err = c.Webhook(ctx, id); NotFound(err) {
			return true, nil
		}
		return false, err
	})
}
