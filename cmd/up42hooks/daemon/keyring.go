package daemon

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
)

// keyring is what the receiver accepts: what the configuration says, and the
// secrets of the workspace's webhooks, which are held in memory only. It is
// safe for concurrent use.
type keyring struct {
	// here says whether a webhook's URL leads to the receiver.
	here func(url string) bool
	// wanted asks for the webhooks to be read.
	wanted chan struct{}

	mu       sync.Mutex
	handler  *receiver.Handler
	policy   signature.Policy
	webhooks []client.Webhook
	inquiry  inquiry
}

func newKeyring(p signature.Policy, here func(string) bool) *keyring {
	return &keyring{here: here, wanted: make(chan struct{}, 1), policy: p, inquiry: newInquiry()}
}

// equip has a handler judge by the keyring from now on.
func (k *keyring) equip(h *receiver.Handler) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.handler = h
	k.apply()
}

// configure replaces what the configuration says.
func (k *keyring) configure(p signature.Policy) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.policy = p
	k.apply()
}

// hear takes over what somebody else knows of the workspace's webhooks, where it
// is no older than what is known here, and has UP42 asked what is true.
func (k *keyring) hear(webhooks []client.Webhook) {
	k.mu.Lock()
	for _, w := range webhooks {
		i := slices.IndexFunc(k.webhooks, func(old client.Webhook) bool { return old.ID == w.ID })
		switch {
		case i < 0:
			k.webhooks = append(k.webhooks, w)
		case !w.UpdatedAt.Before(k.webhooks[i].UpdatedAt):
			k.webhooks[i] = w
		}
	}
	k.apply()
	k.mu.Unlock()
	k.ask()
}

// ask has the webhooks read again soon.
func (k *keyring) ask() {
	select {
	case k.wanted <- struct{}{}:
	default:
	}
}

// learn replaces the workspace's webhooks. It reports whether a secret is new.
func (k *keyring) learn(webhooks []client.Webhook) (news bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for i := range webhooks {
		known := slices.ContainsFunc(k.webhooks, func(old client.Webhook) bool { return old.Secret == webhooks[i].Secret })
		news = news || !known
	}
	k.webhooks = slices.Clone(webhooks)
	k.apply()
	return news
}

// pinned is the list of headers that a signature must cover, nil: any.
func (k *keyring) pinned() []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.policy.Components)
}

// pin sets that list.
func (k *keyring) pin(components []string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.policy.Components = slices.Clone(components)
	k.apply()
}

func (k *keyring) apply() {
	if k.handler == nil {
		return
	}
	p := k.policy
	p.Secrets = slices.Clone(p.Secrets)
	origins := make([]receiver.SecretInfo, len(p.Secrets))
	for i, secret := range p.Secrets {
		origins[i].Webhook = k.owner(secret)
	}
	for i := range k.webhooks {
		secret := k.webhooks[i].Secret.Reveal()
		if secret == "" || slices.Contains(p.Secrets, secret) {
			continue
		}
		o := receiver.SecretInfo{Webhook: k.owner(secret)}
		if o.Ref = receiver.SecretRef(o.Webhook); o.Webhook == "" {
			o.Ref = "several webhooks"
		}
		p.Secrets, origins = append(p.Secrets, secret), append(origins, o)
	}
	k.handler.SetPolicy(p, origins...)
}

// owner is the id of the webhook that a secret tells, "" where it tells none:
// of several with the same secret, only one that alone points here can be it.
func (k *keyring) owner(secret string) string {
	var all, here []string
	for i := range k.webhooks {
		w := &k.webhooks[i]
		if secret == "" || w.Secret.Reveal() != secret {
			continue
		}
		all = append(all, w.ID)
		if k.here(w.URL) {
			here = append(here, w.ID)
		}
	}
	switch {
	case len(here) == 1:
		return here[0]
	case len(all) == 1:
		return all[0]
	default:
		return ""
	}
}

// doubt is a receiver.HandlerOptions.Doubt: a secret that nobody knows may be
// that of a new webhook. It has the webhooks read again and waits for that.
func (k *keyring) doubt(ctx context.Context) bool {
	k.mu.Lock()
	answered, ask, ok := k.inquiry.join(time.Now())
	k.mu.Unlock()
	if !ok {
		return false
	}
	defer func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.inquiry.leave()
	}()
	if ask {
		k.ask()
	}
	patience := time.NewTimer(doubtWait)
	defer patience.Stop()
	select {
	case <-answered:
		return true
	case <-patience.C:
	case <-ctx.Done():
	}
	return false
}

// refreshEvery is how often UP42 is asked for the webhooks without any doubt.
const refreshEvery = time.Minute

// lister lists the webhooks of a workspace.
type lister interface {
	Webhooks(ctx context.Context) ([]client.Webhook, error)
}

// follow keeps the webhooks' secrets fresh until ctx ends.
func (k *keyring) follow(ctx context.Context, api lister, logger *slog.Logger) {
	failing := ""
	for first := true; ctx.Err() == nil; first = false {
		k.mu.Lock()
		k.inquiry.begin(time.Now())
		k.mu.Unlock()
		webhooks, err := api.Webhooks(ctx)
		news := err == nil && k.learn(webhooks)
		k.mu.Lock()
		k.inquiry.end(err == nil, news)
		k.mu.Unlock()
		switch {
		case ctx.Err() != nil:
			return
		case err == nil:
			if first || failing != "" {
				logger.Info("accepting the secrets of the workspace's webhooks", "webhooks", len(webhooks))
			}
			failing = ""
		case err.Error() != failing:
			failing = err.Error()
			logger.Warn("can't read the workspace's webhooks, their secrets stay as they were", "error", failing, "advice", client.Advice(err))
		}
		k.rest(ctx)
	}
}

// rest waits for the next time that the webhooks are to be read, or for ctx.
func (k *keyring) rest(ctx context.Context) {
	t := time.NewTimer(refreshEvery)
	defer t.Stop()
	select {
	case <-t.C:
	case <-k.wanted:
	case <-ctx.Done():
	}
}
