package detail

import (
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/textblock"
	"github.com/up42/up42-webhooks/tui/theme"
)

// step is one line of a journey.
type step struct {
	*receiver.StatusUpdate
	class receiver.Class
	// words is the status, or the sub-status if that says more, and a new sub-status that is
	// not shown. It is clean.
	words  string
	before string // what the line starts with
	style  theme.Style
	// lasts says how long the status lasted, note what else there is to say.
	lasts string
	note  textblock.Span
	// until is when the status ended. Zero: it has no end.
	until time.Time
	// changed says that the step changed the row's status. fromAPI: by UP42's API.
	changed, fromAPI bool
}

// leastBars and mostBars are the least and the largest width of a column of bars.
const leastBars, mostBars = 8, 48

// scale is that of the bars of a journey, from its first step to its end.
type scale struct {
	from  time.Time
	total time.Duration
	room  int // cells; 0: there are no bars
}

func scaleOf(steps []step) scale {
	var sc scale
	var to time.Time
	for i := range steps {
		s := &steps[i]
		if !s.changed {
			continue
		}
		if sc.from.IsZero() || s.At.Before(sc.from) {
			sc.from = s.At
		}
		for _, t := range []time.Time{s.At, s.until} {
			if t.After(to) {
				to = t
			}
		}
	}
	sc.total = to.Sub(sc.from)
	return sc
}

// fit gives the bars some cells, if these are enough.
func (sc *scale) fit(cells int) {
	if sc.room = min(cells, mostBars); sc.room < leastBars || sc.total <= 0 {
		sc.room = 0
	}
}

// bar draws when a status was, in proportion to the whole journey: as a line, which is broken
// if only UP42's API reports the status, or as a glyph if it is final.
func (sc *scale) bar(s *step, th *theme.Theme) string {
	if sc.room == 0 || !s.changed {
		return ""
	}
	at := min(sc.cell(s.At), sc.room-1)
	if s.until.IsZero() {
		return text.Spaces(at) + th.Glyphs.Class(s.class)
	}
	glyph := th.Glyphs.Heavy
	if s.fromAPI {
		glyph = th.Glyphs.APILink
	}
	return text.Spaces(at) + strings.Repeat(glyph, max(1, sc.cell(s.until)-at))
}

// cell is the cell in which a time is.
func (sc *scale) cell(t time.Time) int {
	return max(0, min(sc.room, int(float64(t.Sub(sc.from))/float64(sc.total)*float64(sc.room)+0.5)))
}
