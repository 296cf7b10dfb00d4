package frame

import (
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/text"
)

// spot is where something is drawn in a line.
type spot struct{ from, to int }

func (s spot) has(x int) bool { return x >= s.from && x < s.to }

// spots are where tabs and hints were drawn last, for the mouse.
type spots struct {
	tabs  []spot
	hints []hintSpot
}

type hintSpot struct {
	spot
	hint keys.Hint
}

// TabAt returns the index of the tab that was drawn at a cell of its line.
func (c *Canvas) TabAt(x int) (i int, ok bool) {
	for i, s := range c.spots.tabs {
		if s.has(x) {
			return i, true
		}
	}
	return 0, false
}

// HintAt returns the hint that was drawn at a cell of the last line, and which cell of it that is.
func (c *Canvas) HintAt(x int) (h keys.Hint, cell int, ok bool) {
	for _, s := range c.spots.hints {
		if s.has(x) {
			return s.hint, x - s.from, true
		}
	}
	return h, 0, false
}

// placeTabs remembers where tabs are drawn.
func (c *Canvas) placeTabs(pieces []Piece) {
	c.spots.tabs = c.spots.tabs[:0]
	x := 1
	for _, p := range pieces {
		w := text.Width(p.Text)
		c.spots.tabs = append(c.spots.tabs, spot{x, x + w})
		x += w + p.after()
	}
}

// PlaceHints remembers that hints, as [Canvas.Hints] draws them, are in the last line from a cell
// on. Those of an earlier frame are forgotten.
func (c *Canvas) PlaceHints(all []keys.Hint, from int) {
	c.spots.hints = c.spots.hints[:0]
	c.addHints(all, from)
}

func (c *Canvas) addHints(all []keys.Hint, from int) {
	for _, h := range all {
		w := text.Width(c.KeyName(h.Keys)) + 1 + text.Width(h.Does)
		c.spots.hints = append(c.spots.hints, hintSpot{spot{from, from + w}, h})
		from += w + between
	}
}
