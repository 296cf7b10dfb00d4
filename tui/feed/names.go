package feed

import "github.com/up42/up42-webhooks/tui/text"

// webhookNames has the names of webhooks that entries show.
type webhookNames struct {
	lookup func(id string) string // may be nil
	shown  map[string]string      // by id; clean
}

// of returns a webhook's name, or "".
func (n *webhookNames) of(id string) string {
	if id == "" || n.lookup == nil {
		return ""
	}
	name := text.Short(n.lookup(id), maxName)
	n.shown[id] = name
	return name
}

// update looks up all names again. It reports whether one has changed.
func (n *webhookNames) update() (changed bool) {
	for id, was := range n.shown {
		changed = n.of(id) != was || changed
	}
	return changed
}
