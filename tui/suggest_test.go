package tui_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/remembered"
	"github.com/up42/up42-webhooks/tui/theme"
)

func TestKeysAndValuesAreProposed(t *testing.T) {
	within(t, 80, 24, aDay, func(s *screen) {
		s.Press("/")
		s.Shows("── filter by ──", "  status:    FAILED, PLACED or *FULF*", "tab take the first")
		s.Press("st", "tab")
		s.Shows(" / status:_", "── status: FAILED", "         2  FULFILLED", "         1  CANCELED", "         0  CREATED")
		s.Lacks("a value is missing")
		s.Press("down", "down", "down", "up", "enter")
		s.Shows(" / status:PLACED_", "filter: status:PLACED (2 of 8)", "enter keep")
		s.Lacks("── status:", "         2  FULFILLED")
		s.Press(",f")
		s.Shows("         2  FULFILLED", "         1  FAILED_PERMANENTLY", "         1  BEING_FULFILLED")
		s.Press("a", "tab", " t")
		s.Shows(" / status:PLACED,FAILED_PERMANENTLY t_", "  type:      a part of its type")
		s.Press("tab")
		s.Shows("         3  ARCHIVE") // of the rows that have one of these statuses
		s.Press("tab", "enter")
		s.Shows("filter: status:PLACED,FAILED", "(3 of 8)")
		s.Lacks(" / type")
	})
}

func TestEscClosesTheListFirst(t *testing.T) {
	within(t, 80, 24, aDay, func(s *screen) {
		s.Press("/", "st", "down")
		s.Shows("▌ status:", "tab/enter take it", "1/2 ──")
		s.Press("esc")
		s.Lacks("── filter by")
		s.Shows(" / st_")
		s.Press("down") // moves through the rows
		s.Shows("2/2 ──")
		s.Press("esc")
		s.Shows(" / _")
		s.Press("esc")
		s.Lacks(" / _")
		s.Press("/", "esc")
		s.Lacks(" / _")
	})
}

// What is shown while a value is typed stays when it is kept, also if UP42 does not document it.
func TestNoRowVanishesOnEnter(t *testing.T) {
	log := func() *memory {
		l := newMemory()
		l.Add(order(1, "FROZEN_X", time.Minute), order(2, "FULFILLED", time.Minute), order(3, "PLACED", 0))
		return l
	}
	for typed, kept := range map[string]string{"status:F": "status:F* (2 of 3)", "status:froz": "status:froz* (1 of 3)", "status:placed": "status:placed (1 of 3)"} {
		within(t, 100, 24, log, func(s *screen) {
			s.Press("/", typed)
			s.Lacks("documents no such")
			before := strings.Split(s.View(), "\n")[4:7]
			s.Press("enter")
			assert.Equal(t, before, strings.Split(s.View(), "\n")[4:7])
			s.Shows("filter: " + kept)
		})
	}
}

func TestEarlierFiltersAreWalkedThrough(t *testing.T) {
	m := &memorising{}
	within(t, 120, 30, aDay, func(s *screen) {
		s.Press("2", "/", "placed", "enter", "esc", "/", "is:failed", "enter", "esc", "/", "placed", "enter", "esc")
		s.Press("3", "/", "reason:stale", "enter", "esc", "2", "/", "not kept", "esc", "esc")
		s.advance(2 * time.Second)
	}, m.option)
	assert.Equal(t, []string{"reason:stale", "placed", "is:failed"}, m.state.Filters)
	within(t, 120, 30, aDay, func(s *screen) {
		s.Press("2", "/")
		s.Shows("↑ earlier filters")
		s.Press("up")
		s.Shows(" / placed_", "history 1/2") // an order has no reason
		s.Press("up")
		s.Shows(" / is:failed_", "filter: is:failed (1 of 8)", "history 2/2")
		s.Press("up")
		s.Shows(" / is:failed_")
		s.Press("down", "down")
		s.Shows(" / _", "── filter by ──")
		s.Lacks("history")
		s.Press("up", "up", "x")
		s.Shows(" / is:failedx_")
		s.Press("esc", "4", "enter", "esc", "3", "/", "up")
		s.Shows(" / 4_") // on the page Events, which is not left
	}, m.option)
}

func TestTheHistoryIsBounded(t *testing.T) {
	long := remembered.State{Filters: []string{strings.Repeat("x", 500)}}
	for i := range 200 {
		long.Filters = append(long.Filters, fmt.Sprint("word", i))
	}
	m := &memorising{state: long}
	within(t, 120, 30, aDay, func(s *screen) {
		s.Press("2", "/", "new", "enter")
		s.advance(2 * time.Second)
		assert.Len(t, m.state.Filters, 50)
		assert.Equal(t, []string{"new", "word0"}, m.state.Filters[:2])
	}, m.option)
}

