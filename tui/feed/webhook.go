package feed

import (
	"unique"

	"github.com/up42/up42-webhooks/tui/text"
)

// webhook is the one that a delivery came through: its id as it came and its
// name, clean, "" where that is not known (yet).
type webhook struct{ id, name string }

const (
	maxName = 80
	shortID = 8 // characters of an id where there is no name
)

// Webhook is the id of the webhook that the delivery came through, "" where
// that is not known.
func (e *Entry) Webhook() string { return e.webhook.Value().id }

// named is the entry with its webhook's name.
func (e *Entry) named(name string) *Entry {
	w := e.webhook.Value()
	if w.name == name {
		return e
	}
	c := *e
	c.webhook = unique.Make(webhook{w.id, name})
	return &c
}

// via is what the column of webhooks shows: the name, else the start of the id.
func (e *Entry) via() string {
	w := e.webhook.Value()
	if w.name != "" || w.id == "" {
		return w.name
	}
	if len(w.id) > shortID {
		return text.Clean(w.id[:shortID], 0) + "…"
	}
	return text.Clean(w.id, 0)
}

// nameOf asks for a webhook's name and remembers what the entries say.
func (p *Page) nameOf(id string) string {
	if id == "" || p.o.NameOf == nil {
		return ""
	}
	name := text.Clean(p.o.NameOf(id), maxName)
	p.names[id] = name
	return name
}

// span is a range of keys, both ends inclusive; empty where from is 0.
type span struct{ from, to int64 }

func (s *span) add(key int64) {
	if s.from == 0 {
		s.from, s.to = key, key
	}
	s.from, s.to = min(s.from, key), max(s.to, key)
}

// name gives entries that are new here the names of their webhooks, and notes
// how far the entries reach.
func (p *Page) name(entries []*Entry) []*Entry {
	out := make([]*Entry, len(entries))
	for i, e := range entries {
		out[i] = e.named(p.nameOf(e.Webhook()))
		if e.Rejected() {
			p.rejected.add(e.Key())
		} else {
			p.events.add(e.Key())
		}
	}
	return out
}

// Rename looks whether webhooks have other names by now, and brings the entries
// up to date. The filter looks in the names too, so that they are part of the
// entries and not looked up as those are drawn.
func (p *Page) Rename() {
	renamed := false
	for id, was := range p.names {
		renamed = p.nameOf(id) != was || renamed
	}
	if !renamed {
		return
	}
	var changed []*Entry
	for e := range p.all {
		if n := e.named(p.names[e.Webhook()]); n != e {
			changed = append(changed, n)
		}
	}
	p.Upsert(changed...)
}

// all yields all entries. Those that the table dropped at its limit are the
// oldest, so that it can end early.
func (p *Page) all(yield func(*Entry) bool) {
	_, left := p.Len()
	for _, s := range []span{p.rejected, p.events} {
		if s.from == 0 {
			continue
		}
		for key := s.to; key >= s.from && left > 0; key-- {
			e, ok := p.Get(key)
			if !ok {
				continue
			}
			if left--; !yield(e) {
				return
			}
		}
	}
}
