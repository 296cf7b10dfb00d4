package main

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"

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
	// doubted asks for the webhooks to be read again.
	doubted chan struct{}

	// doubts bounds how often a doubt has UP42 asked.
	doubts *rate.Limiter

	mu       sync.Mutex
	waiting  int           // deliveries that wait for UP42's answer
	answered chan struct{} // closed when UP42 has answered the next time
	handler  *receiver.Handler
	policy   signature.Policy
	webhooks []client.Webhook
}

func newKeyring(p signature.Policy, here func(string) bool) *keyring {
	return &keyring{
		here: here, doubted: make(chan struct{}, 1), answered: make(chan struct{}), policy: p,
		doubts: rate.NewLimiter(rate.Every(doubtEvery), doubtsAtOnce),
	}
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

// hear takes over what somebody else knows of the workspace's webhooks, which
// may be old where it says nothing, and has UP42 asked what is true.
func (k *keyring) hear(webhooks []client.Webhook) {
	k.mu.Lock()
	for _, w := range webhooks {
		if i := slices.IndexFunc(k.webhooks, func(old client.Webhook) bool { return old.ID == w.ID }); i >= 0 {
			k.webhooks[i] = w
		} else {
			k.webhooks = append(k.webhooks, w)
		}
	}
	k.apply()
	k.mu.Unlock()
	k.ask()
}

// ask has the webhooks read again soon.
func (k *keyring) ask() {
	select {
	case k.doubted <- struct{}{}:
	default:
	}
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

const (
	// doubtWait bounds how long a delivery waits for UP42's word on its secret.
	doubtWait = 3 * time.Second
	// UP42 is asked for a doubt's sake once in doubtEvery, after a pause as often
	// as doubtsAtOnce in a row.
	doubtEvery   = 10 * time.Second
	doubtsAtOnce = 3
	// refreshEvery is how often it is asked without any.
	refreshEvery = time.Minute
)

// doubt is a receiver.HandlerOptions.Doubt: a secret that nobody knows may be
// that of a new webhook. It has the webhooks read again and waits for that. A
// flood of bad signatures asks UP42 no more often than a few of them, and what
// comes while it is asked waits for the same answer.
func (k *keyring) doubt(ctx context.Context) bool {
	k.mu.Lock()
	if k.waiting == 0 && !k.doubts.Allow() {
		k.mu.Unlock()
		return false
	}
	k.waiting++
	answered := k.answered
	k.mu.Unlock()
	defer func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.waiting--
	}()
	k.ask()
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

// settle tells those who wait for UP42's answer that it is there.
func (k *keyring) settle() {
	k.mu.Lock()
	defer k.mu.Unlock()
	close(k.answered)
	k.answered = make(chan struct{})
}

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
		k.settle()
		if first {
			tried()
		}
		if !k.rest(ctx, refreshEvery) {
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
