package daemon

import (
	"context"
	"log/slog"
	"reflect"
	"slices"
	"sync"
	"time"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
)

// Secrets is the set of secrets that the receiver accepts: those of the
// configuration, and those of the workspace's webhooks. The latter are held in
// memory only. It is safe for concurrent use.
type Secrets struct {
	// pointsHere reports whether a webhook's URL leads to this receiver.
	pointsHere func(url string) bool
	// refresh asks follow to read the webhooks now.
	refresh chan struct{}

	mu       sync.Mutex
	handler  *receiver.Handler
	changed  func() // called after the handler's policy has changed
	applied  signature.Policy
	policy   signature.Policy
	webhooks []client.Webhook
	state    refreshState
}

func newSecrets(p signature.Policy, pointsHere func(string) bool) *Secrets {
	return &Secrets{pointsHere: pointsHere, refresh: make(chan struct{}, 1), policy: p, state: newRefreshState()}
}

// attach makes a handler use the secrets from now on. changed is called whenever its
// policy has changed; it must be quick.
func (s *Secrets) attach(h *receiver.Handler, changed func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handler, s.changed = h, changed
	s.apply()
}

// configure replaces what the configuration says.
func (s *Secrets) configure(p signature.Policy) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.policy = p
	s.apply()
}

// Update adds webhooks that somebody else has read or changed, if they are not
// older than the known ones. Then it has UP42 asked for all webhooks.
func (s *Secrets) Update(webhooks []client.Webhook) {
	s.mu.Lock()
	for _, w := range webhooks {
		i := slices.IndexFunc(s.webhooks, func(old client.Webhook) bool { return old.ID == w.ID })
		switch {
		case i < 0:
			s.webhooks = append(s.webhooks, w)
		case !w.UpdatedAt.Before(s.webhooks[i].UpdatedAt):
			s.webhooks[i] = w.WithSecretOf(s.webhooks[i])
		}
	}
	s.apply()
	s.mu.Unlock()
	s.requestRefresh()
}

func (s *Secrets) requestRefresh() {
	select {
	case s.refresh <- struct{}{}:
	default:
	}
}

// replace replaces the workspace's webhooks. It reports whether a secret is new. A secret
// that UP42 does not show now, but did before, stays as it was.
func (s *Secrets) replace(webhooks []client.Webhook) (newSecret bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := slices.Clone(webhooks)
	for i := range all {
		if at := slices.IndexFunc(s.webhooks, func(old client.Webhook) bool { return old.ID == all[i].ID }); at >= 0 {
			all[i] = all[i].WithSecretOf(s.webhooks[at])
		}
		known := slices.ContainsFunc(s.webhooks, func(old client.Webhook) bool { return old.Secret == all[i].Secret })
		newSecret = newSecret || !known
	}
	s.webhooks = all
	s.apply()
	return newSecret
}

// Pinned returns the headers that a signature must cover, nil if any may.
func (s *Secrets) Pinned() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.policy.Components)
}

// Signing returns a secret that the receiver accepts: a configured one, or that of a webhook. It is
// "" if the receiver has no secret.
func (s *Secrets) Signing() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, secret := range s.policy.Secrets {
		if secret != "" {
			return secret
		}
	}
	for i := range s.webhooks {
		if secret := s.webhooks[i].Secret.Reveal(); secret != "" {
			return secret
		}
	}
	return ""
}

// Pin sets the headers that a signature must cover.
func (s *Secrets) Pin(components []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.policy.Components = slices.Clone(components)
	s.apply()
}

// apply gives the handler all secrets: those of the configuration first, in
// their order, since an event names its secret by that index.
func (s *Secrets) apply() {
	if s.handler == nil {
		return
	}
	p := s.policy
	p.Secrets = slices.Clone(p.Secrets)
	infos := make([]receiver.SecretInfo, len(p.Secrets))
	for i, secret := range p.Secrets {
		infos[i].Webhook = s.owner(secret)
	}
	for i := range s.webhooks {
		secret := s.webhooks[i].Secret.Reveal()
		if secret == "" || slices.Contains(p.Secrets, secret) {
			continue
		}
		info := receiver.SecretInfo{Webhook: s.owner(secret)}
		if info.Ref = receiver.SecretRef(info.Webhook); info.Webhook == "" {
			info.Ref = "several webhooks"
		}
		p.Secrets, infos = append(p.Secrets, secret), append(infos, info)
	}
	s.handler.SetPolicy(p, infos...)
	if !reflect.DeepEqual(p, s.applied) {
		s.applied = p
		s.changed()
	}
}

