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
	m := &Map{}
	m.bindPages()
	m.bindMoves()
	m.bindLists()
	m.bindDetails()
	m.bindRest()
	return m
}

// bindPages binds the keys that work everywhere.
func (m *Map) bindPages() {
	m.Overview = Bind("0", "overview", "0")
	m.Jobs = Bind("1", "jobs", "1")
	m.Orders = Bind("2", "orders", "2")
	m.Events = Bind("3", "events", "3")
	m.Webhooks = Bind("4", "webhooks", "4")
	m.Undelivered = Bind("5", "undelivered", "5")
	m.Next = Bind("tab", "next page", "tab")
	m.Previous = Bind("shift+tab", "previous page", "shift+tab")
	m.Palette = Bind(":/ctrl+p", "find any action", ":", "ctrl+p")
	m.Help = Bind("?", "help", "?")
	m.Quit = Bind("q/ctrl+c", "quit; q goes back first", "q", "ctrl+c")
	m.Back = Bind("esc", "one step back", "esc")
	m.Suspend = Bind("ctrl+z", "off: stops the receiver", "ctrl+z")
	m.Redraw = Bind("ctrl+l", "redraw the screen", "ctrl+l")
}

// bindMoves binds the keys that move through a list.
func (m *Map) bindMoves() {
	m.Up = Bind("↑/k", "up", "up", "k")
	m.Down = Bind("↓/j", "down", "down", "j")
	m.PageUp = Bind("pgup/ctrl+b", "a page up", "pgup", "b", "ctrl+b")
	m.PageDown = Bind("pgdn/ctrl+f", "a page down", "pgdown", "ctrl+f")
	m.HalfUp = Bind("ctrl+u", "half a page up", "ctrl+u")
	m.HalfDown = Bind("ctrl+d", "half a page down", "ctrl+d")
	m.Home = Bind("g/home", "first, and follow", "g", "home")
	m.End = Bind("G/end", "last", "G", "end")
}

// bindLists binds the keys that act on a list, on its row and on an event.
func (m *Map) bindLists() {
	m.Mark = Bind("space", "mark the row", " ")
	m.MarkTo = Bind("V", "mark all up to here", "V")
	m.Details = Bind("enter", "details", "enter")
	m.Filter = Bind("/", "filter", "/")
	m.Sort = Bind("s", "sort", "s")
	m.Reverse = Bind("S", "reverse the order", "S")
	m.Pause = Bind("p", "pause", "p")
	m.Copy = Bind("y", "copy id", "y")
	m.Related = Bind("e", "its events; its row", "e")
	m.Refresh = Bind("R", "ask UP42 again", "R")
	m.Pin = Bind("H", "pin the signed headers", "H")
	m.Pane = Bind("v", "details beside the list", "v")
	m.Wider = Bind("<", "more room for details", "<")
	m.Narrower = Bind(">", "less room for details", ">")
	m.Forward = Bind("f", "resend: forward again", "f")
	m.ForwardTo = Bind("F", "forward to a URL", "F")
	m.Test = Bind("t", "send a test event", "t")
	m.Admit = Bind("A", "admit rejected ones", "A")
	m.NextMatch = Bind("n", "next match", "n")
	m.PreviousMatch = Bind("N", "previous match", "N")
}

// bindDetails binds the keys of the details.
func (m *Map) bindDetails() {
	m.Left = Bind("←/[", "previous row", "left", "h", "[")
	m.Right = Bind("→/]", "next row", "right", "l", "]")
	m.Search = Bind("/", "search the details", "/")
	m.CopyWhat = Bind("c", "copy a field, curl, …", "c")
	m.Save = Bind("w", "save the request", "w")
	m.Open = Bind("o", "editor, pager, console", "o")
	m.CopyBody = Bind("Y", "copy body", "Y")
	m.ToggleFold = Bind("enter/space", "in a body: fold, unfold", "enter", " ")
	m.Fold = Bind("←/h", "in a body: fold, go out", "left", "h")
	m.Unfold = Bind("→/l", "in a body: unfold, go in", "right", "l")
	m.FoldAll = Bind("z", "fold all of the body", "z")
	m.UnfoldAll = Bind("Z", "unfold all of it", "Z")
}

// bindRest binds the keys of the prompt, of saved filters and of what is around the dashboard.
func (m *Map) bindRest() {
	m.Keep = Bind("enter", "keep", "enter")
	m.Clear = Bind("esc", "clear, then leave", "esc")
	m.Accept = Bind("tab", "take the proposed word", "tab")
	m.Present = Bind("P", "hide what is real", "P")
	m.Forge = Bind("x", "forge a delivery", "x")
	m.Saved = [4]key.Binding{
		Bind("F1", "a filter of yours", "f1"), Bind("F2", "a filter of yours", "f2"),
		Bind("F3", "a filter of yours", "f3"), Bind("F4", "a filter of yours", "f4"),
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
		k.Moves(), k.Details, k.Related, k.Filter, k.NextMatch, k.PreviousMatch, k.Sort, k.Reverse, k.Pause, k.Copy, k.Mark, k.MarkTo,
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
