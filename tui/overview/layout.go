package overview

// The widths of the page from which on panels are in two and in three columns.
const (
	twoColumns   = 110
	threeColumns = 170
)

// roomy is the width of the page from which on it always lists what has changed last. A narrower one
// of two columns does if there are leastLatest lines left for that.
const roomy, leastLatest = 130, 5

// columnCount returns how many columns of panels a page of w cells has.
func columnCount(w int) int {
	switch {
	case w >= threeColumns:
		return 3
	case w >= twoColumns:
		return 2
	default:
		return 1
	}
}

// gutter is the room for numbers at the left of the chart.
const gutter = 5

// wholeHour is the least width of a box whose chart has a bar for each minute.
const wholeHour = 60 + gutter + border

// columnWidths divides the width of the page into columns. The second of two has room for the
// chart.
func columnWidths(w int) []int {
	switch n := columnCount(w); n {
	case 1:
		return []int{w}
	case 2:
		right := max(w/2, wholeHour)
		return []int{w - right, right}
	default:
		parts := make([]int, n)
		for i := range parts {
			parts[i] = w*(i+1)/n - w*i/n
		}
		return parts
	}
}

// need is how many lines a panel needs with its border: the least that make sense, and those that
// show everything.
type need struct{ least, want int }

// needs asks the panels of a column, which is w cells wide. To answer, a panel may have to draw
// itself, so each is asked once.
func needs(panels []panel, w int) []need {
	out := make([]need, len(panels))
	for i, p := range panels {
		least, want := p.heights(w - border)
		out[i] = need{least + border, max(least, want) + border}
	}
	return out
}

// stack gives the panels of a column their heights, with borders. If there is too little room
// for all that they want, the tallest ones give way first, but none gets less than its least.
// Room that is left goes to the last panel.
func stack(panels []need, room int) []int {
	heights := make([]int, len(panels))
	for i, p := range panels {
		heights[i] = p.want
	}
	sum := total(heights)
	for ; sum > room; sum-- {
		tallest, most := -1, 0
		for i, p := range panels {
			if over := heights[i] - p.least; over > most {
				tallest, most = i, over
			}
		}
		if tallest < 0 {
			break
		}
		heights[tallest]--
	}
	if n := len(heights); n > 0 && sum < room {
		heights[n-1] += room - sum
	}
	return heights
}

// total adds up heights.
func total(heights []int) (sum int) {
	for _, h := range heights {
		sum += h
	}
	return sum
}
