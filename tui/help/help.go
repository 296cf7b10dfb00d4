// Package help shows all keys, in as many columns as there is room for.
package help

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/frame"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/text"
)

// columnWidth is the width of a column, nameWidth that of the names of keys in it.
const columnWidth, nameWidth = 39, 13

// Page is the help. It scrolls.
type Page struct {
	canvas *frame.Canvas
	keys   *keys.Map
	open   bool
	groups []keys.Group
	top    int
	height int
}

// New makes a closed help.
func New(c *frame.Canvas, k *keys.Map) *Page { return &Page{canvas: c, keys: k} }

// Open shows the help with these groups, from its top.
func (p *Page) Open(groups []keys.Group) { p.open, p.groups, p.top = true, groups, 0 }

// Shown reports whether the help is shown.
func (p *Page) Shown() bool { return p.open }

// Close hides the help.
func (p *Page) Close() { p.open = false }

// SetHeight sets how many lines there are.
func (p *Page) SetHeight(h int) { p.height = h }

// Press takes a key: it scrolls the help. Any other key closes it.
func (p *Page) Press(msg tea.KeyMsg) {
	k, half := p.keys, p.height/2
	switch {
	case key.Matches(msg, k.Up):
		p.top--
	case key.Matches(msg, k.Down):
		p.top++
	case key.Matches(msg, k.PageUp, k.HalfUp):
		p.top -= half
	case key.Matches(msg, k.PageDown, k.HalfDown):
		p.top += half
	case key.Matches(msg, k.Home):
		p.top = 0
	case key.Matches(msg, k.End):
		p.top = len(p.lines())
	default:
		p.open = false
		return
	}
	p.top = p.firstLine(len(p.lines()))
}

// Scroll shows lines that are further down, or further up if lines is negative.
func (p *Page) Scroll(lines int) {
	p.top = max(0, p.top+lines)
	p.top = p.firstLine(len(p.lines()))
}

// firstLine is the first visible line.
func (p *Page) firstLine(lines int) int { return max(0, min(p.top, lines-p.height)) }

// View draws the help.
func (p *Page) View() string {
	lines := p.lines()
	lines = lines[p.firstLine(len(lines)):]
	for len(lines) < p.height {
		lines = append(lines, text.Spaces(p.canvas.W))
	}
	return strings.Join(lines[:p.height], "\n")
}

// Where says which lines are visible, or returns "" if all are.
func (p *Page) Where() string {
	lines := len(p.lines())
	if lines <= p.height {
		return ""
	}
	top := p.firstLine(lines)
	return fmt.Sprintf("lines %d-%d of %d", top+1, top+p.height, lines)
}

func (p *Page) lines() []string {
	w := p.canvas.W
	columns := pack(p.groups, max(1, min(len(p.groups), (w-2)/columnWidth)))
	tallest := 0
	parts := make([][]string, len(columns))
	for i, groups := range columns {
		for _, g := range groups {
			parts[i] = append(parts[i], p.group(g)...)
		}
		tallest = max(tallest, len(parts[i]))
	}
	lines := make([]string, tallest)
	for i := range lines {
		var b strings.Builder
		b.WriteString(" ")
		for _, part := range parts {
			if i < len(part) {
				b.WriteString(part[i])
			} else {
				b.WriteString(text.Spaces(columnWidth))
			}
		}
		b.WriteString(text.Spaces(w - 1 - len(columns)*columnWidth))
		lines[i] = b.String()
	}
	return lines
}

// pack puts each group into the column that is the shortest so far.
func pack(groups []keys.Group, columns int) [][]keys.Group {
	out, heights := make([][]keys.Group, columns), make([]int, columns)
	for _, g := range groups {
		at := 0
		for c := range heights {
			if heights[c] < heights[at] {
				at = c
			}
		}
		heights[at] += len(g.Keys) + 2
		out[at] = append(out[at], g)
	}
	return out
}

func (p *Page) group(g keys.Group) []string {
	th := p.canvas.Theme
	out := []string{th.Title.Apply(text.Fit(g.Title, columnWidth))}
	for i, b := range g.Keys {
		h, name := b.Help(), th.Key
		if h.Key == "" {
			continue // the user may not do it
		}
		if i < len(g.Styles) {
			name = g.Styles[i]
		}
		out = append(out, name.Apply(text.Fit(p.canvas.KeyName(h.Key), nameWidth))+th.Dim.Apply(text.Fit(h.Desc, columnWidth-nameWidth)))
	}
	return append(out, text.Spaces(columnWidth))
}