func TestPastedFilters(t *testing.T) {
	within(t, 80, 24, aDay, func(s *screen) {
		s.Press("/", "st", "down")
		s.Paste("\x1b[2Jone\ntwo\r\n\tthree\u202e")
		s.Lacks("\x1b", "\u202e")
		s.Press("enter")
		s.Lacks(" / st")
		s.Press("/", "esc", "esc", "/")
		s.Paste(strings.Repeat("status:", 10_000))
		s.Shows("there is room for 400 characters: the rest is left out")
		s.Press("backspace")
		s.Lacks("is left out")
		for range 60 {
			s.Press("left", "up", "down")
			s.View()
		}
		s.Press("esc", "esc", "/")
		s.Paste("status:")
		s.Shows("         2  FULFILLED")
	})
}

// hardNames are orders whose names are hard to show or to type.
func hardNames() *memory {
	l := newMemory()
	for i, name := range []string{
		strings.Repeat("long ", 2000), "שלום עולם", "می\u200cخواهم", "two, \"words\"", "evil\x1b[2J\u202e", "\x00", "漢字漢字", strings.Repeat("\u0301", 50),
	} {
		e := order(i+1, "PLACED", time.Duration(i)*time.Second)
		e.DisplayName = name
		l.Add(e)
	}
	return l
}

func TestHardNamesAreProposedAndFound(t *testing.T) {
	for _, size := range [][2]int{{60, 15}, {80, 24}, {200, 60}} {
		for _, page := range []string{"2", "3"} {
			within(t, size[0], size[1], hardNames, func(s *screen) {
				s.Press(page, "/", "name:")
				if size[1] > 15 {
					s.Shows("שלום עולם", "two, \"words\"")
				}
				s.Lacks("\x1b", "\u202e", "\x00")
				for i := range 6 {
					s.Press("esc", "esc", "name:")
					for range i + 1 {
						s.Press("down")
						s.View()
					}
					s.Press("enter")
					s.View()
					s.Press("enter")
					s.Lacks("(0 of 8)", " / name")
					s.Press("/")
				}
			})
		}
	}
}

func TestTheListOnATerminalWithoutColours(t *testing.T) {
	ascii := func(o *tui.Options) {
		o.Theme, o.ASCII = theme.New(theme.Options{Profile: termenv.Ascii, ASCII: true}), true
	}
	within(t, 60, 15, aDay, func(s *screen) {
		s.Press("/", "is:", "down")
		s.Shows("> ", "* succeeded")
	}, ascii)
	within(t, 1, 1, aDay, func(s *screen) {
		s.Press("/", "status:", "down", "enter")
		s.View()
	})
}

func TestUndeliveredEventsAndWebhooksAreFilteredToo(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.Press("5", "/", "status:")
		s.Shows("── status:")
		s.Press("esc", "esc", "esc", "4", "/")
		s.Lacks("── filter by")
	}, forwards(given()))
}

func TestValuesAreCountedInTheWholeStore(t *testing.T) {
	within(t, 120, 30, manyOrders(1321), func(s *screen) {
		s.advance(time.Second)
		s.Press("/", "status:")
		s.Shows("     1,321  PLACED")
		s.log.Add(order(5000, "PLACED", 0))
		s.advance(1100 * time.Millisecond)
		s.Shows("     1,322  PLACED")
		s.Press("esc", "esc", "esc", "3", "/", "event:")
		s.Shows("     1,322  order.status")
		s.log.Fail(receiver.ErrClosed)
		s.Press("esc", "esc", "esc", "/", "kind:")
		s.Shows("not counted: the log is closed", "order")
	}, fewRows)
}

// A word that begins like a documented value is proposed with its key.
func TestAWordIsProposedWithItsKey(t *testing.T) {
	within(t, 80, 24, aDay, func(s *screen) {
		s.Press("/", "fail")
		s.Shows("  is:failed", "  status:FAILED_PERMANENTLY", "tab take the first", "filter: fail (1 of 8)")
		s.Press("tab", "enter")
		s.Shows("filter: is:failed (1 of 8)")
		s.Press("esc", "/", "ver", "down", "down", "enter")
		s.Shows(" / verdict:verified_")
	})
	within(t, 80, 24, aDay, func(s *screen) {
		s.Press("3", "/", "missing")
		s.Shows("  reason:missing-signature")
	})
	within(t, 80, 24, aDay, func(s *screen) {
		s.Press("/", "fu")
		s.Lacks("── filter by") // two letters may become anything
	})
}

// A value that is begun, and can be one only, is what is meant.
func TestAValueThatCanBeOneOnlyIsTaken(t *testing.T) {
	within(t, 100, 24, aDay, func(s *screen) {
		s.Press("3", "/", "verdict:rej", "enter")
		s.Lacks(" / verdict")
		s.Shows("filter: verdict:rejected (2 of 26)")
		s.Press("esc", "/", "is:f", "enter")
		s.Shows(" / is:f_", "✕ is: want succeeded", "✕ failed", "  final") // one of two
		s.Press("a", "enter")
		s.Shows("filter: is:failed (")
	})
}
