package tui_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/theme"
)

func TestDetailsAreBesideTheListWhereThereIsRoom(t *testing.T) {
	within(t, 132, 36, aDay, func(s *screen) {
		s.Shows("▌ ● FULFILLED", "│ Order "+id(1), "what you can do", "enter details", "v hide details")
		s.Press("down")
		s.Shows("│ Order "+id(2), "2/8")
		s.Press("3")
		s.Shows("│ Event 24")
		s.Press("4")
		s.Lacks("what you can do")
		s.Press("1", "/", "zzz", "enter")
		s.Shows("Nothing matches")
		s.Lacks("Job ")
		s.Press("esc", "2", "v")
		s.Lacks("what you can do", "│")
		s.Shows("v details beside")
		s.Press("<")
		s.Shows("no details are beside the list: v shows them there")
		s.Press("v")
		s.Shows("│ Order " + id(2))
		s.resize(120, 36)
		s.Lacks("what you can do", "│")
		for _, k := range []string{"v", "<", ">"} {
			s.Press(k)
			s.Shows("details beside the list need 130 columns, and this terminal has 120: enter opens them")
		}
	})
}

func TestTheDetailsBesideTheListFollowTheirRow(t *testing.T) {
	within(t, 140, 36, aDay, func(s *screen) {
		s.Press("down")
		s.log.Add(order(2, "ARCHIVED", 0))
		s.advance(time.Second)
		s.Shows("Status     ◐ ARCHIVED")
		s.Shows("1/8")
		s.Press("p")
		s.log.Add(order(2, "FULFILLED", 0))
		s.advance(time.Second)
		s.Shows("Status     ◐ ARCHIVED")
	})
}

func TestEnterGoesIntoTheDetailsAndEscComesBack(t *testing.T) {
	within(t, 132, 36, aDay, func(s *screen) {
		s.Press("down", "enter")
		s.Shows("┃▌Order "+id(2), "Orders › b86c0484 ", "Y copy body")
		s.Press("pgdown")
		s.Shows("lines 2")
		s.Press("]")
		s.Shows("┃▌Order "+id(4), "3/8")
		s.Press("enter")
		s.Lacks("┃")
		s.Shows("▌Order "+id(4), "3/8")
		s.Press("esc")
		s.Shows("┃▌Order " + id(4))
		s.Press("v")
		s.Lacks("what you can do")
		s.Press("enter")
		s.Shows("▌Order " + id(4))
		s.Press("v")
		s.Shows("┃▌Order " + id(4))
		s.Press("esc", "down")
		s.Shows("│ Order "+id(7), "4/8")
		s.Press("enter", "q")
		s.Shows("│ Order " + id(7))
	})
}

func TestTheEdgeMoves(t *testing.T) {
	within(t, 132, 36, aDay, func(s *screen) {
		edge := func() int { return strings.Index(strings.Split(s.View(), "\n")[6], "│") }
		before := edge()
		s.Press("<")
		assert.Less(t, edge(), before)
		s.Press(">")
		assert.Equal(t, before, edge())
		s.Press(strings.Repeat("<", 20))
		s.Shows("can't go further", "STATUS", "JOURNEY")
		s.Press(strings.Repeat(">", 40))
		s.Shows("can't go further", "│ Order ")
		s.resize(200, 36)
		s.Shows("│ Order ")
	})
}

// What can be done depends on the row.
func TestActionsAreThoseOfTheRow(t *testing.T) {
	h := well()
	within(t, 132, 36, aDay, func(s *screen) {
		s.Shows("e     its events")
		s.Lacks("R     ask", "f     forward")
		s.Press("3")
		s.Shows("e     its order", "f     forward", "F     send to a URL")
		s.Press("/", "missing-signature", "enter")
		s.Shows("│ Rejected delivery r2", "enter details")
		s.Lacks("its order", "f     forward", "F     send", "y copy id", "A ")
		s.Press("esc", "/", "trusted", "enter")
		s.Shows("e     its job")
	}, forwards(h))
	within(t, 132, 36, aDay, func(s *screen) {
		s.Shows("R     ask UP42")
		s.Press("/", "is:test PLACED", "enter")
		s.Lacks("R     ask UP42")
	}, asking(anAccount()))
}

func TestScreensWithDetailsBeside(t *testing.T) {
	for _, tc := range []struct {
		name string
		keys []string
		log  func() *memory
	}{
		{"beside-orders", nil, aDay},
		{"beside-jobs", []string{"1"}, aHardDay},
		{"beside-events", []string{"3", "down"}, aDay},
		{"beside-rejected", []string{"3", "/", "rejected", "enter", "down"}, aDay},
		{"beside-focused", []string{"down", "enter", "pgdown"}, aDay},
		{"whole-order", []string{"enter", "enter"}, aDay},
		{"whole-event", []string{"3", "enter", "enter"}, aDay},
		{"events-of", []string{"down", "e"}, aDay},
	} {
		for _, size := range [][2]int{{132, 36}, {200, 60}} {
			name := fmt.Sprintf("%s-%dx%d", tc.name, size[0], size[1])
			t.Run(name, func(t *testing.T) {
				within(t, size[0], size[1], tc.log, func(s *screen) {
					s.Press(tc.keys...)
					s.advance(200 * time.Millisecond) // until what has changed is read
					s.Golden(name)
				})
			})
		}
	}
}

// Whatever is open, the screen can have any size.
func TestResizeWhateverIsOpen(t *testing.T) {
	for _, keys := range [][]string{nil, {"enter"}, {"enter", "enter"}, {"e"}, {"?"}, {"/"}, {"4"}, {"3", "enter"}} {
		within(t, 200, 60, aDay, func(s *screen) {
			s.Press(keys...)
			for _, w := range []int{0, 1, 2, 59, 60, 129, 130, 149, 150, 240} {
				for _, h := range []int{0, 1, 2, 15, 24, 60} {
					s.W, s.H = w, h
					s.resize(w, h)
					if w > 0 && h > 0 {
						s.View()
					}
				}
			}
		})
	}
}

// A terminal with only ASCII shows lines of its own.
func TestDetailsBesideInASCII(t *testing.T) {
	within(t, 132, 36, aDay, func(s *screen) {
		s.Shows("| Order "+id(1), "- what you can do -", "===")
		s.Press("enter")
		s.Shows("#>Order "+id(1), "-- Orders > 259d5858 -")
		s.Lacks("│", "┃", "›", "━", "─")
	}, func(o *tui.Options) {
		o.Theme, o.ASCII = theme.New(theme.Options{Profile: termenv.Ascii, ASCII: true}), true
	})
}
