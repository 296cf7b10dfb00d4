package tui_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/text"
)

func (s *screen) mouse(b tea.MouseButton, a tea.MouseAction, x, y int) {
	s.Send(tea.MouseMsg{X: x, Y: y, Button: b, Action: a})
}

// click presses and releases the left button.
func (s *screen) click(x, y int) {
	s.mouse(tea.MouseButtonLeft, tea.MouseActionPress, x, y)
	s.mouse(tea.MouseButtonLeft, tea.MouseActionRelease, x, y)
}

// wheel turns the wheel, and lets a frame pass.
func (s *screen) wheel(turns, x, y int) {
	b := tea.MouseButtonWheelDown
	if turns < 0 {
		b, turns = tea.MouseButtonWheelUp, -turns
	}
	for range turns {
		s.mouse(b, tea.MouseActionPress, x, y)
	}
	s.advance(20 * time.Millisecond)
}

// find is where words are on the screen.
func (s *screen) find(words string) (x, y int) {
	s.T.Helper()
	for y, l := range strings.Split(s.View(), "\n") {
		if before, _, ok := strings.Cut(ansi.Strip(l), words); ok {
			return text.Width(before), y
		}
	}
	require.Fail(s.T, "not on the screen", words)
	return 0, 0
}

// clickOn clicks on words.
func (s *screen) clickOn(words string) {
	s.T.Helper()
	x, y := s.find(words)
	s.click(x, y)
}

func TestAClickMovesTheCursorAndASecondOneOpens(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.click(10, 6)
		s.Shows("3/8")
		s.Lacks("following")
		s.click(10, 6)
		s.Shows("Order ", "3/8", "lines 1-")
		s.Press("esc")
		s.click(10, 6)
		s.Shows("3/8", "▌")
		s.Press("down", "up")
		s.click(10, 6)
		s.Shows("▌") // a key between them: it is a first click again
		s.click(11, 6)
		s.Shows("lines 1-")
	})
}

// The details have a cursor: a click moves it. A click on the mark of a fold folds, and so does a
// second click on its line.
func TestAClickInTheDetails(t *testing.T) {
	for _, size := range [][2]int{{80, 70}, {140, 70}, {180, 60}} {
		within(t, size[0], size[1], aDay, func(s *screen) {
			s.Press("3", "down", "down", "down", "down", "down")
			if size[0] < 130 {
				s.Press("enter")
			}
			unfolded, folded := `▾ "body": {`, `▸ "body": { 4 fields }`
			s.clickOn(unfolded)
			s.Shows(folded)
			s.clickOn(folded)
			s.Shows(unfolded)
			x, y := s.find(unfolded)
			s.click(x+3, y) // the cursor is there
			s.Shows(folded)
			s.clickOn("Verdict")
			s.Shows(folded)
			s.click(x+3, y) // it comes back
			s.Shows(folded)
			s.click(x+3, y)
			s.Shows(unfolded)
			s.clickOn("jobName")
			s.Press("c")
			s.Shows("Sharpen") // the field under the cursor can be copied
			s.Press("esc")
		})
	}
}

func TestTheWheelScrollsWhatIsUnderIt(t *testing.T) {
	within(t, 140, 24, manyOrders(100), func(s *screen) {
		first := s.Line(4)
		s.wheel(1, 10, 8)
		assert.NotEqual(t, first, s.Line(4))
		s.Shows("4/100") // the cursor stays on the screen
		s.wheel(-1, 10, 8)
		s.Shows("4/100") // and on its row
		s.Press("G")
		s.wheel(-1, 10, 8)
		s.Shows("97/100")
		s.Press("g")
		before := s.Line(4)
		s.wheel(4, 120, 8) // the details
		assert.Contains(t, s.Line(4), before[:40], "the list stays")
		s.wheel(500, 10, 8)
		s.Shows("83/100") // the last page
	})
}

func TestAStormOfTheWheelDrawsFewFrames(t *testing.T) {
	within(t, 120, 24, manyOrders(100), func(s *screen) {
		var frames []tea.Cmd
		for range 10_000 {
			if _, cmd := s.m.Update(tea.MouseMsg{X: 5, Y: 8, Button: tea.MouseButtonWheelDown}); cmd != nil {
				frames = append(frames, cmd)
			}
		}
		s.Shows("4/100") // the first turn
		assert.Len(t, frames, 1)
		s.Do(frames[0])
		s.advance(20 * time.Millisecond)
		s.Shows("83/100")
	})
}

