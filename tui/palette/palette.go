// Package palette is the list of all actions, which the user searches by typing.
package palette

import (
	"cmp"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/prompt"
	"github.com/up42/up42-webhooks/tui/theme"
)

// Item is an action.
type Item struct {
	// Does says what the action does, Where on which page if it is one of a page, and Key is the
	// name of its key if it has one. They are clean.
	Does, Where, Key string
	// Also are other words by which it is found.
	Also string
	// Run does it.
	Run func() tea.Cmd
}

// id tells an item from others.
func (i *Item) id() string { return i.Where + "\x00" + i.Key + "\x00" + i.Does }

// Recent are the actions that were run last, the last one first. Its zero value has none.
type Recent []string

const mostRecent = 5

// nothing is said if no item matches.
const nothing = "no action has these letters"

func (r *Recent) add(id string) {
	others := slices.DeleteFunc(*r, func(other string) bool { return other == id })
	*r = append(Recent{id}, others[:min(len(others), mostRecent-1)]...)
}

// Options are what a Palette needs.
type Options struct {
	Theme  *theme.Theme
	Keys   *keys.Map
	Items  []Item
	Recent *Recent
	// Height returns how many lines the screen has now.
	Height func() int
}

// Palette is the open list. It takes all keys.
type Palette struct {
	*prompt.Prompt
	o     Options
	found []found
	at    int // the index of the chosen one
	top   int // the index of the first one on the screen
}

// found is an item that matches. letters are the characters of its name that were typed.
type found struct {
	*Item
	points  int
	letters map[int]bool
}

// New opens a palette.
func New(o Options) *Palette {
	p := &Palette{o: o}
	p.Prompt = prompt.New(prompt.Options{
		Theme: o.Theme, Keys: o.Keys, Label: " : ", Enter: "run", List: p, Chooses: true,
		Typed: func(query string) (*prompt.Fault, tea.Cmd) {
			p.search(query)
			return nil, nil
		},
		Done: p.done,
	}, "")
	p.search("")
	return p
}

// search finds the items that match, the best ones first. Without a query the recent ones come
// first.
func (p *Palette) search(query string) {
	p.found, p.at, p.top = nil, 0, 0
	query = strings.TrimSpace(query)
	for i := range p.o.Items {
		item := &p.o.Items[i]
		text := []rune(item.text())
		points, letters, ok := match(query, text)
		isKey := query != "" && query == item.Key
		if !ok && !isKey {
			continue
		}
		if isKey {
			points += wholeKey
		}
		p.found = append(p.found, found{item, points, letters})
	}
	recency := func(f found) int {
		if i := slices.Index(*p.o.Recent, f.id()); i >= 0 {
			return i
		}
		return mostRecent
	}
	slices.SortStableFunc(p.found, func(a, b found) int {
		return cmp.Or(cmp.Compare(b.points, a.points), cmp.Compare(recency(a), recency(b)))
	})
}

// text is what is searched: the name, and then the page and the key.
func (i *Item) text() string { return i.Does + " " + i.Where + " " + i.Key + " " + i.Also }

// Move chooses another item. Lines are empty only if there are fewer items than lines.
func (p *Palette) Move(delta int) {
	p.at = max(0, min(p.at+delta, len(p.found)-1))
	p.top = min(max(p.top, p.at-p.lines()+1), p.at, max(0, len(p.found)-p.lines()))
}

// Scroll is Move for the wheel.
func (p *Palette) Scroll(lines int) { p.Move(lines) }

// Click runs the item on one of the lines of [Palette.Lines]. open is false if there was one.
func (p *Palette) Click(line int) (cmd tea.Cmd, open bool) {
	i := p.top + line - itemsFrom
	if line < itemsFrom || line >= itemsFrom+p.lines() || i >= len(p.found) {
		return nil, true
	}
	p.at = i
	return p.run(), false
}

func (p *Palette) done(string) (*prompt.Fault, tea.Cmd) {
	if len(p.found) == 0 {
		return &prompt.Fault{Words: nothing}, nil
	}
	return nil, p.run()
}

// run runs the chosen item once the palette is closed.
func (p *Palette) run() tea.Cmd {
	item := p.found[p.at].Item
	p.o.Recent.add(item.id())
	return func() tea.Msg { return command.To(item.Run) }
}
