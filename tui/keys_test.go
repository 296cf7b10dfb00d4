package tui_test

import (
	"errors"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/remembered"
)

func TestPagesByNumberAndTab(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		for _, step := range []struct{ key, title string }{
			{"1", "JOB  "},
			{"2", "ORDER  "},
			{"3", "VERDICT"},
			{"4", "NAME"},
			{"shift+tab", "VERDICT"},
			{"shift+tab", "ORDER  "},
			{"shift+tab", "JOB  "},
			{"shift+tab", "Running"},
			{"shift+tab", "NAME"},
			{"tab", "Running"},
			{"tab", "Running"}, // the next panel
			{"shift+tab", "Running"},
			{"shift+tab", "NAME"},
			{"0", "Running"},
			{"1", "JOB  "},
			{"tab", "ORDER  "},
		} {
			s.Press(step.key)
			assert.Contains(t, s.Line(3), step.title, step.key)
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
			s.Press(step.key)
			assert.Contains(t, s.Line(-2), " "+step.place+" ", step.key)
		}
	})
}

func TestFilterPrompt(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.Press("/", "q")
		assert.False(t, s.quit, "q is a letter here")
		s.Press("backspace", "failed")
		s.Shows("filter: failed (1 of 8)", "FAILED_PERMANENTLY")
		s.Press("down", "?")
		s.Shows("failed?")
		s.Press("backspace", "enter")
		s.Lacks(" / failed")
		s.Shows("filter: failed (1 of 8)")
		s.Press("down")

		s.Press("esc")
		s.Shows("the filter is cleared", "/8 ", "▌ ✕ FAILED_PERMANENTLY")
		s.Press("esc")
		s.Shows("nothing to go back from; q quits")

		s.Press("/", "placed", "esc", "esc")
		s.Lacks("filter:")
		s.Press("x")
		s.Shows("filter: x (", "/ x")
		s.Press("esc", "esc", "down")
		s.Lacks("/ x")

		s.Press("/")
		s.Paste("cancelled\nCANC")
		s.Shows("filter: cancelled CANC (1 of 8)", "CANCELED")
		s.Press("enter", "3")
		s.Lacks("filter:")
		s.Press("2")
		s.Shows("filter: cancelled CANC", "▌ ○ CANCELED")
	})
}

func TestPastingElsewhereDoesNothing(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.Paste("q")
		s.Paste("p")
		assert.False(t, s.quit)
		s.Lacks("PAUSED")
		s.Shows("pasting works in the filter")
	})
}

func TestCopy(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.Press("y")
		s.Shows("copied " + id(1))
		s.Press("down", "enter", "y")
		s.Press("3", "down", "down", "down", "y")
		s.Shows("nothing to copy: this delivery names no order or job")
		assert.Equal(t, []string{id(1), id(2)}, s.copied)
	})
	within(t, 120, 30, aDay, func(s *screen) {
		s.Press("y")
		s.Shows("could not copy: no terminal")
		s.advance(time.Minute)
		s.Shows("could not copy") // until a key
		s.Press("down")
		s.Lacks("could not copy")
	}, func(o *tui.Options) { o.Copy = func(string) error { return errors.New("no terminal") } })
	within(t, 120, 30, newMemory, func(s *screen) {
		s.Press("y")
		s.Shows("nothing to copy: no row is selected")
		s.advance(10 * time.Second)
		s.Lacks("nothing to copy")
		s.Press("enter")
		s.Shows("no details: no row is selected")
		s.Press("down")
		s.Shows("the list is empty")
	}, func(o *tui.Options) { o.Copy = nil })
	within(t, 120, 30, aDay, func(s *screen) {
		s.Press("y")
		s.Shows("this terminal has no clipboard")
	}, func(o *tui.Options) { o.Copy = nil })
}

func TestKeysThatDoNothingSayWhy(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.Press("x")
		s.Shows("x does nothing here; ? shows the keys")
		s.Press("ctrl+z")
		s.Shows("ctrl+z is off")
		s.Press("/", "ctrl+z")
		s.Press("esc")
		s.Press("enter", "x")
		s.Shows("x does nothing here")
		s.Press("left")
		s.Shows("this is the first one")
	})
}

func TestAFilterThatHidesAllIsNoEmptyList(t *testing.T) {
	within(t, 80, 24, aDay, func(s *screen) {
		s.Press("/", "nothing like it", "enter", "down")
		s.Shows("nothing to move through: the filter hides all 8")
	})
}

