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
	// actions and others are what can be done with what the user looks at, pane is what v does,
	// and back what esc does.
	actions, others, pane, back []keys.Hint
}

// help is the footer of the help.
func (f *footer) help() string {
	return f.within(keys.Hint{Keys: keys.Firsts(f.keys.Up, f.keys.Down), Does: "scroll"})
}

// move are the keys that move the cursor.
func (f *footer) move() keys.Hint {
	return keys.Hint{Keys: keys.Firsts(f.keys.Up, f.keys.Down), Does: "move"}
}

func (f *footer) details() string {
	k := f.keys
	return f.within(slices.Concat([]keys.Hint{
		f.move(),
		{Keys: keys.Firsts(k.Left, k.Right), Does: "previous, next"},
		{Keys: keys.First(k.Next), Does: "section"},
		{Keys: keys.First(k.Search), Does: "search"},
	}, f.actions, f.others, f.pane)...)
}

func (f *footer) list() string {
	k := f.keys
	resume, pause := []keys.Hint(nil), []keys.Hint{keys.HintOf(k.Pause)}
	if f.paused {
		resume, pause = []keys.Hint{f.resume()}, nil
	}
	return f.line(slices.Concat(
		[]keys.Hint{f.move()}, resume, f.back, f.actions[:min(2, len(f.actions))], []keys.Hint{keys.HintOf(k.Filter)},
		f.actions[min(2, len(f.actions)):], f.sort(), pause, f.others, f.pane, []keys.Hint{f.toPages()},
	)...)
}

// marked is the footer while rows are marked: first what can be done with them.
func (f *footer) marked(hints []keys.Hint) string {
	k := f.keys
	var resume []keys.Hint
	if f.paused {
		resume = []keys.Hint{f.resume()}
	}
	more := []keys.Hint{{Keys: keys.First(k.Mark), Does: "mark"}, {Keys: keys.First(k.MarkTo), Does: "up to here"}, f.move(), keys.HintOf(k.Filter)}
	return f.line(slices.Concat(hints, resume, more)...)
}

// resume is the key that ends a pause.
func (f *footer) resume() keys.Hint {
	return keys.Hint{Keys: keys.First(f.keys.Pause), Does: "continue"}
}

// overview is the footer of the overview.
func (f *footer) overview() string {
	k := f.keys
	pause := keys.HintOf(k.Pause)
	if f.paused {
		pause = f.resume()
	}
	return f.line(slices.Concat(
		[]keys.Hint{{Keys: keys.Firsts(k.Up, k.Down, k.Left, k.Right), Does: "move"}, {Keys: keys.First(k.Details), Does: "open"}, {Keys: keys.First(k.Next), Does: "next box"}},
		f.actions, []keys.Hint{pause, f.toPages()},
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
		return f.canvas.Footer(hints, []keys.Hint{keys.HintOf(f.keys.Help), {Keys: keys.First(f.keys.Quit), Does: "back"}})
	case len(hints) == 0:
		return f.line(f.toPages())
	default:
		return f.line(hints...)
	}
}

func (f *footer) sort() []keys.Hint {
	if f.page == onEvents {
		return nil
	}
	return []keys.Hint{keys.HintOf(f.keys.Sort)}
}

func (f *footer) toPages() keys.Hint {
	if first, last := keys.First(f.keys.Jobs), keys.First(f.keys.Undelivered); first != "1" || last != "5" {
		return keys.Hint{Keys: keys.First(f.keys.Next), Does: "next page"}
	}
	return keys.Hint{Keys: fmt.Sprintf("0-%d", f.pages-1), Does: "pages"}
}

// within is line for what q leads back from.
func (f *footer) within(hints ...keys.Hint) string {
	return f.canvas.Footer(hints, []keys.Hint{keys.HintOf(f.keys.Help), {Keys: keys.First(f.keys.Back) + "/" + keys.First(f.keys.Quit), Does: "back"}})
}

// line draws hints, and those for help and quit.
func (f *footer) line(hints ...keys.Hint) string {
	return f.canvas.Footer(hints, []keys.Hint{{Keys: keys.First(f.keys.Palette), Does: "find"}, keys.HintOf(f.keys.Help), {Keys: keys.First(f.keys.Quit), Does: "quit"}})
}
