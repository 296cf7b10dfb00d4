package detail

import (
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/number"
	"github.com/up42/up42-webhooks/tui/prompt"
	"github.com/up42/up42-webhooks/tui/text"
)

// match is a line that has what is sought. It may be hidden in a folded line of the body.
type match struct {
	right bool
	id    partID
	// line is a line of the part, or of the body.
	line int
}

// Search makes a prompt for a text that is sought in all that is shown, and in what is folded.
func (p *Page) Search() *prompt.Prompt {
	from, before := p.viewport.anchor(), p.viewport.sought
	return prompt.New(prompt.Options{
		Theme: p.o.Theme, Keys: p.o.Keys, Label: " / ", Enter: "search",
		Typed: func(value string) (*prompt.Fault, tea.Cmd) {
			p.viewport.restore(from)
			p.seek(value)
			if n := len(p.matches()); n == 0 && value != "" {
				return &prompt.Fault{To: len(value), Words: "not found in these details", Mild: true}, nil
			}
			p.toMatch(1, true)
			return nil, nil
		},
		Done: func(value string) (*prompt.Fault, tea.Cmd) {
			switch {
			case strings.TrimSpace(value) == "":
				p.seek("")
			case len(p.matches()) == 0:
				return &prompt.Fault{To: len(value), Words: "not found in these details"}, nil
			default:
				p.last = value
			}
			return nil, nil
		},
	}, before)
}

func (p *Page) seek(sought string) { p.viewport.sought, p.viewport.stale = sought, true }

// matches are all lines that have what is sought, from the top on, the left column first.
func (p *Page) matches() (all []match) {
	v := &p.viewport
	if v.sought == "" {
		return nil
	}
	for _, right := range []bool{false, true} {
		c := v.columnOf(place{right: right})
		for id := range partCount {
			if id == tree && c.body != nil {
				for _, line := range c.body.Matches(v.sought) {
					all = append(all, match{right, id, line})
				}
				continue
			}
			for i, l := range c.parts[id].lines {
				if text.Has(l.Text(), v.sought) {
					all = append(all, match{right, id, i})
				}
			}
		}
	}
	return all
}

// compareTo orders matches as they follow each other.
func (m match) compareTo(o match) int {
	switch {
	case m.right != o.right:
		return map[bool]int{false: -1, true: 1}[m.right]
	case m.id != o.id:
		return int(m.id - o.id)
	default:
		return m.line - o.line
	}
}

// here is the line under the cursor.
func (p *Page) here() match {
	a := p.viewport.anchor()
	return match{a.right, a.id, a.within}
}

// toMatch goes to the next line that has what is sought, or to the one before. here says that
// the line under the cursor counts.
func (p *Page) toMatch(step int, here bool) (at, count int, around bool) {
	all := p.matches()
	if len(all) == 0 {
		return 0, 0, false
	}
	i, found := slices.BinarySearchFunc(all, p.here(), match.compareTo)
	switch {
	case step < 0:
		i--
	case found && !here:
		i++
	}
	around = i < 0 || i == len(all)
	i = (i + len(all)) % len(all)
	p.goToMatch(all[i])
	return i + 1, len(all), around
}

func (p *Page) goToMatch(m match) {
	v := &p.viewport
	c := v.columnOf(place{right: m.right})
	row := m.line
	if m.id == tree {
		c.body.Reveal(m.line)
		row = c.body.RowOf(m.line)
	}
	v.goTo(place{m.right, c.start(m.id) + row})
}

// pressMatch goes to the next match, or to the one before.
func (p *Page) pressMatch(step int) {
	if p.viewport.sought == "" && p.last == "" {
		p.o.Say.Hint("nothing is sought: " + keys.First(p.o.Keys.Search) + " searches the details")
		return
	}
	if p.viewport.sought == "" {
		p.seek(p.last) // esc has ended the search
	}
	at, n, around := p.toMatch(step, false)
	words := fmt.Sprintf("%d of %s", at, number.Of(int64(n), "match", "matches"))
	switch {
	case n == 0:
		words = "not found in these details"
	case around && step > 0:
		words += ", again from the top"
	case around:
		words += ", again from the end"
	}
	p.o.Say.Hint(words)
}

// Sought is the text that is sought, cleaned, or "".
func (p *Page) Sought() string { return text.Clean(p.viewport.sought, 30) }
