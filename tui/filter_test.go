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
		s.press("/", "status:FULF")
		s.shows("(2 of 8)", `UP42 documents no such status; did you mean "FULFILLED"?`, "tab take it")
		s.press("tab")
		s.shows(" / status:FULFILLED_", "filter: status:FULFILLED (2 of 8)")
		s.press(" is:live -type:tasking", "enter")
		s.shows("(2 of 8)")
		s.press("3", "/", "verdict:rejected", "enter")
		s.shows("filter: verdict:rejected (2 of 26)", "missing-signature")
		s.press("1")
		s.lacks("filter:")
		s.press("2")
		s.shows("filter: status:FULFILLED is:live -typ… (2 of 8)")
	})
}

func TestAWrongFilterKeepsThePromptOpen(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.press("/", "stats:FAILED", " placed", "enter")
		assert.Contains(t, s.line(-2), `───↓↓↓↓↓ ✕ no such key; in quotes it is text; did you mean "status"? ──`)
		s.shows(" / stats:FAILED placed_")
		s.press("x")
		assert.Contains(t, s.line(-2), `───↓↓↓↓↓ no such key`)
		s.press("backspace", "tab")
		s.shows(" / status:FAILED placed", "filter: status:FAILED placed (0 of 8)")
		s.press("esc", "reason:stale", "enter")
		assert.Contains(t, s.line(-2), `───↓↓↓↓↓↓↓↓↓↓↓↓ ✕ reason can't be asked for here ──`)
		s.press("q")
		assert.False(t, s.quit)
		s.press("esc", "tab", "enter")
		s.lacks(" / _", "filter:")
	})
}

func TestAFaultIsPointedAtWhereverItIs(t *testing.T) {
	within(t, 60, 15, aDay, func(s *screen) {
		s.press("/", "one two three four five six seven eight kind:x", "enter")
		assert.Equal(t, `───────────────────── ✕ kind: want order or job ↓───────────`, s.line(-2))
		s.press(" and much more text than there is room for on a line")
		s.view() // as wide as the screen
		for range 120 {
			s.press("left")
			s.view()
		}
		s.press("esc", `"not closed`)
		assert.Contains(t, s.line(-2), "its quote is not closed")
		s.press("esc", "kind:")
		assert.Contains(t, s.line(-2), "────────↓ kind: a value is missing ──")
		s.press(" x")
		assert.Contains(t, s.line(-2), "────────↓ kind: a value is missing ──")
		s.press("esc")
		s.paste("漢字漢字 knd:x")
		assert.Contains(t, s.line(-2), `────────────↓↓↓ did you mean "kind"? ───`)
	})
}

func TestADoubtfulFilterIsKeptAndSaid(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.press("/", "status:ARCHIVD", "enter")
		s.shows(`filter: "ARCHIVD": UP42 documents no such status`, "filter: status:ARCHIVD (0 of 8)", "Nothing matches the filter")
		s.press("esc", "/", "status:ARCHIVED", "enter")
		s.shows("(1 of 8)", "■ ARCHIVED")
	})
}

func TestSavedFilters(t *testing.T) {
	saved := func(o *tui.Options) {
		o.Filters = [4]prompt.SavedFilter{{Name: "failed\x1b[2J", Expr: "is:failed"}, {}, {Expr: "reason:missing-*"}, {Expr: "kind:order is:test"}}
	}
	within(t, 120, 30, aDay, func(s *screen) {
		s.press("f1")
		s.shows(`filter: failed\u001b[2J (1 of 8)`)
		s.press("f4")
		s.shows("filter: kind:order is:test (2 of 8)")
		s.press("f4")
		s.shows("the filter is cleared", "1/8")
		s.press("f2")
		s.shows(`F2 holds no filter; configure filters: {F2: "status:FAILED kind:order"}`)
		s.press("f3")
		s.shows(`F3 can't be used here: filter: "reason:missing-*": reason can't be asked for here`)
		s.lacks("(")
		s.press("3", "f3")
		s.shows("filter: reason:missing-* (1 of 26)")
		s.press("/", "f1")
		s.shows(" / is:failed_", `(2 of 26)`)
		s.press("enter", "f1", "4", "f1")
		s.shows("F1 filters jobs, orders and events; / filters here")
		s.press("2", "?")
		s.shows("F1           failed", "F4           kind:order is:test", "since:")
		s.lacks("F2 ")
	}, saved)
}

func TestTimeMovesWhatAFilterLetsPass(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.press("3", "/", "since:1m", "enter")
		s.shows("(6 of 26)")
		s.advance(30 * time.Second)
		s.shows("(3 of 26)")
		s.press("2", "/", "since:1m", "enter")
		s.advance(10 * time.Second)
		s.shows("(1 of 8)")
		s.log.add(order(50, "CREATED", 0))
		s.advance(time.Second)
		s.shows("(2 of 9)")
		s.press("3")
		s.shows("(2 of 27)")
	})
}

func TestAFilterByTimeReadsNothingOnceAllIsRead(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.press("3", "/", "since:1m", "enter")
		s.advance(time.Second)
		reads := s.log.reads
		s.advance(time.Minute)
		assert.Equal(t, reads, s.log.reads)
	})
}
