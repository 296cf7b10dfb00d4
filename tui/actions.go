package tui

import (
	"strings"

	"github.com/up42/up42-webhooks/tui/detail"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/pane"
)

// actions are the keys that do something with what the user looks at, and no others: the most
// useful ones, and the other ones.
func (m *Model) actions() (first, others []keys.Hint) {
	s, ok := m.nav.subject()
	if !ok {
		return m.actionsWithoutRows(), nil
	}
	a := able{keys: m.keys, asksUP42: m.o.API != nil, forwards: m.o.Forwarder != nil, hasTargets: m.forwarding.HasTargets(), good: m.offer.Good}
	first, others = a.actions(s, m.nav.detailed)
	for _, b := range m.keys.Commands {
		others = append(others, keys.HintOf(b))
	}
	return first, others
}

// actionsWithoutRows is the key that makes a first row, on a page that has none.
func (m *Model) actionsWithoutRows() []keys.Hint {
	if _, total := m.pages.list().Len(); total > 0 || m.o.TestEvent == nil || m.pages.current == onUndelivered || m.pages.current == onWebhooks {
		return nil
	}
	return []keys.Hint{keys.HintOf(m.keys.Test)}
}

// able is what the program can do.
type able struct {
	keys     *keys.Map
	asksUP42 bool // there are credentials
	forwards bool
	// hasTargets: events are forwarded to some by themselves.
	hasTargets bool
	// good reports whether the rejected delivery with a number is good now.
	good func(number int64) bool
}

// actions lists what can be done with a subject. detailed says that its details are opened.
func (a *able) actions(s detail.Subject, detailed bool) (first, others []keys.Hint) {
	k := a.keys
	add := func(to *[]keys.Hint, possible bool, h keys.Hint) {
		if possible {
			*to = append(*to, h)
		}
	}
	delivery, about := s.Seq != 0, s.Key.Kind != "" && strings.TrimSpace(s.Key.ID) != ""
	add(&first, !detailed, keys.HintOf(k.Details))
	add(&first, s.Rejected && a.good(s.Seq), keys.Hint{Keys: k.Admit.Help().Key, Does: "admit"})
	add(&first, a.hasTargets && delivery && !s.Rejected, keys.Hint{Keys: k.Forward.Help().Key, Does: "forward"})
	add(&first, about && !delivery, keys.Hint{Keys: k.Related.Help().Key, Does: "its events"})
	add(&first, about && delivery, keys.Hint{Keys: k.Related.Help().Key, Does: "its " + string(s.Key.Kind)})
	add(&first, about && a.asksUP42 && !s.Key.Test, keys.Hint{Keys: k.Refresh.Help().Key, Does: "ask UP42"})
	add(&others, about, keys.HintOf(k.Copy))
	add(&others, detailed, keys.HintOf(k.CopyBody))
	add(&others, detailed, keys.Hint{Keys: k.CopyWhat.Help().Key, Does: "copy more"})
	add(&others, detailed, keys.Hint{Keys: k.Open.Help().Key, Does: "open in"})
	add(&others, detailed, keys.Hint{Keys: k.Save.Help().Key, Does: "save"})
	add(&others, a.forwards && delivery && !s.Rejected, keys.Hint{Keys: k.ForwardTo.Help().Key, Does: "send to a URL"})
	return first, others
}

// paneHint says what the key of the pane does, if it does something.
func (n *navigator) paneHint(pressed string) []keys.Hint {
	if !n.placesPane() || !pane.Fits(n.canvas.W) {
		return nil
	}
	if n.beside() {
		return []keys.Hint{{Keys: pressed, Does: "hide details"}}
	}
	return []keys.Hint{{Keys: pressed, Does: "details beside"}}
}
