package tui_test

import (
	"strings"
	"testing"

	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/theme"
)

func TestMatchesOfAFilterInTheLists(t *testing.T) {
	within(t, 80, 24, aDay, func(s *screen) {
		s.Press("2", "n")
		s.Shows("no filter is set: / looks for something first")
		s.Press("/", "fulf", "enter", "n", "n")
		s.Shows("3 of 3 matches")
		s.Press("n")
		s.Shows("1 of 3 matches, again from the top")
		s.Press("N")
		s.Shows("3 of 3 matches, again from the end")
		s.Press("3", "/", "verdict:rejected", "enter", "n")
		s.Shows("2 of 2 matches")
		s.Press("esc", "N")
		s.Shows("filter again: verdict:rejected; esc clears it", "(2 of 26)")
		s.Press("/", "nothinghasthis", "enter", "n")
		s.Shows("no match: the filter hides all 26")
		s.Press("4", "n")
		s.Shows("no filter is set: / looks for something first")
	})
}

// As in less and vim, the last pattern is looked for again after esc has ended the search.
func TestMatchesGoOnAfterTheFilterIsCleared(t *testing.T) {
	within(t, 80, 24, aDay, func(s *screen) {
		s.Press("2", "/", "fulf", "enter", "esc")
		s.Lacks("filter:")
		s.Press("n")
		s.Shows("filter again: fulf; esc clears it", "(3 of 8)", "2/3")
		s.Press("n")
		s.Shows("3 of 3 matches")
		s.Press("esc", "g", "j", "N")
		s.Shows("(3 of 8)", "1/3")
		s.Press("esc", "/", "xyz", "esc", "esc", "n")
		s.Shows("filter again: fulf") // what was not kept is not the last filter
		s.Press("esc", "3", "n")
		s.Shows("no filter is set: / looks for something first") // each list has its own
		s.Press("2", "n", "enter", "/", "order", "enter", "esc", "n")
		s.Shows(" of ", "matches", "/order")
		s.Press("esc", "esc", "4", "n")
		s.Shows("no filter is set: / looks for something first")
	})
}

// A value is marked in the column of its key, also under the cursor, where the row glows, and while
// the filter is typed.
func TestWhatAFilterLooksForIsMarkedInTheLists(t *testing.T) {
	for _, o := range []theme.Options{{Profile: termenv.TrueColor}, {Profile: termenv.ANSI, HighContrast: true}, {Mono: true}} {
		themed := func(opts *tui.Options) { opts.Theme = theme.New(o) }
		within(t, 80, 24, aDay, func(s *screen) {
			marked := func(what string) (n int) {
				for _, part := range strings.Split(s.View(), "\x1b[")[1:] {
					codes, words, _ := strings.Cut(part, "m")
					if strings.Contains(";"+codes+";", ";4;") && strings.EqualFold(words, what) {
						n++
					}
				}
				return n
			}
			s.Press("2", "/", "status:fulf")
			assert.Equal(t, 2, marked("fulf"), "%+v", o)
			s.Press("*", "-archive", "esc", "FULF", "enter")
			assert.Equal(t, 3, marked("fulf"), "%+v", o)
			s.Press("esc")
			assert.Zero(t, marked("fulf"), "%+v", o)
			s.Press("3", "/", "verdict:rejected", "enter")
			assert.Equal(t, 2, marked("rejected"), "%+v", o)
			s.Press("esc", "/", "-verdict:verified", "enter")
			assert.Zero(t, marked("verified")+marked("rejected"), "%+v", o)
		}, themed)
	}
}
