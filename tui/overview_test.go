package tui_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/remembered"
)

// onOverview begins with the overview.
func onOverview(o *tui.Options) { o.Remembered = remembered.State{Page: "overview"} }

func TestNumbersOfTheOverviewOpenTheirLists(t *testing.T) {
	for _, tc := range []struct {
		keys []string // to the number
		way  string
		n    int
	}{
		{nil, "Overview › in progress › orders", 3},
		{[]string{"down"}, "Overview › in progress › jobs", 2},
		{[]string{"right"}, "Overview › needs you › orders", 1},
		{[]string{"right", "right"}, "Overview › in trouble › orders", 1},
		{[]string{"right", "right", "right"}, "Overview › succeeded › orders", 1},
		{[]string{"right", "right", "right", "right", "down"}, "Overview › failed › jobs", 0},
	} {
		within(t, 120, 36, aHardDay, func(s *screen) {
			s.Press(tc.keys...)
			before := s.View()
			s.Press("enter")
			s.Shows(tc.way)
			assert.Equal(t, tc.n, s.rows(), tc.way)
			s.Press("esc")
			assert.Equal(t, before, s.View())
			s.Press("1", "2")
			s.Lacks("filter:")
		}, onOverview)
	}
}

func TestALineOfTheOverviewOpensDetails(t *testing.T) {
	within(t, 120, 36, aHardDay, func(s *screen) {
		s.Press("tab", "tab", "tab", "tab")
		s.Shows("▌◆ FEASIBIL", "→ Choose an option of the feasibility study at")
		before := s.View()
		s.Press("enter")
		s.Shows("FEASIBILITY_WAITING_RESPONSE", "Kiruna mine", "Overview › ")
		s.Press("right")
		s.Shows("PLACEMENT_FAILED")
		s.Press("left", "e")
		s.Shows("› events")
		s.Press("esc")
		s.Shows("Kiruna mine")
		s.Press("esc")
		assert.Equal(t, before, s.View())
		s.Press("y")
		assert.Equal(t, []string{id(30)}, s.copied)
	}, onOverview)
}

// What the overview opens is no choice of the user that a later run should know.
func TestAStepFromTheOverviewIsNotRemembered(t *testing.T) {
	m := &memorising{}
	within(t, 120, 36, aHardDay, func(s *screen) {
		s.Press("0", "s", "/", "enter")
		assert.Equal(t, 3, s.rows())
		s.advance(time.Second)
	}, m.option)
	assert.Equal(t, remembered.State{Page: "overview", Lists: map[string]remembered.List{}}, m.state)
}
