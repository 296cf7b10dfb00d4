package mask

import (
	"slices"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/webhooks/actions"
)

// webhook returns a webhook with stand-ins.
func (s *StandIns) webhook(w client.Webhook) client.Webhook {
	if w.ID == "" {
		return w // no answer
	}
	s.mu.Lock()
	s.hooks[w.ID] = w
	s.mu.Unlock()
	w.ID, w.Name, w.URL, w.Secret = s.ID(w.ID), s.name(w.Name), s.URL(w.URL), s.Secret(w.Secret)
	return w
}

// realWebhook returns the webhook that one with stand-ins is for: what the user has not changed is
// as it was.
func (s *StandIns) realWebhook(w client.Webhook) client.Webhook {
	w.ID = s.Real(w.ID)
	w.URL, w.Secret = s.Real(w.URL), client.Secret(s.Real(w.Secret.Reveal()))
	s.mu.Lock()
	was, ok := s.hooks[w.ID]
	s.mu.Unlock()
	if ok && w.Name == s.name(was.Name) {
		w.Name = was.Name
	}
	return w
}

// Webhooks returns what is known of webhooks with stand-ins.
func (s *StandIns) Webhooks(is actions.Session) actions.Session {
	for id, o := range is.Tests {
		s.mu.Lock()
		s.tests[id] = o
		s.mu.Unlock()
	}
	return session(is, s.webhook, func(id string, o actions.Outcome) (string, actions.Outcome) {
		o = outcome(o, s.webhook, s.id)
		o.Err = private(o.Err)
		return s.ID(id), o
	})
}

// RealWebhooks returns what is real of a session of webhooks with stand-ins. A test that was made
// with stand-ins does not say any more why it failed: its words name them.
func (s *StandIns) RealWebhooks(is actions.Session) actions.Session {
	return session(is, s.realWebhook, func(id string, o actions.Outcome) (string, actions.Outcome) {
		id = s.Real(id)
		s.mu.Lock()
		was, ok := s.tests[id]
		s.mu.Unlock()
		if ok && was.At.Equal(o.At) {
			return id, was
		}
		return id, outcome(o, s.realWebhook, s.Real)
	})
}

// session replaces the webhooks of a session, and its tests with their ids.
func session(is actions.Session, hook func(client.Webhook) client.Webhook, test func(string, actions.Outcome) (string, actions.Outcome)) actions.Session {
	all := func(hooks []client.Webhook) []client.Webhook {
		hooks = slices.Clone(hooks)
		for i := range hooks {
			hooks[i] = hook(hooks[i])
		}
		return hooks
	}
	is.Deleted, is.PerhapsDeleted = all(is.Deleted), all(is.PerhapsDeleted)
	if is.PerhapsCreated != nil {
		w := hook(*is.PerhapsCreated)
		is.PerhapsCreated = &w
	}
	tests := map[string]actions.Outcome{}
	for id, o := range is.Tests {
		id, o = test(id, o)
		tests[id] = o
	}
	is.Tests = tests
	return is
}

// outcome replaces what names something in the outcome of a test, and leaves out all words.
func outcome(o actions.Outcome, hook func(client.Webhook) client.Webhook, id func(string) string) actions.Outcome {
	o.Result.Webhook = hook(o.Result.Webhook)
	o.Result.Events = slices.Clone(o.Result.Events)
	for i := range o.Result.Events {
		e := &o.Result.Events[i]
		e.MessageID, e.Message, e.Cause, e.Altered = id(e.MessageID), "", "", ""
	}
	return o
}
