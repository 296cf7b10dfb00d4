package overview

import (
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/tui/status"
)

// longest is the panel with the rows that have had their status for the longest time.
type longest struct {
	page *Page
	rows []subject
}

func (p *Page) longest() panel { return &longest{p, p.ranked(status.Longest, wanted)} }

// unfinished are the classes of rows that are not over.
var unfinished = []receiver.Class{receiver.InProgress, receiver.InTrouble, receiver.NeedsYou}

func (l *longest) title(s *sheet) (left, right line) {
	var all []counted
	for _, k := range kinds {
		n, words := 0, ""
		for i, c := range unfinished {
			n += l.page.tally(k).Count(c)
			if i > 0 {
				words += ","
			}
			words += c.Word()
		}
		goal := Goal{List: listOf(k), Name: "longest in state", Filter: string(filter.Is) + ":" + words + liveOnly, Order: status.LongestInState}
		all = append(all, counted{n, k, receiver.InProgress, goal})
	}
	return heading(s.theme, "Longest in state"), countedTitle(s, "longest", all...)
}

func (l *longest) heights(int) (least, want int) {
	most := wanted
	if columnCount(l.page.w) == 1 {
		most = 6
	}
	return min(3, max(1, len(l.rows))), max(1, min(most, len(l.rows)))
}

func (l *longest) draw(s *sheet, w, h int) {
	if len(l.rows) == 0 {
		s.say(s.theme.Dim, "Nothing is running.")
		return
	}
	for _, of := range l.rows[:min(h, len(l.rows))] {
		s.add(l.page.rowLine(s, "longest", of, w)...)
	}
}
