package tui_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/tui"
)

func TestMarks(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.Press("space")
		s.Shows("1 marked", "2/8", "◈ ● FULFILLED", "y copy ids", "esc unmark")
		s.Press("down", "down", "V")
		s.Shows("4 marked")
		s.Press("space")
		s.Shows("3 marked") // the mark of this row is gone

		// Rows that come, filters and other orders do not change the marks.
		s.log.Add(order(90, "PLACED", 0), order(91, "PLACED", 0))
		s.advance(100 * time.Millisecond)
		s.Shows("/10", "3 marked")
		s.Press("/", "cancelled", "enter")
		s.Shows("3 marked", "(1 of 10)")
		s.Press("s")

		s.Press("y")
		s.Shows("copied 3 ids")
		assert.Len(t, strings.Split(s.copied[0], "\n"), 3)
		assert.Contains(t, s.copied[0], id(1))

		s.Press("esc")
		s.Shows("removed the marks of 3 rows", "(1 of 10)")
		s.Lacks("marked")
		s.Press("esc")
		s.Shows("the filter is cleared")
	})
}

// On a narrow terminal the footer has first what can be done with what is marked.
func TestTheFooterOfMarksAt80Columns(t *testing.T) {
	within(t, 80, 24, aDay, func(s *screen) {
		for page, want := range map[string]string{
			"2": " R ask UP42  y copy ids  esc unmark  space mark  : find ",
			"3": " f forward them  R ask UP42  y copy ids  esc unmark  : find ",
			"5": " f forward them  R ask UP42  y copy ids  esc unmark  : find ",
		} {
			s.Press(page, "space", "space", "V")
			s.Shows(" marked ")
			assert.True(t, strings.HasPrefix(s.Line(-1)+" ", want[1:]), s.Line(-1))
		}
		s.Press("2", "p")
		s.Shows("esc unmark  p continue")
	}, forwards(given()), asking(anAccount()))
}

func TestMarksNeedRows(t *testing.T) {
	within(t, 80, 24, newMemory, func(s *screen) {
		for _, page := range []string{"1", "2", "3"} {
			s.Press(page, "space")
			s.Shows("nothing to mark: no row is selected")
			s.Press("V")
			s.Shows("nothing to mark: no row is selected")
		}
	})
}

func TestAtMostAThousandMarks(t *testing.T) {
	within(t, 80, 24, manyOrders(1100), func(s *screen) {
		s.Press("space", "G", "V")
		s.Shows("1,000 rows are marked: no more can be", "1,000 marked")
	})
}

func TestForwardingWhatIsMarked(t *testing.T) {
	h := well()
	within(t, 120, 30, aDay, func(s *screen) {
		s.Press("space", "f")
		s.Shows("f forwards single events")
		s.Press("3", "space", "space", "space", "f")
		s.Shows("forwarded 3 events")
		s.Lacks("marked")
		assert.Len(t, h.calls, 3)
	}, forwards(h))
}

func TestWhatFailsStaysMarked(t *testing.T) {
	h := well()
	h.answer = errors.New("connection refused")
	within(t, 120, 30, aDay, func(s *screen) {
		s.Press("3", "space", "space", "f")
		s.Shows("forwarded 0 of 2 events; 2 failed and are still marked, the first one is event", "connection refused", "2 marked")
	}, forwards(h))
	h = given()
	within(t, 120, 30, aDay, func(s *screen) {
		s.Press("5", "G", "space", "g", "V", "f")
		s.Shows("forwarded 4 events")
		assert.Contains(t, h.calls, "resend 9 "+script)
	}, forwards(h))
}

func TestAskingAboutWhatIsMarked(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.Press("space", "R")
		s.Shows("R asks UP42, which needs credentials")
		s.Press("F")
		s.Shows("F sends one event to a URL")
	}, func(o *tui.Options) { o.Forwarder = well() })
}