func TestDetailsAndBack(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.Press("enter")
		s.Shows("Order " + id(1))
		s.Press("right")
		s.Shows("Order "+id(2), "2/8")
		s.Press("left", "left")
		s.Shows("Order " + id(1))
		s.Press("tab", "tab", "tab")
		assert.Contains(t, s.Line(3), "Newest event")
		s.Press("tab", "shift+tab")
		s.Press("end", "down", "home", "pgdown", "pgup", "ctrl+d", "ctrl+u", "up")
		s.Shows("Order " + id(1))
		s.Press("esc")
		s.Shows("▌ ● FULFILLED")
		s.Press("enter", "1")
		s.Shows("▌ ✕ ERROR")
	})
}

func TestHelpOpensAndCloses(t *testing.T) {
	within(t, 80, 24, aDay, func(s *screen) {
		s.Press("?")
		s.Shows("Lists", "half a page up")
		for range 20 {
			s.Press("down")
		}
		s.Lacks("Lists")
		s.Press("end")
		s.Shows("open: list or details")
		s.Press("home")
		s.Shows("Lists", "half a page up")
		s.Press("?", "?")
		s.Shows("Lists")
		s.Press("esc")
		s.Shows("▌ ● FULFILLED")
		s.Press("?", "3")
		s.Shows("▌ ● FULFILLED") // a key that leaves the help does nothing else
		s.Press("3")
		s.Shows("VERDICT")
	})
}

func TestSorting(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.Press("s")
		s.Shows("sorted by longest in state", "IN STATE↓")
		s.Press("s", "home")
		s.Shows("STATUS↓", "▌ ✕ FAILED_PERMANENTLY")
		s.Press("S")
		s.Shows("sorted by status, reversed", "STATUS↑")
		for _, name := range []string{"newest", "id", "type", "host", "most events", "longest journey", "note", "latest event"} {
			s.Press("s")
			s.Shows("sorted by " + name)
		}
	})
}

// The title of the column by which a list is sorted is whole, with its mark, also if the details beside
// the list leave little room.
func TestTheTitleOfTheSortedColumnIsWhole(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {132, 36}, {160, 45}} {
		within(t, size[0], size[1], aDay, func(s *screen) {
			for _, page := range []string{"1", "2", "5"} {
				s.Press(page)
				for range 12 {
					s.Press("s")
					titles := s.Line(4)
					assert.NotContains(t, titles, "…")
					s.Press("S")
					assert.NotContains(t, s.Line(4), "…")
					s.Press("S")
				}
			}
		}, forwards(given()))
	}
}

func TestQuitting(t *testing.T) {
	for name, keys := range map[string][]string{
		"q": {"q"}, "ctrl+c": {"ctrl+c"}, "from details": {"enter", "q", "q"}, "from help": {"?", "q", "q"}, "ctrl+c in the filter": {"/", "ctrl+c"},
	} {
		t.Run(name, func(t *testing.T) {
			within(t, 80, 24, aDay, func(s *screen) {
				s.Press(keys...)
				assert.True(t, s.quit)
			})
		})
	}
}

func TestQGoesBackBeforeItQuits(t *testing.T) {
	within(t, 80, 24, aDay, func(s *screen) {
		for _, there := range []string{"enter", "?"} {
			s.Press(there)
			s.Shows("esc/q back")
			s.Press("q")
			assert.False(t, s.quit)
			s.Shows("q quit")
		}
	})
}

func TestQAsksOnceBeforeTheReceiverEnds(t *testing.T) {
	within(t, 80, 24, aDay, func(s *screen) {
		s.Press("q")
		s.Shows("q again ends the receiver, too")
		s.Press("down", "q")
		assert.False(t, s.quit, "the keys did not follow each other")
		s.advance(10 * time.Second)
		s.Lacks("q again")
		s.Press("q")
		assert.False(t, s.quit, "the question was no longer shown")
		s.Shows("q again ends the receiver, too")
		s.Press("q")
		assert.True(t, s.quit)
	}, func(o *tui.Options) { o.Receiver.BeforeEnd = "the receiver, too" })
}

func TestANoticeStaysUntilAKey(t *testing.T) {
	within(t, 80, 24, aDay, func(s *screen) {
		s.advance(time.Minute)
		s.Shows("a secret was made")
		s.Send(tea.KeyMsg{Type: tea.KeyDown})
		s.Lacks("a secret was made")
	}, func(o *tui.Options) { o.Receiver.Notice = "a secret was made" })
}

func TestItStartsOnTheOverviewIfThereIsSomethingToSay(t *testing.T) {
	first := func(o *tui.Options) { o.Remembered = remembered.State{} }
	within(t, 80, 24, func() *memory {
		l := newMemory()
		l.Add(job(1, "RUNNING", 0))
		return l
	}, func(s *screen) { s.Shows("◐ Running", "1 job") }, first)
	within(t, 80, 24, newMemory, func(s *screen) {
		s.Shows("No event has come yet.", "sort: latest event") // it is the page Orders
		s.log.Add(order(1, "PLACED", 0))
		s.advance(time.Second)
		s.Shows("▌ ◐ PLACED") // the page does not change under the user's hands
	}, first)
	within(t, 80, 24, newMemory, func(s *screen) {
		s.Press("0")
		s.Shows("No event has come yet.", "send")
		s.log.Add(order(1, "PLACED", 0))
		s.advance(time.Second)
		s.Shows("◐ Running", "1 order")
	}, first)
	within(t, 80, 24, aDay, func(s *screen) { s.Shows("▌ ● FULFILLED") }) // a remembered page wins
}

