// Package keys binds the keys of the dashboard, but those of the page of
// webhooks. The footer and the help are made from them.
package keys

import "github.com/charmbracelet/bubbles/key"

// Map has all keys.
type Map struct {
	// These work everywhere.
	Overview, Jobs, Orders, Events, Webhooks, Undelivered, Next, Previous, Palette, Help, Quit, Back, Suspend, Redraw key.Binding
	// These move through a list.
	Up, Down, PageUp, PageDown, HalfUp, HalfDown, Home, End key.Binding
	// These act on a list or on its row under the cursor.
	Mark, MarkTo, Details, Filter, Sort, Reverse, Pause, Copy, Related, Refresh, Pin key.Binding
	// These show and hide the pane of the details, and move its edge.
	Pane, Wider, Narrower key.Binding
	// These forward an event.
	Forward, ForwardTo key.Binding
	// Test sends a test event to the receiver itself.
	Test key.Binding
	// Admit admits rejected deliveries.
	Admit key.Binding
	// These go on from match to match, of a filter or of a search in the details.
	NextMatch, PreviousMatch key.Binding
	// These belong to the details.
	Left, Right, CopyBody, Search key.Binding
	// These fold the body of a delivery.
	ToggleFold, Fold, Unfold, FoldAll, UnfoldAll key.Binding
	// These take what the details show out of the screen.
	CopyWhat, Save, Open key.Binding
	// These belong to the prompt.
	Keep, Clear, Accept key.Binding
	// Saved are the keys of saved filters.
	Saved [4]key.Binding
	// These belong to what is around the dashboard: tui/stage.
	Present, Forge key.Binding
	// Commands are the keys of the user's own programs.
	Commands []key.Binding
}

// Bind makes a binding: its name and meaning in the help, and its keys.
func Bind(help, desc string, keys ...string) key.Binding {
	return key.NewBinding(key.WithKeys(keys...), key.WithHelp(help, desc))
}

