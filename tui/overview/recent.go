package overview

import "github.com/up42/up42-webhooks/tui/status"

// recent is a panel with rows, those that have changed last first.
type recent struct {
	page        *Page
	name, words string
	rows        []subject
	// none is said if there are no rows.
	none string
}

// latest is the panel with what has changed last, whatever it is now.
func (p *Page) latest() panel {
	return &recent{p, "latest", "Latest changes", p.ranked(status.Latest, wanted), "Nothing has changed yet."}
}

// finished is the panel with what is over.
func (p *Page) finished() panel {
	return &recent{p, "finished", "Finished lately", p.ranked(status.Finished, wanted), "Nothing is over yet."}
}

func (r *recent) title(s *sheet) (left, right line) { return heading(s.theme, r.words), nil }

func (r *recent) heights(int) (least, want int) {
	n := max(1, len(r.rows))
	return min(3, n), n
}

func (r *recent) draw(s *sheet, w, h int) {
	if len(r.rows) == 0 {
		s.say(s.theme.Dim, r.none)
	}
	for _, of := range r.rows[:min(h, len(r.rows))] {
		s.add(r.page.rowLine(s, r.name, of, w)...)
	}
}