// A key acts on the row that the user looks at, whatever comes in meanwhile.
func TestTheCursorFollowsUntilItIsMoved(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.Shows("following", "1/8")
		s.Press("down", "up")
		s.Lacks("following")
		s.Shows("g follows", "1/8")
		s.Press("home")
		s.Shows("following")
		s.Press("enter", "esc")
		s.Lacks("following")
	})
}

func TestAFilterIsALabelOnAnyScreen(t *testing.T) {
	within(t, 60, 15, aDay, func(s *screen) {
		s.Press("/", "-placed -created -being_placed", "enter", "p")
		s.Shows("filtered", "PAUSED")
	})
}

func TestTheEventsOfARowAreNotThoseOfALongerId(t *testing.T) {
	within(t, 120, 30, func() *memory {
		l := newMemory()
		l.Add(about(receiver.Order, "my-order-2", "CREATED", 2*time.Minute), about(receiver.Order, "my-order", "PLACED", time.Minute))
		return l
	}, func(s *screen) {
		s.Shows("▌ ◐ PLACED")
		s.Press("e")
		s.Shows("the events of my-order", "PLACED", "─ 1 of 2 ─")
		s.Lacks("my-order-2")
	})
}

func TestEscGoesBackOneStepAtATime(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.Press("3", "/", "verified", "enter", "2", "down", "e")
		s.Shows("── Orders › b86c0484 › events ─", "4 of 26")
		s.Press("down", "enter")
		s.Shows("── Orders › b86c0484 › events › 17 ─")
		s.Press("esc")
		s.Shows("── Orders › b86c0484 › events ─", "2/4")
		s.Press("/", " placed", "enter")
		s.Shows("filter: kind:order")
		s.Press("esc")
		s.Shows("4 of 26", "the filter is as before")
		s.Press("esc")
		s.Shows("▌ ◐ BEING_FULFILLED", "2/8")
		s.Lacks("›")
		s.Press("3")
		s.Shows("filter: verified") // it is as before the step
		s.Press("enter", "e", "enter", "e", "esc")
		s.Shows("── Events › 24 › orders › 259d5858 ─")
		s.Press("esc", "esc")
		s.Shows("── Events › 24 ─", "lines 1-")
		s.Press("esc", "esc")
		s.Shows("the filter is cleared")
		s.Press("2", "e", "1", "esc")
		s.Shows("nothing to go back from") // another page was chosen meanwhile
	})
}

func TestFromARowToItsEventsAndBack(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.Press("down", "e")
		s.Shows("── Orders › b86c0484 › events ─", "4 of 26", "the events of ", "esc goes back")
		s.Press("down", "e")
		s.Lacks("›")
		s.Shows("2/8")
		s.Press("enter", "e")
		s.Shows("Orders › b86c0484 › events")
		s.Press("enter", "e")
		s.Shows("Orders › b86c0484 ─", "2/8", "lines 1-")
		s.Press("esc")
		s.Press("3", "esc", "/", "missing-signature", "enter", "e")
		s.Shows("nothing to go to: this delivery names no order or job")
		s.Press("/", " zzz", "enter", "e")
		s.Shows("nothing to go to: no row is selected")
		s.Press("2", "/", "failed", "enter", "3", "esc", "home", "e")
		s.Shows("its order is not listed: the filter there hides it")
	})
}

// To redraw changes nothing that is open.
func TestARedrawLeavesWhatIsOpen(t *testing.T) {
	within(t, 80, 24, aDay, func(s *screen) {
		for _, open := range [][]string{{"2"}, {"2", "enter"}, {"?"}, {":"}, {"/", "s"}} {
			s.Press(open...)
			before := s.View()
			s.Press("ctrl+l")
			assert.Equal(t, before, s.View())
			s.Press("esc", "esc", "esc")
		}
	})
}

// A key that does nothing says where it does something, or which key is meant.
func TestAKeyThatDoesNothingSaysWhichOneDoes(t *testing.T) {
	within(t, 100, 24, aDay, func(s *screen) {
		for pressed, says := range map[string]string{
			"d": "d does nothing here; on Webhooks: delete; ? shows the keys", "r": "r does nothing here; R: ask UP42 again; ? shows the keys",
			"i": "i does nothing here; ? shows the keys",
		} {
			s.Press(pressed)
			s.Shows(says)
		}
	})
}