// owner returns the id of the webhook that has a secret. If several have it, it
// is the only one of them that points here; if that is not one either, it is "".
func (s *Secrets) owner(secret string) string {
	var all, here []string
	for i := range s.webhooks {
		w := &s.webhooks[i]
		if secret == "" || w.Secret.Reveal() != secret {
			continue
		}
		all = append(all, w.ID)
		if s.pointsHere(w.URL) {
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

// refreshOnUnknownSecret has the webhooks read again, and waits for that: a
// secret that is not known may be that of a new webhook. It reports whether they
// were read. It is a receiver.HandlerOptions.RefreshSecrets.
func (s *Secrets) refreshOnUnknownSecret(ctx context.Context) bool {
	s.mu.Lock()
	done, start, ok := s.state.join(time.Now())
	s.mu.Unlock()
	if !ok {
		return false
	}
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.state.leave()
	}()
	if start {
		s.requestRefresh()
	}
	timeout := time.NewTimer(refreshWait)
	defer timeout.Stop()
	select {
	case <-done:
		return true
	case <-timeout.C:
	case <-ctx.Done():
	}
	return false
}

// refreshEvery is how often the webhooks are read in any case.
const refreshEvery = time.Minute

// lookAtCredentials is how often credentials that UP42 refused are read again.
const lookAtCredentials = 2 * time.Second

// lister lists the webhooks of a workspace.
type lister interface {
	Webhooks(ctx context.Context) ([]client.Webhook, error)
}

// follow reads the webhooks again and again until ctx ends.
func (s *Secrets) follow(ctx context.Context, api lister, logger *slog.Logger) {
	failure, hidden := "", 0
	for first := true; ctx.Err() == nil; first = false {
		webhooks, err := s.read(ctx, api)
		switch {
		case ctx.Err() != nil:
			return
		case err == nil:
			if first || failure != "" {
				logger.Info("accepting the secrets of the workspace's webhooks", "webhooks", webhooks)
			}
			failure = ""
			if n := s.hidden(); n != hidden {
				if hidden = n; n > 0 {
					logger.Warn("UP42 does not tell the secret of a webhook that points here: it has to be configured, see --secret-file", "webhooks", n)
				}
			}
		case err.Error()+client.NextSignIn(err) != failure:
			failure = err.Error() + client.NextSignIn(err)
			logger.Warn("can't read the workspace's webhooks, their secrets stay as they were", "error", err, "advice", adviceOn(err))
		}
		s.awaitRefresh(ctx, client.NextSignIn(err) != "")
	}
}

// hidden returns how many webhooks point here whose secrets are not known.
func (s *Secrets) hidden() (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.webhooks {
		if w := &s.webhooks[i]; w.SecretUnknown && s.pointsHere(w.URL) {
			n++
		}
	}
	return n
}

// read reads the webhooks once and returns how many there are.
func (s *Secrets) read(ctx context.Context, api lister) (webhooks int, err error) {
	s.mu.Lock()
	s.state.begin(time.Now())
	s.mu.Unlock()
	all, err := api.Webhooks(ctx)
	newSecret := err == nil && s.replace(all)
	s.mu.Lock()
	s.state.end(err == nil, newSecret)
	s.mu.Unlock()
	return len(all), err
}

// adviceOn is what to do about a failed call, and when a refused password is tried again.
func adviceOn(err error) string {
	advice := client.Advice(err)
	if next := client.NextSignIn(err); next != "" {
		advice += "; " + next
	}
	return advice
}

// awaitRefresh waits until the webhooks are to be read again, or for ctx. After a refused
// password that is soon: the client asks UP42 only if the password has changed.
func (s *Secrets) awaitRefresh(ctx context.Context, refused bool) {
	wait := refreshEvery
	if refused {
		wait = lookAtCredentials
	}
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-t.C:
	case <-s.refresh:
	case <-ctx.Done():
	}
}