func TestClicksOnTabsTitlesAndHints(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.clickOn("3 Events")
		s.Shows("VERDICT")
		s.clickOn("VERDICT")
		s.Shows("events stay in their order")
		s.clickOn("2 Orders")
		s.clickOn("STATUS")
		s.Shows("STATUS↓", "sorted by status")
		s.clickOn("STATUS")
		s.Shows("STATUS↑", "sorted by status, reversed", "sort: status, reversed")
		s.clickOn("STATUS")
		s.Shows("sort: latest event")
		s.clickOn("/ filter")
		s.Shows(" / ")
		s.clickOn("esc leave")
		s.clickOn("? help")
		s.Shows("Lists")
		s.clickOn("1 Jobs")
		s.Lacks("Everywhere")
		s.Shows("JOB  ")
		s.clickOn("enter details")
		s.Shows("lines 1-")
		s.clickOn("esc/q back")
		s.Shows("▌ ✕ ERROR")
		x, y := s.find("↑↓ move")
		s.click(x+1, y)
		s.Shows("2/")
		s.click(x, y)
		s.Shows("1/")
	})
}

func TestTheMouseInThePane(t *testing.T) {
	within(t, 160, 40, aDay, func(s *screen) {
		s.click(120, 8)
		s.Shows("Orders ›") // the details have the keys
		s.click(10, 6)
		s.Lacks("Orders ›")
		s.Shows("3/8")
		s.clickOn("what you can do")
		x, y := s.find("y     copy id")
		s.click(x, y)
		s.Shows("copied ")
		assert.Len(t, s.copied, 1)

		edge, _ := s.find("│")
		for _, to := range []int{edge - 10, edge + 12, 1000, 0} {
			s.mouse(tea.MouseButtonLeft, tea.MouseActionPress, edge, 10)
			s.mouse(tea.MouseButtonLeft, tea.MouseActionMotion, to, 10)
			s.advance(20 * time.Millisecond)
			s.mouse(tea.MouseButtonLeft, tea.MouseActionRelease, to, 10)
			now, _ := s.find("│")
			assert.Equal(t, max(60+1, min(to, 160-37)), now) // there is a space before the line
			edge = now
		}
		s.mouse(tea.MouseButtonLeft, tea.MouseActionMotion, 90, 10)
		now, _ := s.find("│")
		assert.Equal(t, edge, now, "the button is released")
	})
}

func TestTheMouseWhileTheUserTypes(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.Press("/", "placed")
		s.clickOn("3 Events")
		s.click(10, 6)
		s.Shows(" / placed")
		s.clickOn("enter keep")
		s.Shows("filter: placed")
		s.Lacks(" / placed")
	})
}

func TestNonsenseOfTheMouse(t *testing.T) {
	for name, page := range map[string][]string{
		"jobs": {"1"}, "orders": {"2"}, "events": {"3"}, "webhooks": {"4"}, "details": {"enter"}, "help": {"?"}, "filter": {"/", "x"}, "nothing": {"/", "nothing like it", "enter"},
	} {
		t.Run(name, func(t *testing.T) {
			within(t, 132, 24, aDay, func(s *screen) {
				s.Press(page...)
				for _, b := range []tea.MouseButton{tea.MouseButtonNone, tea.MouseButtonRight, tea.MouseButtonMiddle, tea.MouseButtonBackward, tea.MouseButtonWheelLeft, tea.MouseButtonWheelDown, tea.MouseButton11} {
					for _, a := range []tea.MouseAction{tea.MouseActionRelease, tea.MouseActionMotion, tea.MouseActionPress} {
						for _, at := range [][2]int{{-1, -1}, {0, 0}, {131, 23}, {132, 24}, {99999, 99999}, {5, 3}, {90, 12}} {
							s.mouse(b, a, at[0], at[1])
						}
					}
				}
				s.mouse(tea.MouseButtonLeft, tea.MouseActionRelease, 5, 8)
				s.click(99999, 8)
				s.click(8, 99999)
				s.resize(30, 5)
				s.click(5, 3)
				s.resize(132, 24)
				s.View()
				assert.False(t, s.quit)
			})
		})
	}
}

func TestNoMouse(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		before := s.View()
		s.clickOn("3 Events")
		s.wheel(1, 10, 8)
		assert.Equal(t, before, s.View())
	}, func(o *tui.Options) { o.NoMouse = true })
}

// A click on any cell of any page does something sensible or nothing.
func TestAClickOnEachCell(t *testing.T) {
	for _, w := range []int{80, 132} {
		t.Run(fmt.Sprint(w), func(t *testing.T) {
			within(t, w, 24, aDay, func(s *screen) {
				for y := range 24 {
					for x := 0; x < w; x += 3 {
						if x, _ := s.find(" quit"); y == 23 && x > 0 {
							continue
						}
						s.click(x, y)
					}
				}
				s.View()
			})
		})
	}
}
