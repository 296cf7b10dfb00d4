package table

// layout gives each column its width; 0: it is not drawn.
func (m *Model[K, R]) layout() []int {
	columns := m.options.Columns
	out := make([]int, len(columns))
	room := m.w - gutter
	for i, c := range columns {
		out[i] = max(1, c.Min)
	}
	for used(out) > room {
		if i := m.nextDropped(out); i >= 0 {
			out[i] = 0
			continue
		}
		if !narrow(out) {
			return out
		}
	}
	m.share(out, room-used(out), (*Column[R]).usual)
	m.share(out, room-used(out), func(c *Column[R]) int { return c.Max })
	return out
}

func used(widths []int) int {
	sum, n := 0, 0
	for _, w := range widths {
		if w > 0 {
			sum += w
			n++
		}
	}
	return sum + max(0, n-1)*gap
}

// nextDropped is the drawn column that can be done without most easily, -1
// where none can.
func (m *Model[K, R]) nextDropped(widths []int) int {
	found := -1
	for i, c := range m.options.Columns {
		if widths[i] > 0 && c.Drop > 0 && (found < 0 || c.Drop >= m.options.Columns[found].Drop) {
			found = i
		}
	}
	return found
}

// narrow takes a cell from the widest column, or the last column if none has
// one to give. It reports false where nothing is left to take.
func narrow(widths []int) bool {
	widest, last := -1, -1
	for i, w := range widths {
		if w == 0 {
			continue
		}
		last = i
		if widest < 0 || w > widths[widest] {
			widest = i
		}
	}
	switch {
	case widest < 0:
		return false
	case widths[widest] > 1:
		widths[widest]--
	default:
		widths[last] = 0
	}
	return true
}

// usual is how wide a column gets as long as others have less than their own.
func (c *Column[R]) usual() int {
	if c.Usual > 0 {
		return c.Usual
	}
	return c.Max
}

// share hands out cells by weight, as long as there is a column that can grow:
// most is how wide each may get, 0: without a bound.
func (m *Model[K, R]) share(widths []int, left int, most func(*Column[R]) int) {
	columns := m.options.Columns
	grows := func(i int) bool {
		c := &columns[i]
		return widths[i] > 0 && c.Weight > 0 && (most(c) == 0 || widths[i] < most(c))
	}
	for left > 0 {
		sum := 0
		for i := range columns {
			if grows(i) {
				sum += columns[i].Weight
			}
		}
		if sum == 0 {
			return
		}
		given := 0
		for i := range columns {
			if !grows(i) || given == left {
				continue
			}
			more := min(max(1, left*columns[i].Weight/sum), left-given)
			if bound := most(&columns[i]); bound > 0 {
				more = min(more, bound-widths[i])
			}
			widths[i] += more
			given += more
		}
		left -= given
	}
}
