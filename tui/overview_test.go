package tui_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
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

func TestTimesPerStatusOpenTheOrdersOfTheHost(t *testing.T) {
	within(t, 120, 36, aHardDay, func(s *screen) {
		s.Press("end")
		s.Shows("Time per status by host")
		before := s.View()
		s.Press("enter")
		s.Shows("Overview › oneatlas › orders", "3 of 7")
		assert.Equal(t, 3, s.rows())
		s.Press("esc")
		assert.Equal(t, before, s.View())
	}, onOverview)
}

// Where there is room, the overview lists what has changed last, and what is over.
func TestTheOverviewListsTheLatestChanges(t *testing.T) {
	within(t, 200, 60, newMemory, func(s *screen) {
		s.Press("0")
		s.log.Add(order(50, "FULFILLED", time.Hour), order(51, "PLACED", time.Minute), with(order(52, "PLACED", 0), receivertest.Test))
		s.advance(time.Second)
		s.Shows("Finished lately")
		assert.Regexp(t, `(?s)Latest changes[^│]*│.*◐ PLACED .*● FULFILLED `, s.View())
		assert.Equal(t, 2, strings.Count(s.View(), "FULFILLED"), "it has changed, and is over")
		s.Press("end", "enter")
		s.Shows("Order " + id(50))
	})
	within(t, 120, 36, aHardDay, func(s *screen) {
		s.Shows("Latest changes")
		s.Lacks("Finished lately")
		s.resize(120, 30)
		s.Lacks("Latest changes")
	}, onOverview)
}

// Nothing on the page counts test events. It says so, if there are some.
func TestTheOverviewSaysWhatItDoesNotCount(t *testing.T) {
	within(t, 80, 24, newMemory, func(s *screen) {
		s.Press("0")
		s.log.Add(order(50, "PLACED", time.Hour))
		s.advance(time.Second)
		s.Lacks("not counted")
		s.log.Add(with(order(51, "PLACED", time.Minute), receivertest.Test))
		s.advance(time.Second)
		s.Shows("1 test order is not counted here; 2 lists it")
		s.log.Add(with(order(52, "FULFILLED", time.Minute), receivertest.Test))
		s.advance(time.Second)
		s.Shows("2 test orders are not counted here; 2 lists them")
		s.log.Add(with(job(53, "RUNNING", time.Minute), receivertest.Test))
		s.advance(time.Second)
		s.Shows("2 test orders and 1 test job are not counted here; 2 and 1 list them")
		s.Press("2")
		assert.Equal(t, 3, s.rows())
	})
}

// The times are read while the page is shown, and not at each event.
func TestTimesPerStatusAreReadAtTimes(t *testing.T) {
	within(t, 200, 60, newMemory, func(s *screen) {
		s.Press("0")
		s.log.Add(with(order(50, "PLACED", time.Hour), atHost))
		s.advance(time.Second)
		s.Shows("No order with a data host has left a status yet.")
		s.log.Add(with(order(50, "FULFILLED", time.Minute), atHost))
		s.advance(time.Second)
		s.Shows("No order with a data host has left a status yet.")
		s.advance(10 * time.Second)
		s.Shows("59m       59m")
	})
}

func atHost(e *receiver.Event) { e.Host = "capella" }

