// Package browse has what the lists of all pages do with keys: move, sort, copy
// an id, go on to the next match of the filter, clear it.
package browse

import (
	"fmt"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/number"
)

// List is a table as its page has it.
type List interface {
	Move(delta int)
	Page(halves int)
	Home()
	End()
	Index() int
	Len() (shown, total int)
	Filter() string
	SetFilter(expr string) tea.Cmd
	NextOrder() tea.Cmd
	Reverse() tea.Cmd
	OrderName() string
}

// Options are what a Browser needs.
type Options struct {
	Keys *keys.Map
	Say  note.Say
	// Selected returns the id of the row under the cursor, and whether there is a
	// row. Nil if the page copies ids itself.
	Selected func() (id string, ok bool)
	// Copy copies an id to the clipboard.
	Copy func(id string) tea.Cmd
}

// Browser gives keys to a list.
type Browser struct {
	list List
	o    Options
}

// New makes a Browser for a list.
func New(l List, o Options) *Browser { return &Browser{l, o} }

// Press takes a key. It returns false if the key means nothing to a list.
func (b *Browser) Press(msg tea.KeyMsg) (cmd tea.Cmd, ok bool) {
	k := b.o.Keys
	switch {
	case k == nil || msg.Paste:
		return nil, false
	case b.move(msg):
		if shown, total := b.list.Len(); shown == 0 {
			b.o.Say.Hint("nothing to move through: " + noRows(total))
		}
	case key.Matches(msg, k.NextMatch):
		b.toMatch(1)
	case key.Matches(msg, k.PreviousMatch):
		b.toMatch(-1)
	case key.Matches(msg, k.Sort):
		cmd = b.list.NextOrder()
		b.o.Say.Info("sorted by " + b.list.OrderName())
	case key.Matches(msg, k.Reverse):
		cmd = b.list.Reverse()
		b.o.Say.Info("sorted by " + b.list.OrderName())
	case key.Matches(msg, k.Back):
		cmd = b.back()
	case b.o.Selected != nil && key.Matches(msg, k.Copy):
		cmd = b.copy()
	default:
		return nil, false
	}
	return cmd, true
}

// Keys returns the keys of a list, for the help.
func (b *Browser) Keys() []key.Binding { return b.o.Keys.List() }

// move takes the keys that move the cursor. It returns false for others.
func (b *Browser) move(msg tea.KeyMsg) bool {
	const page = 2 // halves
	k, l := b.o.Keys, b.list
	switch {
	case key.Matches(msg, k.Up):
		l.Move(-1)
	case key.Matches(msg, k.Down):
		l.Move(1)
	case key.Matches(msg, k.PageUp):
		l.Page(-page)
	case key.Matches(msg, k.PageDown):
		l.Page(page)
	case key.Matches(msg, k.HalfUp):
		l.Page(-1)
	case key.Matches(msg, k.HalfDown):
		l.Page(1)
	case key.Matches(msg, k.Home):
		l.Home()
	case key.Matches(msg, k.End):
		l.End()
	default:
		return false
	}
	return true
}

// noRows says why no row is shown.
func noRows(total int) string {
	if total > 0 {
		return "the filter hides all " + number.Format(int64(total))
	}
	return "the list is empty"
}

// back clears the filter.
func (b *Browser) back() tea.Cmd {
	if b.list.Filter() == "" {
		b.o.Say.Hint("nothing to go back from; " + keys.First(b.o.Keys.Quit) + " quits")
		return nil
	}
	b.o.Say.Info("the filter is cleared")
	return b.list.SetFilter("")
}

func (b *Browser) copy() tea.Cmd {
	id, ok := b.o.Selected()
	if !ok {
		b.o.Say.Hint("nothing to copy: no row is selected")
		return nil
	}
	return b.o.Copy(id)
}

// toMatch goes to the next row that the filter lets pass, or to the one before. Behind the last
// one is the first one.
func (b *Browser) toMatch(step int) {
	n, total := b.list.Len()
	switch {
	case b.list.Filter() == "":
		b.o.Say.Hint("no filter is set: " + keys.First(b.o.Keys.Filter) + " looks for something first")
		return
	case n == 0:
		b.o.Say.Hint("no match: " + noRows(total))
		return
	}
	from := b.list.Index()
	at := (from + step + n) % n
	b.list.Move(at - from)
	words := fmt.Sprintf("%s of %s", number.Format(int64(at+1)), number.Of(int64(n), "match", "matches"))
	if s, ok := b.list.(interface{ Searching() (n, all int, ok bool) }); ok {
		if _, _, searching := s.Searching(); searching {
			words += " so far"
		}
	}
	switch {
	case from+step >= n:
		words += ", again from the top"
	case from+step < 0:
		words += ", again from the end"
	}
	b.o.Say.Hint(words)
}
