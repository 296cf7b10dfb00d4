package tui_test

import (
	"errors"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui"
)

func TestPagesByNumberAndTab(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		for _, step := range []struct{ key, title string }{
			{"1", "JOB  "},
			{"2", "ORDER  "},
			{"3", "VERDICT"},
			{"4", "NAME"},
			{"tab", "JOB  "},
			{"tab", "ORDER  "},
			{"shift+tab", "JOB  "},
			{"shift+tab", "NAME"},
			{"shift+tab", "VERDICT"},
		} {
			s.press(step.key)
			assert.Contains(t, s.line(3), step.title, step.key)
		}
	})
}

func TestMoving(t *testing.T) {
	within(t, 120, 24, manyOrders(100), func(s *screen) {
		for _, step := range []struct{ key, place string }{
			{"down", "2/100"},
			{"j", "3/100"},
			{"k", "2/100"},
			{"up", "1/100"},
			{"up", "1/100"},
			{"end", "100/100"},
			{"down", "100/100"},
			{"g", "1/100"},
			{"G", "100/100"},
			{"home", "1/100"},
			{"pgdown", "19/100"},
			{"pgup", "1/100"},
			{"ctrl+d", "10/100"},
			{"ctrl+u", "1/100"},
		} {
			s.press(step.key)
			assert.Contains(t, s.line(-2), " "+step.place+" ", step.key)
		}
	})
}

func TestFilterPrompt(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.press("/", "q")
		assert.False(t, s.quit, "q is a letter here")
		s.press("backspace", "failed")
		s.shows("filter: failed (1 of 8)", "FAILED_PERMANENTLY")
		s.press("down", "?")
		s.shows("failed?")
		s.press("backspace", "enter")
		s.lacks(" / failed")
		s.shows("filter: failed (1 of 8)")

		s.press("esc")
		s.shows("the filter is cleared", "/8 ", "▌ ✕ FAILED_PERMANENTLY")
		s.press("esc")
		s.shows("nothing to go back from; q quits")

		s.press("/", "placed", "esc")
		s.lacks("filter:")
		s.press("x")
		s.shows("filter: x (", "/ x")
		s.press("esc", "esc", "down")
		s.lacks("/ x")

		s.press("/")
		s.paste("cancelled\nCANC")
		s.shows("filter: cancelled CANC (1 of 8)", "CANCELED")
		s.press("enter", "3")
		s.lacks("filter:")
		s.press("2")
		s.shows("filter: cancelled CANC", "▌ ○ CANCELED")
	})
}

func TestPastingElsewhereDoesNothing(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.paste("q")
		s.paste("p")
		assert.False(t, s.quit)
		s.lacks("PAUSED")
		s.shows("pasting works in the filter")
	})
}

func TestCopy(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.press("y")
		s.shows("copied " + id(1))
		s.press("down", "enter", "y")
		s.press("3", "down", "down", "down", "y")
		s.shows("nothing to copy: this delivery names no order or job")
		assert.Equal(t, []string{id(1), id(2)}, s.copied)
	})
	within(t, 120, 30, aDay, func(s *screen) {
		s.press("y")
		s.shows("could not copy: no terminal")
		s.advance(time.Minute)
		s.shows("could not copy") // until a key
		s.press("down")
		s.lacks("could not copy")
	}, func(o *tui.Options) { o.Copy = func(string) error { return errors.New("no terminal") } })
	within(t, 120, 30, newMemory, func(s *screen) {
		s.press("y")
		s.shows("nothing to copy: no row is selected")
		s.advance(10 * time.Second)
		s.lacks("nothing to copy")
		s.press("enter")
		s.shows("no details: no row is selected")
		s.press("down")
		s.shows("the list is empty")
	}, func(o *tui.Options) { o.Copy = nil })
	within(t, 120, 30, aDay, func(s *screen) {
		s.press("y")
		s.shows("this terminal has no clipboard")
	}, func(o *tui.Options) { o.Copy = nil })
}

func TestKeysThatDoNothingSayWhy(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.press("x")
		s.shows("x does nothing here; ? shows the keys")
		s.press("ctrl+z")
		s.shows("ctrl+z is off")
		s.press("/", "ctrl+z")
		s.press("esc")
		s.press("enter", "x")
		s.shows("x does nothing here")
		s.press("left")
		s.shows("this is the first one")
	})
}

func TestAFilterThatHidesAllIsNoEmptyList(t *testing.T) {
	within(t, 80, 24, aDay, func(s *screen) {
		s.press("/", "nothing like it", "enter", "down")
		s.shows("nothing to move through: the filter hides all 8")
	})
}

