package mask

import (
	"slices"
	"strings"

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
	return s.shown(w)
}

func (s *StandIns) shown(w client.Webhook) client.Webhook {
	w.ID, w.Name, w.URL, w.Secret = s.ID(w.ID), s.name(w.Name), s.URL(w.URL), s.Secret(w.Secret)
	return w
}

// Words returns a text in which each word has its stand-in that is the name of a webhook.
func (s *StandIns) Words(text string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	words := strings.Split(text, " ")
	for _, w := range s.hooks {
		for i := range words {
			if words[i] == w.Name {
				words[i] = s.name(w.Name)
			}
		}
	}
	return strings.Join(words, " ")
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
	return exchange{
		hook: s.webhook, id: s.ID,
		creation: func(c actions.Creation) actions.Creation {
			return actions.Creation{Name: s.Name(c.Name), Err: s.uncreated(c.Err)}
		},
		test: func(id string, o actions.Outcome) (string, actions.Outcome) {
			o = outcome(o, s.webhook, s.id)
			o.Err = private(o.Err)
			return s.ID(id), o
		},
	}.session(is)
}

// uncreated returns the error of a creation, by which the webhook is found in a list with stand-ins.
func (s *StandIns) uncreated(err error) error { return client.CreatedAs(private(err), s.shown) }

// RealWebhooks returns what is real of a session of webhooks with stand-ins. A test that was made
// with stand-ins does not say any more why it failed: its words name them.
func (s *StandIns) RealWebhooks(is actions.Session) actions.Session {
	return exchange{
		hook: s.realWebhook, id: s.Real,
		creation: func(c actions.Creation) actions.Creation {
			return actions.Creation{Name: s.Real(c.Name), Err: public(c.Err)}
		},
		test: func(id string, o actions.Outcome) (string, actions.Outcome) {
			id = s.Real(id)
			s.mu.Lock()
			was, ok := s.tests[id]
			s.mu.Unlock()
			if ok && was.At.Equal(o.At) {
				return id, was
			}
			return id, outcome(o, s.realWebhook, s.Real)
		},
	}.session(is)
}

// exchange replaces what is real by stand-ins, or the other way round.
type exchange struct {
	hook     func(client.Webhook) client.Webhook
	id       func(string) string
	creation func(actions.Creation) actions.Creation
	test     func(id string, o actions.Outcome) (string, actions.Outcome)
}

// session replaces all that names something in what is known of webhooks.
func (x exchange) session(is actions.Session) actions.Session {
	is.Deleted, is.PerhapsDeleted = each(is.Deleted, x.hook), each(is.PerhapsDeleted, x.hook)
	is.Unsure, is.Tried = each(is.Unsure, x.creation), each(is.Tried, x.id)
	if is.PerhapsCreated != nil {
		w := x.hook(*is.PerhapsCreated)
		is.PerhapsCreated = &w
	}
	tests := map[string]actions.Outcome{}
	for id, o := range is.Tests {
		id, o = x.test(id, o)
		tests[id] = o
	}
	is.Tests = tests
	return is
}

func each[T any](all []T, replace func(T) T) []T {
	all = slices.Clone(all)
	for i := range all {
		all[i] = replace(all[i])
	}
	return all
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
