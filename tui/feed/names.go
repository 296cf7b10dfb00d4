package feed

import (
	"maps"

	"github.com/up42/up42-webhooks/tui/text"
)

// webhookNames has the names of webhooks, clean.
type webhookNames struct {
	lookup func() map[string]string // may be nil
	raw    map[string]string
	known  map[string]string // by id; never changed
}

// of returns a webhook's name, or "".
func (n *webhookNames) of(id string) string { return n.known[id] }

// update looks up all names again. It reports whether one has changed.
func (n *webhookNames) update() (changed bool) {
	if n.lookup == nil {
		return false
	}
	now := n.lookup()
	if maps.Equal(now, n.raw) {
		return false
	}
	n.raw, n.known = now, make(map[string]string, len(now))
	for id, name := range now {
		n.known[id] = text.Short(name, maxName)
	}
	return true
}