// New returns the keys.
func New() *Map {
	return &Map{
		Overview:    Bind("0", "overview", "0"),
		Jobs:        Bind("1", "jobs", "1"),
		Orders:      Bind("2", "orders", "2"),
		Events:      Bind("3", "events", "3"),
		Webhooks:    Bind("4", "webhooks", "4"),
		Undelivered: Bind("5", "undelivered", "5"),
		Next:        Bind("tab", "next page", "tab"),
		Previous:    Bind("shift+tab", "previous page", "shift+tab"),
		Palette:     Bind(":/ctrl+p", "find any action", ":", "ctrl+p"),
		Help:        Bind("?", "help", "?"),
		Quit:        Bind("q/ctrl+c", "quit; q goes back first", "q", "ctrl+c"),
		Back:        Bind("esc", "one step back", "esc"),
		Suspend:     Bind("ctrl+z", "off: stops the receiver", "ctrl+z"),
		Redraw:      Bind("ctrl+l", "redraw the screen", "ctrl+l"),

		Up:       Bind("↑/k", "up", "up", "k"),
		Down:     Bind("↓/j", "down", "down", "j"),
		PageUp:   Bind("pgup/ctrl+b", "a page up", "pgup", "b", "ctrl+b"),
		PageDown: Bind("pgdn/ctrl+f", "a page down", "pgdown", "ctrl+f"),
		HalfUp:   Bind("ctrl+u", "half a page up", "ctrl+u"),
		HalfDown: Bind("ctrl+d", "half a page down", "ctrl+d"),
		Home:     Bind("g/home", "first, and follow", "g", "home"),
		End:      Bind("G/end", "last", "G", "end"),
		Mark:     Bind("space", "mark the row", " "),
		MarkTo:   Bind("V", "mark all up to here", "V"),
		Details:  Bind("enter", "details", "enter"),
		Filter:   Bind("/", "filter", "/"),
		Sort:     Bind("s", "sort", "s"),
		Reverse:  Bind("S", "reverse the order", "S"),
		Pause:    Bind("p", "pause", "p"),
		Copy:     Bind("y", "copy id", "y"),
		Related:  Bind("e", "its events; its row", "e"),
		Refresh:  Bind("R", "ask UP42 again", "R"),
		Pin:      Bind("H", "pin the signed headers", "H"),

		Pane:     Bind("v", "details beside the list", "v"),
		Wider:    Bind("<", "more room for details", "<"),
		Narrower: Bind(">", "less room for details", ">"),

		Forward:   Bind("f", "resend: forward again", "f"),
		ForwardTo: Bind("F", "forward to a URL", "F"),
		Test:      Bind("t", "send a test event", "t"),
		Admit:     Bind("A", "admit rejected ones", "A"),

		Left:  Bind("←/[", "previous one", "left", "h", "["),
		Right: Bind("→/]", "next one", "right", "l", "]"),

		CopyWhat: Bind("c", "copy a field, curl, …", "c"),
		Save:     Bind("w", "save the request", "w"),
		Open:     Bind("o", "editor, pager, console", "o"),

		Search:        Bind("/", "search the details", "/"),
		NextMatch:     Bind("n", "next match", "n"),
		PreviousMatch: Bind("N", "previous match", "N"),

		CopyBody: Bind("Y", "copy body", "Y"),

		ToggleFold: Bind("enter/space", "in a body: fold, unfold", "enter", " "),
		Fold:       Bind("←/h", "in a body: fold, go out", "left", "h"),
		Unfold:     Bind("→/l", "in a body: unfold, go in", "right", "l"),
		FoldAll:    Bind("z", "fold all of the body", "z"),
		UnfoldAll:  Bind("Z", "unfold all of it", "Z"),

		Keep:   Bind("enter", "keep", "enter"),
		Clear:  Bind("esc", "clear, then leave", "esc"),
		Accept: Bind("tab", "take the proposed word", "tab"),

		Saved: [4]key.Binding{
			Bind("F1", "a filter of yours", "f1"), Bind("F2", "a filter of yours", "f2"),
			Bind("F3", "a filter of yours", "f3"), Bind("F4", "a filter of yours", "f4"),
		},

		Present: Bind("P", "hide what is real", "P"),
		Forge:   Bind("x", "forge a delivery", "x"),
	}
}

// Moves returns the keys that move the cursor, for the help.
func (k *Map) Moves() []key.Binding {
	return []key.Binding{k.Up, k.Down, k.PageUp, k.PageDown, k.HalfUp, k.HalfDown, k.Home, k.End}
}

// Folds returns the keys that fold a body, for the help.
func (k *Map) Folds() []key.Binding {
	return []key.Binding{k.ToggleFold, k.Fold, k.Unfold, k.FoldAll, k.UnfoldAll}
}

// List returns the keys of a list, for the help. Those that move the cursor come first.
func (k *Map) List() []key.Binding {
	return append(
		k.Moves(), k.Mark, k.MarkTo, k.Details, k.Filter, k.NextMatch, k.PreviousMatch, k.Sort, k.Reverse, k.Pause, k.Copy, k.Related,
		k.Refresh, k.Forward, k.ForwardTo, k.Admit, k.Test, k.Pin, k.Pane, k.Wider, k.Narrower,
	)
}

// Detailed returns the keys that act on what the details show, for the help.
func (k *Map) Detailed() []key.Binding {
	return []key.Binding{k.Left, k.Right, k.Search, k.NextMatch, k.PreviousMatch, k.Copy, k.CopyBody, k.CopyWhat, k.Save, k.Open, k.Related, k.Refresh, k.Forward, k.ForwardTo, k.Admit, k.Pane}
}

// Everywhere returns the keys that work on all pages, for the help.
func (k *Map) Everywhere() []key.Binding {
	return append([]key.Binding{
		k.Overview, k.Jobs, k.Orders, k.Events, k.Webhooks, k.Undelivered, k.Next, k.Previous, k.Back, k.Palette, k.Help, k.Redraw, k.Quit, k.Suspend,
	}, k.Commands...)
}
