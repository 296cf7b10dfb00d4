package overview

import "slices"

// cursor is on an item. It stays on it while the page changes around it.
type cursor struct {
	items []item
	// at is the index of the item and id its id. Without items at is 0 and id is "".
	at int
	id string
}

// number is the number of the item, from 1 on. 0: there are no items.
func (c *cursor) number() int {
	if len(c.items) == 0 {
		return 0
	}
	return c.at + 1
}

// item is the one under the cursor. ok is false if there are no items.
func (c *cursor) item() (it item, ok bool) {
	if len(c.items) == 0 {
		return it, false
	}
	return c.items[c.at], true
}

// settle moves the cursor to its item after the page has changed. If that is gone, the cursor
// stays where it was.
func (c *cursor) settle(items []item) {
	c.items = items
	if i := slices.IndexFunc(items, func(it item) bool { return it.id == c.id }); i >= 0 && c.id != "" {
		c.at = i
	}
	c.to(c.at)
}

// to moves to an item, or to the last one.
func (c *cursor) to(i int) {
	c.at, c.id = max(0, min(i, len(c.items)-1)), ""
	if len(c.items) > 0 {
		c.id = c.items[c.at].id
	}
}

// direction is where the cursor moves.
type direction struct{ x, y int }

var up, down, left, right = direction{0, -1}, direction{0, 1}, direction{-1, 0}, direction{1, 0}

// move moves to the nearest item in a direction. It reports false at the end.
func (c *cursor) move(d direction) bool {
	if len(c.items) == 0 {
		return false
	}
	from, best, least := &c.items[c.at], -1, 0
	for i := range c.items {
		if far, ok := distance(from, &c.items[i], d); ok && (best < 0 || far < least) {
			best, least = i, far
		}
	}
	if best < 0 {
		return false
	}
	c.to(best)
	return true
}

// distance says how far an item is in a direction. ok is false if it is not there.
func distance(from, to *item, d direction) (far int, ok bool) {
	// What is not straight ahead is much farther away than what is, and of that the next line
	// is nearest.
	const aside, ahead = 1 << 20, 1 << 10
	dx := max(to.left-from.right+1, from.left-to.right+1, 0) // 0: one is above the other
	dy := to.y - from.y
	if d.y != 0 {
		dy *= d.y
		return dy*ahead + dx*aside + abs(from.left-to.left), dy > 0
	}
	beside := d.x*(to.left-from.left) > 0 && dx > 0
	return dx + abs(dy)*aside, beside
}

func abs(n int) int { return max(n, -n) }

// panel moves to the first item of the next panel, or of the one before. It reports false if
// there is no further panel.
func (c *cursor) panel(delta int) bool {
	if len(c.items) == 0 {
		return false
	}
	var starts []int
	now := 0
	for i := range c.items {
		if i == 0 || c.items[i].panel != c.items[i-1].panel {
			starts = append(starts, i)
		}
		if i == c.at {
			now = len(starts) - 1
		}
	}
	if now += delta; now < 0 || now >= len(starts) {
		return false
	}
	c.to(starts[now])
	return true
}
