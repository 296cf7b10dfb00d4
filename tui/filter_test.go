package tui_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/prompt"
)

func TestAFilterIsAnExpression(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.Press("/", "status:FULF")
		s.Shows("(2 of 8)", "── status: FAILED, PLACED or *FULF* ──", "       2  FULFILLED", "tab take the first")
		s.Lacks("UP42 documents no such")
		s.Press("tab")
		s.Shows(" / status:FULFILLED_", "filter: status:FULFILLED (2 of 8)")
		s.Press(" is:live -type:tasking", "enter")
		s.Shows("(2 of 8)")
		s.Press("3", "/", "verdict:rejected", "enter")
		s.Shows("filter: verdict:rejected (2 of 26)", "missing-signature")
		s.Press("1")
		s.Lacks("filter:")
		s.Press("2")
		s.Shows("filter: status:FULFILLED is:live -typ… (2 of 8)")
	})
}

func TestAWrongFilterKeepsThePromptOpen(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.Press("/", "stats:FAILED", " placed", "enter")
		assert.Contains(t, s.Line(-3), `───↓↓↓↓↓ ✕ no such key; in quotes it is text; did you mean "status"? ──`)
		s.Shows(" / stats:FAILED placed_")
		s.Press("x")
		assert.Contains(t, s.Line(-3), `───↓↓↓↓↓ no such key`)
		s.Press("backspace", "tab")
		s.Shows(" / status:FAILED placed", "filter: status:FAILED placed (0 of 8)")
		s.Press("esc", "reason:stale", "enter")
		assert.Contains(t, s.Line(-3), `───↓↓↓↓↓↓↓↓↓↓↓↓ ✕ reason can't be asked for here ──`)
		s.Press("q")
		assert.False(t, s.quit)
		s.Press("esc", "tab", "enter")
		s.Lacks(" / _", "filter:")
	})
}

func TestTheRulePointsAtAFault(t *testing.T) {
	within(t, 60, 15, aDay, func(s *screen) {
		s.Press("/", "one two three four five six seven eight live:x", "enter")
		assert.Equal(t, `──────────────────── ✕ live: want true or false ↓───────────`, s.Line(-3))
		s.Press(" and much more text than there is room for on a line")
		s.View() // as wide as the screen
		for range 120 {
			s.Press("left")
			s.View()
		}
		s.Press("esc", `"not closed`)
		assert.Contains(t, s.Line(-3), "its quote is not closed")
		s.Press("esc", "id:")
		assert.Contains(t, s.Line(-3), "──────↓ id: a value is missing ──")
		s.Press(" x")
		assert.Contains(t, s.Line(-3), "──────↓ id: a value is missing ──")
		s.Press("esc")
		s.Paste("漢字漢字 knd:x")
		assert.Contains(t, s.Line(-3), `────────────↓↓↓ did you mean "kind"? ───`)
	})
}

func TestAFilterThatIsProbablyWrongIsKeptWithANote(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.Press("/", "status:ARCHIVD", "enter")
		s.Shows(`filter: "ARCHIVD": UP42 documents no such status`, "filter: status:ARCHIVD (0 of 8)", "Nothing matches the filter")
		s.Press("esc", "/", "status:ARCHIVED", "enter")
		s.Shows("(1 of 8)", "■ ARCHIVED")
	})
}

func TestSavedFilters(t *testing.T) {
	saved := func(o *tui.Options) {
		o.Filters = [4]prompt.SavedFilter{{Name: "failed\x1b[2J", Expr: "is:failed"}, {}, {Expr: "reason:missing-*"}, {Expr: "kind:order is:test"}}
	}
	within(t, 120, 30, aDay, func(s *screen) {
		s.Press("f1")
		s.Shows(`filter: failed\u001b[2J (1 of 8)`)
		s.Press("f4")
		s.Shows("filter: kind:order is:test (2 of 8)")
		s.Press("f4")
		s.Shows("the filter is cleared", "1/8")
		s.Press("f2")
		s.Shows(`F2 has no filter; configure filters: {F2: "is:failed kind:order"}`)
		s.Press("f3")
		s.Shows(`F3 can't be used here: filter: "reason:missing-*": reason can't be asked for here`)
		s.Lacks("(")
		s.Press("3", "f3")
		s.Shows("filter: reason:missing-* (1 of 26)")
		s.Press("/", "f1")
		s.Shows(" / is:failed_", `(2 of 26)`)
		s.Press("enter", "f1", "4", "f1")
		s.Shows("F1 filters jobs, orders and events; / filters here")
		s.Press("2", "?")
		s.Shows("F1           failed", "F4           kind:order is:test", "since:")
		s.Lacks("F2 ")
	}, saved)
}

func TestAFilterThatDependsOnTimeIsRenewed(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.Press("3", "/", "since:1m", "enter")
		s.Shows("(6 of 26)")
		s.advance(30 * time.Second)
		s.Shows("(3 of 26)")
		s.Press("2", "/", "since:1m", "enter")
		s.advance(10 * time.Second)
		s.Shows("(1 of 8)")
		s.log.Add(order(50, "CREATED", 0))
		s.advance(time.Second)
		s.Shows("(2 of 9)")
		s.Press("3")
		s.Shows("(2 of 27)")
	})
}

// The store is asked again once a second, and only while the filter depends on the time.
func TestAFilterByTimeReadsLittle(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.Press("3", "/", "since:1m", "enter")
		s.advance(2 * time.Minute)
		s.Shows("(0 of 26)", "Nothing matches the filter")
		reads := s.log.Reads()
		s.advance(time.Minute)
		assert.Less(t, s.log.Reads()-reads, 600)
		s.Press("esc")
		reads = s.log.Reads()
		s.advance(time.Minute)
		assert.Equal(t, reads, s.log.Reads())
	})
}

// What is found while the beginning of a status is typed stays when it is kept, and the keys are
// shown whatever is typed.
func TestTheBeginningOfAStatusStaysAPattern(t *testing.T) {
	within(t, 80, 24, aDay, func(s *screen) {
		s.Press("/", "status:FULF")
		s.Shows("▌ ● FULFILLED", "enter keep")
		s.Press("enter")
		s.Shows("filter: status:FULF* (2 of 8)")
		s.Press("/", "placed or anything else that is long enough for the whole of the line")
		s.Shows("FULF* placed or", "enter keep", "esc clear, then leave")
		s.Press("esc", "status:FULFILED", "enter")
		s.Shows("filter: status:FULFILED (0 of 8)", "did you mean")
	})
}