func TestDetailsAndBack(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.press("enter")
		s.shows("Order " + id(1))
		s.press("right")
		s.shows("Order "+id(2), "2/8")
		s.press("left", "left")
		s.shows("Order " + id(1))
		s.press("tab", "tab")
		assert.Contains(t, s.line(3), "Newest event")
		s.press("tab", "shift+tab")
		s.press("end", "down", "home", "pgdown", "pgup", "ctrl+d", "ctrl+u", "up")
		s.shows("Order " + id(1))
		s.press("esc")
		s.shows("▌ ● FULFILLED")
		s.press("enter", "1")
		s.shows("▌ ✕ ERROR")
	})
}

func TestHelpOpensAndCloses(t *testing.T) {
	within(t, 80, 24, aDay, func(s *screen) {
		s.press("?")
		s.shows("Lists", "half a page up")
		for range 20 {
			s.press("down")
		}
		s.lacks("Lists")
		s.press("end")
		s.shows("previous section")
		s.press("home")
		s.shows("Lists", "half a page up")
		s.press("?", "?")
		s.shows("Lists")
		s.press("esc")
		s.shows("▌ ● FULFILLED")
		s.press("?", "3")
		s.shows("▌ ● FULFILLED") // a key that leaves the help does nothing else
		s.press("3")
		s.shows("VERDICT")
	})
}

func TestSorting(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.press("s")
		s.shows("sorted by waiting longest", "IN STATE↓")
		s.press("s", "home")
		s.shows("STATUS↓", "▌ ✕ FAILED_PERMANENTLY")
		s.press("s", "s", "s")
		s.shows("sort: latest event")
	})
}

func TestQuitting(t *testing.T) {
	for name, keys := range map[string][]string{
		"q": {"q"}, "ctrl+c": {"ctrl+c"}, "from details": {"enter", "q"}, "from help": {"?", "q"}, "ctrl+c in the filter": {"/", "ctrl+c"},
	} {
		t.Run(name, func(t *testing.T) {
			within(t, 80, 24, aDay, func(s *screen) {
				s.press(keys...)
				assert.True(t, s.quit)
			})
		})
	}
}

func TestANoticeStaysUntilAKey(t *testing.T) {
	within(t, 80, 24, aDay, func(s *screen) {
		s.advance(time.Minute)
		s.shows("a secret was made")
		s.send(tea.KeyMsg{Type: tea.KeyDown})
		s.lacks("a secret was made")
	}, func(o *tui.Options) { o.Receiver.Notice = "a secret was made" })
}

func TestItStartsOnThePageThatHasRows(t *testing.T) {
	within(t, 80, 24, func() *memory {
		l := newMemory()
		l.add(job(1, "RUNNING", 0))
		return l
	}, func(s *screen) { s.shows("▌ ◐ RUNNING") })
}

// What was looked at is what a key acts on, whatever comes in meanwhile.
func TestTheCursorFollowsUntilItIsMoved(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.shows("following", "1/8")
		s.press("down", "up")
		s.lacks("following")
		s.shows("g follows", "1/8")
		s.press("home")
		s.shows("following")
		s.press("enter", "esc")
		s.lacks("following")
	})
}

func TestAFilterIsSaidHoweverLittleRoomThereIs(t *testing.T) {
	within(t, 60, 15, aDay, func(s *screen) {
		s.press("/", "-placed -created -being_placed", "enter", "p")
		s.shows("filtered", "PAUSED")
	})
}

func TestTheEventsOfARowAreNotThoseOfALongerId(t *testing.T) {
	within(t, 120, 30, func() *memory {
		l := newMemory()
		l.add(about(receiver.Order, "my-order-2", "CREATED", 2*time.Minute), about(receiver.Order, "my-order", "PLACED", time.Minute))
		return l
	}, func(s *screen) {
		s.shows("▌ ◐ PLACED")
		s.press("e")
		s.shows("the events of my-order", "PLACED", "(1 of 2)")
		s.lacks("my-order-2")
	})
}

func TestFromARowToItsEventsAndBack(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.press("down", "e")
		s.shows("filter: kind:order id:", "the events of ", "esc shows all again")
		s.press("down", "e")
		s.lacks("filter: kind:order id:")
		s.shows("2/8")
		s.press("enter", "e")
		s.shows("filter: kind:order id:")
		s.press("enter", "e")
		s.shows("2/8")
		s.press("3", "esc", "/", "missing-signature", "enter", "e")
		s.shows("nothing to go to: this delivery names no order or job")
		s.press("/", " zzz", "enter", "e")
		s.shows("nothing to go to: no row is selected")
		s.press("2", "/", "failed", "enter", "3", "esc", "home", "e")
		s.shows("its order is not listed: the filter there hides it")
	})
}
