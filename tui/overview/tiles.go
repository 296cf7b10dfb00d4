package overview

import (
	"strings"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/number"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// tileHeight is that of a tile: one line for orders, one for jobs.
const tileHeight = 2 + border

// oneRow is the width of the page from which on all tiles are in one row.
const oneRow = 76

// tile counts orders and jobs, of one class or, if they are over, of several.
type tile struct {
	page *Page
	// classes are what it counts, and words its title.
	classes []receiver.Class
	words   string
	// today: only what has changed today.
	today bool
	// share is the share of the tile in the width of its row.
	share int
}

// tiles are the tiles in their rows.
func (p *Page) tiles() [][]tile {
	of := func(c receiver.Class) tile {
		return tile{page: p, classes: []receiver.Class{c}, words: strings.ToUpper(c.String()[:1]) + c.String()[1:], share: 10}
	}
	running, needs, trouble := of(receiver.InProgress), of(receiver.NeedsYou), of(receiver.InTrouble)
	running.words = "Running"
	over := tile{
		page: p, classes: []receiver.Class{receiver.Succeeded, receiver.Failed, receiver.Cancelled}, words: "Finished today", today: true, share: 17,
	}
	if p.w < oneRow {
		running.share, needs.share, over.share = 1, 1, 2
		trouble.share = 1
		return [][]tile{{running, needs, trouble}, {over}}
	}
	return [][]tile{{running, needs, trouble, over}}
}

func (t *tile) title(s *sheet) (left, right line) {
	if t.today {
		return heading(s.theme, t.words), nil
	}
	c := t.classes[0]
	return line{{style: s.theme.Class(c), text: s.theme.Glyphs.Class(c) + " "}, {style: s.theme.Title, text: t.words}}, nil
}

func (t *tile) heights(int) (least, want int) { return tileHeight - border, tileHeight - border }

func (t *tile) draw(s *sheet, w, _ int) {
	for _, k := range []receiver.Kind{receiver.Order, receiver.Job} {
		if t.today {
			s.add(t.over(s, k, w)...)
		} else {
			s.add(t.one(s, k, w)...)
		}
	}
}

// tally counts the rows of a kind.
func (p *Page) tally(k receiver.Kind) interface {
	Count(receiver.Class) int
	Since(c receiver.Class, daysAgo int) int
	Tests() int
} {
	if k == receiver.Job {
		return p.o.Jobs
	}
	return p.o.Orders
}

// one is the line of a tile with one class.
func (t *tile) one(s *sheet, k receiver.Kind, w int) line {
	c := t.classes[0]
	n := t.page.tally(k).Count(c)
	digits := span{style: countStyle(s.theme, c, n), text: text.FitRight(number.Format(int64(n)), min(7, w-8))}
	words := span{style: s.theme.Plain, text: " " + number.Plural(int64(n), string(k), k.Plural())}
	if n == 0 {
		words.style = s.theme.Dim
	}
	return s.open(t.words+" "+string(k), ofClass(k, c), digits, words).fit(w)
}

// over is the line of the tile with those that are over.
func (t *tile) over(s *sheet, k receiver.Kind, w int) line {
	const name = 8
	l := line{{style: s.theme.Dim, text: text.Fit("  "+k.Plural(), name)}}
	each := max(6, (w-name)/len(t.classes))
	for _, c := range t.classes {
		n := t.page.tally(k).Since(c, 0)
		goal := ofClass(k, c).since(t.page.o.Orders.Midnight(0), true)
		words := s.theme.Glyphs.Class(c) + " " + number.Format(int64(n))
		if each > 16 {
			words += " " + c.String()
		}
		l = append(l, s.open(t.words+" "+string(k)+" "+c.Word(), goal, span{style: countStyle(s.theme, c, n), text: words}).fit(min(each, text.Width(words)+2))...)
		l = append(l, span{text: text.Spaces(each - min(each, text.Width(words)+2))})
	}
	return l
}

// countStyle is the style of a number of things of a class. None stands back.
func countStyle(th *theme.Theme, c receiver.Class, n int) theme.Style {
	if n == 0 {
		return th.Dim
	}
	return th.Class(c)
}
