package main

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
	// doubted is told when a delivery was signed with a secret that nobody
	// knows: that of a webhook may be new.
	doubted chan struct{}

	mu       sync.Mutex
	handler  *receiver.Handler
	policy   signature.Policy
	webhooks []client.Webhook
}

func newKeyring(p signature.Policy, here func(string) bool) *keyring {
	return &keyring{here: here, doubted: make(chan struct{}, 1), policy: p}
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

// learn replaces the workspace's webhooks.
func (k *keyring) learn(webhooks []client.Webhook) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.webhooks = slices.Clone(webhooks)
	k.apply()
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
	origins := make([]receiver.Origin, len(p.Secrets))
	for i, secret := range p.Secrets {
		origins[i].Webhook = k.owner(secret)
	}
	for i := range k.webhooks {
		secret := k.webhooks[i].Secret.Reveal()
		if secret == "" || slices.Contains(p.Secrets, secret) {
			continue
		}
		o := receiver.Origin{Webhook: k.owner(secret)}
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

// doubt notes a rejection that another list of webhooks might have spared. It
// never blocks.
func (k *keyring) doubt(r receiver.Reason) {
	if r != signature.SignatureMismatch && r != signature.NoSecret {
		return
	}
	select {
	case k.doubted <- struct{}{}:
	default:
	}
}

// The workspace's webhooks are read again after refreshEvery, and in doubt,
// but no sooner than refreshLeast after the last time.
const (
	refreshEvery = time.Minute
	refreshLeast = 10 * time.Second
)

// lister lists the webhooks of a workspace.
type lister interface {
	Webhooks(ctx context.Context) ([]client.Webhook, error)
}

// follow keeps the webhooks' secrets fresh until ctx ends. It calls tried once,
// when the first attempt is over.
func (k *keyring) follow(ctx context.Context, api lister, tried func(), logger *slog.Logger) {
	failing := ""
	for first := true; ; first = false {
		webhooks, err := api.Webhooks(ctx)
		switch {
		case ctx.Err() != nil:
		case err == nil:
			k.learn(webhooks)
			if first || failing != "" {
				logger.Info("accepting the secrets of the workspace's webhooks", "webhooks", len(webhooks))
			}
			failing = ""
		case err.Error() != failing:
			failing = err.Error()
			logger.Warn("can't read the workspace's webhooks, their secrets stay as they were", "error", failing, "advice", client.Advice(err))
		}
		if first {
			tried()
		}
		if pause(ctx, refreshLeast); !k.rest(ctx, refreshEvery-refreshLeast) {
			return
		}
	}
}

// rest waits for d, or less where there is doubt; false: ctx ended.
func (k *keyring) rest(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-k.doubted:
		return true
	case <-ctx.Done():
		return false
	}
}
