package tui

import (
	"fmt"
	"slices"

	"github.com/charmbracelet/bubbles/key"

	"github.com/up42/up42-webhooks/tui/frame"
	"github.com/up42/up42-webhooks/tui/keys"
)

// footer draws the keys that matter now.
type footer struct {
	canvas *frame.Canvas
	keys   *keys.Map
	page   pageID
	// pages is how many pages there are.
	pages  pageID
	paused bool
	// canForward says that there are targets, canRefresh that there are
	// credentials for UP42.
	canForward, canRefresh bool
	// canAdmit says that rejected deliveries are good now.
	canAdmit bool
}

// help is the footer of the help.
func (f *footer) help() string {
	return f.within(keys.Hint{Keys: "↑↓", Does: "scroll"})
}

func (f *footer) details() string {
	k := f.keys
	return f.within(slices.Concat([]keys.Hint{
		{Keys: "↑↓", Does: "scroll"},
	}, f.admit(), []keys.Hint{
		{Keys: "←→", Does: "previous, next"},
		{Keys: "tab", Does: "section"},
		keys.HintOf(k.Copy), keys.HintOf(k.CopyBody),
	}, f.forward(), f.refresh())...)
}

func (f *footer) list() string {
	k := f.keys
	pause, related := keys.HintOf(k.Pause), keys.Hint{Keys: "e", Does: "its events"}
	if f.paused {
		pause.Does = "continue"
	}
	if f.page > onOrders {
		related.Does = "its row"
	}
	return f.line(slices.Concat(
		[]keys.Hint{{Keys: "↑↓", Does: "move"}, keys.HintOf(k.Details), keys.HintOf(k.Filter)},
		f.admit(), f.forward(), f.sort(),
		[]keys.Hint{pause, keys.HintOf(k.Copy), related, f.toPages()},
		f.refresh(),
	)...)
}

// webhooks is the footer of the page of webhooks, which has hints of its own. In a
// form, help and quit are letters. over says that a panel is shown over the list.
func (f *footer) webhooks(own []key.Binding, form, over bool) string {
	var hints []keys.Hint
	for _, b := range own {
		hints = append(hints, keys.HintOf(b))
	}
	if form {
		return f.canvas.Footer(hints, []keys.Hint{{Keys: "ctrl+c", Does: "quit"}})
	}
	switch {
	case over: // its hints have esc
		return f.canvas.Footer(hints, []keys.Hint{keys.HintOf(f.keys.Help), {Keys: "q", Does: "back"}})
	case len(hints) == 0:
		return f.line(f.toPages())
	default:
		return f.line(hints...)
	}
}

func (f *footer) forward() []keys.Hint {
	if !f.canForward || f.page != onEvents && f.page != onUndelivered {
		return nil
	}
	return []keys.Hint{{Keys: "f", Does: "forward"}, {Keys: "F", Does: "to a URL"}}
}

func (f *footer) sort() []keys.Hint {
	if f.page == onEvents {
		return nil
	}
	return []keys.Hint{keys.HintOf(f.keys.Sort)}
}

func (f *footer) admit() []keys.Hint {
	if !f.canAdmit || f.page != onEvents {
		return nil
	}
	return []keys.Hint{{Keys: f.keys.Admit.Help().Key, Does: "admit"}}
}

func (f *footer) refresh() []keys.Hint {
	if !f.canRefresh {
		return nil
	}
	return []keys.Hint{keys.HintOf(f.keys.Refresh)}
}

func (f *footer) toPages() keys.Hint {
	return keys.Hint{Keys: fmt.Sprintf("1-%d", f.pages), Does: "pages"}
}

// within is line for what q leads back from.
func (f *footer) within(hints ...keys.Hint) string {
	return f.canvas.Footer(hints, []keys.Hint{keys.HintOf(f.keys.Help), {Keys: "esc/q", Does: "back"}})
}

// line draws hints, and those for help and quit.
func (f *footer) line(hints ...keys.Hint) string {
	return f.canvas.Footer(hints, []keys.Hint{keys.HintOf(f.keys.Help), {Keys: "q", Does: "quit"}})
}
