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
	m.share(out, room-used(out))
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

// share hands out cells by weight, as long as there is a column that can grow.
func (m *Model[K, R]) share(widths []int, left int) {
	for left > 0 {
		sum := 0
		for i, c := range m.options.Columns {
			if widths[i] > 0 && c.grows(widths[i]) {
				sum += c.Weight
			}
		}
		if sum == 0 {
			return
		}
		given := 0
		for i, c := range m.options.Columns {
			if widths[i] == 0 || !c.grows(widths[i]) || given == left {
				continue
			}
			more := min(max(1, left*c.Weight/sum), left-given)
			if c.Max > 0 {
				more = min(more, c.Max-widths[i])
			}
			widths[i] += more
			given += more
		}
		left -= given
	}
}

func (c *Column[R]) grows(width int) bool { return c.Weight > 0 && (c.Max == 0 || width < c.Max) }