func TestTheEndOfTheOverview(t *testing.T) {
	within(t, 80, 24, aHardDay, func(s *screen) {
		s.Press("end")
		s.Golden("overview-end-80x24")
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

// The page is read although the view was paused before it was shown for the first time.
func TestAnOverviewThatIsFirstShownInAPause(t *testing.T) {
	within(t, 120, 36, aDay, func(s *screen) {
		s.Press("p", "0")
		s.advance(time.Second)
		s.Shows("PAUSED", "Deliveries of the last hour", "p90")
		s.Lacks("reading the store")
	})
}

// What was not read is not said to be none.
func TestAnOverviewThatCannotBeRead(t *testing.T) {
	within(t, 120, 36, aDay, func(s *screen) {
		s.log.Fail(errors.New("file is not a database"))
		s.Press("0", "p")
		s.advance(time.Second)
		deliveries := box(t, s.View(), "Deliveries of the last hour")
		assert.Contains(t, deliveries, "can't read the store, trying again: file is not a d")
		assert.NotContains(t, deliveries, "verified")
		assert.Regexp(t, "last delivery +can't read the store", box(t, s.View(), "Receiver"))
		assert.Contains(t, box(t, s.View(), "Time per status by host"), "can't read the store")
		s.log.Fail(nil)
		s.advance(20 * time.Second)
		assert.Contains(t, box(t, s.View(), "Deliveries of the last hour"), "18 verified")
		s.Lacks("can't read the store")
	})
}

// Undelivered events do not push out what waits for an answer, however little room there is.
func TestUndeliveredEventsLeaveRoomForWhatWaits(t *testing.T) {
	h := given()
	for n := range int64(4) {
		h.failures = append(h.failures, receiver.Failure{Reader: hook, Seq: 10 + n, At: noon, Tries: 1, Reason: "answered 500"})
	}
	waiting := func() *memory {
		l := newMemory()
		for n := range 3 {
			l.Add(order(n, "QUOTATION_WAITING_RESPONSE", time.Hour))
		}
		for n := range 6 {
			l.Add(order(10+n, "PLACEMENT_FAILED", time.Hour))
		}
		return l
	}
	for _, size := range [][2]int{{80, 24}, {110, 24}, {110, 20}, {130, 20}, {120, 28}, {120, 36}, {200, 60}} {
		within(t, size[0], size[1], waiting, func(s *screen) {
			s.advance(time.Second)
			todo := box(t, s.View(), "To do")
			shown := strings.Count(todo, "◆ QUOTATIO")
			assert.Contains(t, todo, "8 events are undelivered", "%v", size)
			assert.Positive(t, shown, "%v\n%s", size, todo)
			assert.Equal(t, shown < 3, strings.Contains(todo, fmt.Sprintf("%d more: see", 3-shown)), "%v\n%s", size, todo)
			assert.Equal(t, strings.Contains(todo, "Correct the target"), strings.Contains(todo, "--undelivered."), "%v\n%s", size, todo)
		}, onOverview, forwards(h))
	}
}

// box is what a box of the overview says.
func box(t *testing.T, view, title string) string {
	var inside []string
	left, right := -1, 0
	for _, l := range strings.Split(view, "\n") {
		if at := strings.Index(l, "╭ "+title+" "); at >= 0 {
			left = len([]rune(l[:at]))
			right = left + len([]rune(l[at:at+strings.Index(l[at:], "╮")]))
			continue
		}
		if r := []rune(l); left >= 0 && r[left] == '│' {
			inside = append(inside, string(r[left+1:right]))
		} else if left >= 0 {
			return strings.Join(inside, "\n")
		}
	}
	require.Fail(t, "no whole box "+title, view)
	return ""
}

// Without a target nothing can be sent again.
func TestUndeliveredEventsWithoutATarget(t *testing.T) {
	h := given()
	h.targets = nil
	within(t, 120, 36, aDay, func(s *screen) {
		s.Shows("✕ 4 events are undelivered", "→ Start up42hooks with --forward-to, or forget", "them: up42hooks store forget.")
		s.Lacks("Correct the target")
	}, onOverview, forwards(h))
}

// What targets did not take is to be done, until it is sent.
func TestUndeliveredEventsAreToBeDone(t *testing.T) {
	h := given()
	within(t, 120, 36, aDay, func(s *screen) {
		s.Shows("✕ 4 events are undelivered")
		s.Shows("→ Correct the target, then send them again:", "forward --undelivered.")
		s.Lacks("Nothing waits for you")
		for range 40 {
			if s.Press("tab"); strings.Contains(s.View(), "▌✕ 4 events are undelivered") {
				break
			}
		}
		s.Press("enter")
		s.Shows("exit status 1", "1/4")
		s.Press("esc")
		h.change(func() { h.failures = nil })
		s.advance(time.Minute)
		s.Lacks("Correct the target")
	}, onOverview, forwards(h))
}
