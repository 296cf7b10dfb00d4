package detail_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/tui/detail"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/tuitest"
)

// about is an event with a body of its own.
func about(id, raw string, changes ...receivertest.Change) *receiver.Event {
	e := receivertest.Order(id, "PLACED", changes...)
	e.Raw = []byte(raw)
	return e
}

// pressAll presses keys, and runs the commands.
func pressAll(p *detail.Page, names ...string) {
	for _, msg := range tuitest.Keys(names...) {
		cmd, _ := p.Press(msg)
		for cmd != nil {
			cmd = p.Update(cmd())
		}
	}
}

// line is the line under the cursor.
func line(t *testing.T, p *detail.Page) string {
	t.Helper()
	for _, l := range strings.Split(p.View(), "\n") {
		if rest, ok := strings.CutPrefix(l, "▌"); ok {
			return strings.TrimSpace(rest)
		}
	}
	require.Fail(t, "no cursor", p.View())
	return ""
}

const nested = `{"event":"order.status","body":{"orderId":"a","tags":["one",{"two":2}]},"other":[]}`

func opened(t *testing.T, w, h int, events ...*receiver.Event) *detail.Page {
	t.Helper()
	p := page(receivertest.NewLog(events...))
	p.SetSize(w, h)
	p.Focus(true)
	open(p, detail.Subject{Seq: int64(len(events))})
	return p
}

func TestTheBodyFolds(t *testing.T) {
	p := opened(t, 80, 60, about("a", nested))
	pressAll(p, "tab", "tab", "tab")
	assert.Equal(t, "Body (83 bytes)", line(t, p))
	pressAll(p, "j", "j", "j")
	assert.Equal(t, `▾ "body": {`, line(t, p))
	pressAll(p, "enter")
	assert.Equal(t, `▸ "body": { 2 fields },`, line(t, p))
	assert.NotContains(t, p.View(), "orderId")
	pressAll(p, "space")
	assert.Contains(t, p.View(), "orderId")
	pressAll(p, "right")
	assert.Equal(t, `"orderId": "a",`, line(t, p))
	pressAll(p, "j", "right", "right")
	assert.Equal(t, `"one",`, line(t, p), "it goes in")
	pressAll(p, "left")
	assert.Equal(t, `▾ "tags": [`, line(t, p), "it goes out")
	pressAll(p, "left")
	assert.Equal(t, `▸ "tags": [ 2 items ]`, line(t, p))
	pressAll(p, "h")
	assert.Equal(t, `▾ "body": {`, line(t, p))
	pressAll(p, "l", "j", "l")
	assert.Equal(t, `▾ "tags": [`, line(t, p))
	pressAll(p, "z")
	assert.Equal(t, `▸ "body": { 2 fields },`, line(t, p), "the cursor stays with what hides it")
	pressAll(p, "Z")
	assert.Contains(t, p.View(), `"two": 2`)
	_, ok := p.Press(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("]")})
	assert.False(t, ok, "it leads to the next row")
	pressAll(p, "home")
	for _, k := range tuitest.Keys("left", "right", "enter") {
		_, ok := p.Press(k)
		assert.False(t, ok, "the cursor is not in the body")
	}
}

func TestABodyOfOneByte(t *testing.T) {
	view := opened(t, 80, 60, about("a", "1")).View()
	assert.Contains(t, view, "Body (1 byte)")
	assert.Contains(t, view, "1 byte of JSON")
}

// What is closed by a line folds there, too; and a line that has nothing to fold says so.
func TestFoldingAtTheEndOfAnObject(t *testing.T) {
	said := ""
	p := page(receivertest.NewLog(about("a", nested)), func(o *detail.Options) { o.Say = func(_ note.Kind, words string) { said = words } })
	p.SetSize(160, 20)
	p.Focus(true)
	open(p, detail.Subject{Seq: 1})
	pressAll(p, "tab", "tab", "tab")
	assert.Contains(t, p.View(), "▌Body (83 bytes)") // the second column
	pressAll(p, "j", "j", "enter")
	assert.Contains(t, said, "nothing to fold on this line")
	pressAll(p, "right")
	assert.Contains(t, said, "nothing to unfold")
	pressAll(p, "left", "left", "left")
	assert.Contains(t, said, "the whole body")
	assert.Contains(t, p.View(), "▌▸ { 3 fields }")
	pressAll(p, "right", strings.Repeat("j", 12))
	assert.Contains(t, p.View(), "▌  }")
	pressAll(p, "enter")
	assert.Contains(t, p.View(), "▌▸ { 3 fields }")
}

func TestSearchInDetails(t *testing.T) {
	said := ""
	p := page(receivertest.NewLog(about("a", nested)), func(o *detail.Options) { o.Say = func(_ note.Kind, words string) { said = words } })
	p.SetSize(80, 20)
	p.Focus(true)
	open(p, detail.Subject{Seq: 1})
	pressAll(p, "n")
	assert.Contains(t, said, "nothing is sought")
	pressAll(p, "z")
	search := p.Search()
	search.Start()
	typed := func(text string) {
		for _, k := range tuitest.Keys(text) {
			search.Press(k)
		}
	}
	typed("TWO")
	assert.Equal(t, `"two": 2`, line(t, p), "what is folded is searched, too")
	_, isOpen := search.Press(tea.KeyMsg{Type: tea.KeyEnter})
	assert.False(t, isOpen)
	assert.Equal(t, "TWO", p.Sought())
	pressAll(p, "n")
	assert.Equal(t, "1 of 1 match, again from the top", said)

	search = p.Search()
	search.Set("")
	typed("verdictless")
	_, isOpen = search.Press(tea.KeyMsg{Type: tea.KeyEnter})
	assert.True(t, isOpen, "it is not found")
	search.Press(tea.KeyMsg{Type: tea.KeyEsc})
	typed("order")
	search.Press(tea.KeyMsg{Type: tea.KeyEnter})
	pressAll(p, "home", "n")
	assert.Regexp(t, `^1 of [0-9]+ matches$`, said)
	pressAll(p, "N")
	assert.Contains(t, said, "again from the end")
	last := line(t, p)
	pressAll(p, "n")
	assert.Contains(t, said, "again from the top")
	assert.NotEqual(t, last, line(t, p))
	pressAll(p, "esc")
	assert.Empty(t, p.Sought(), "esc ends the search first")
	_, ok := p.Press(tea.KeyMsg{Type: tea.KeyEsc})
	assert.False(t, ok, "and then goes back")
}

func TestWhatHasChanged(t *testing.T) {
	at := func(n int) receivertest.Change {
		return receivertest.At(receivertest.Start.Add(time.Duration(n) * time.Minute))
	}
	p := opened(t, 100, 60,
		about("a", `{"messageId":"1","timestamp":"x","body":{"status":"PLACED","old":[1]}}`, at(1)),
		about("b", `{}`, at(2)),
		about("a", `{"messageId":"2","timestamp":"y","body":{"status":"FULFILLED","new":{"x":"y"}}}`, at(3)),
	)
	for _, s := range []string{"Changed since event 1, 2m earlier", `~ .body.status  "PLACED" → "FULFILLED"`, `+ .body.new  {"x":"y"}`, `- .body.old  [1]`} {
		assert.Contains(t, p.View(), s)
	}
	assert.NotContains(t, p.View(), "~ .messageId")
	for want, events := range map[string][]*receiver.Event{
		"This is the first event about this order": {about("a", `{}`)},
		"Nothing but messageId and timestamp":      {about("a", `{"messageId":"1"}`, at(1)), about("a", `{"messageId":"2"}`, at(2))},
		"Nothing: the bodies say the same":         {about("a", `{"body":1}`, at(1)), about("a", `{"body":1}`, at(2))},
		"one of the two bodies is no JSON":         {about("a", `{`, at(1)), about("a", `{}`, at(2))},
		"names no order or job":                    {about("", `{}`)},
	} {
		assert.Contains(t, opened(t, 100, 60, events...).View(), want)
	}
}

// A delivery that was rejected for its signature is compared by what its body says.
func TestARejectedDeliveryIsCompared(t *testing.T) {
	good := receivertest.Order("a", "PLACED", receivertest.At(receivertest.Start))
	bad := receivertest.Order("a", "FULFILLED", receivertest.At(receivertest.Start.Add(time.Minute)), receivertest.Rejected("signature-mismatch"))
	bad.Message = receiver.Message{}
	log := receivertest.NewLog(good)
	log.Reject(bad)
	p := page(log)
	p.SetSize(100, 60)
	open(p, detail.Subject{Seq: 1, Rejected: true})
	assert.Contains(t, p.View(), `~ .body.status  "PLACED" → "FULFILLED"`)
}

func TestManyChangesAreCut(t *testing.T) {
	list := func(from int) string {
		items := make([]string, 300)
		for i := range items {
			items[i] = fmt.Sprint(from + i)
		}
		return `{"body":[` + strings.Join(items, ",") + `]}`
	}
	p := opened(t, 100, 200, about("a", list(0)), about("a", list(1000)))
	assert.Contains(t, p.View(), "and 200 more changes")
}

// While the changes of a newer event are not known yet, those of the event before stay, and say
// whose they are.
func TestOlderChangesSayWhoseTheyAre(t *testing.T) {
	at := func(n int) receivertest.Change {
		return receivertest.At(receivertest.Start.Add(time.Duration(n) * time.Minute))
	}
	log := receivertest.NewLog(about("a", `{"n":1}`, at(1)), about("a", `{"n":2}`, at(2)))
	p := page(log)
	p.SetSize(100, 60)
	row := receiver.Key{Kind: receiver.Order, ID: "a"}
	open(p, detail.Subject{Key: row})
	require.Contains(t, p.View(), "Changed since event 1, 1m earlier")
	lines := strings.Count(strings.TrimSpace(p.View()), "\n")

	compare := p.Update(p.Refresh(row)())
	assert.Contains(t, p.View(), "Changed since event 1, 1m earlier", "the same event has the same changes")
	p.Update(compare())

	log.Add(about("a", `{"n":3}`, at(3)))
	compare = p.Update(p.Refresh(row)())
	assert.Contains(t, p.View(), "Newest event, number 3")
	assert.Contains(t, p.View(), "Changed by event 2 since event 1")
	assert.Contains(t, p.View(), "~ .n  1 → 2")
	assert.NotContains(t, p.View(), "earlier")
	assert.Equal(t, lines, strings.Count(strings.TrimSpace(p.View()), "\n"), "the lines below do not jump")
	p.Update(compare())
	assert.Contains(t, p.View(), "Changed since event 2, 1m earlier")
	assert.Contains(t, p.View(), "~ .n  2 → 3")
	assert.Equal(t, lines, strings.Count(strings.TrimSpace(p.View()), "\n"))
}

// That an event is the first one is not said of a newer one.
func TestTheFirstEventIsNotTheNewerOne(t *testing.T) {
	log := receivertest.NewLog(about("a", `{"n":1}`, receivertest.At(receivertest.Start)))
	p := page(log)
	p.SetSize(100, 60)
	row := receiver.Key{Kind: receiver.Order, ID: "a"}
	open(p, detail.Subject{Key: row})
	require.Contains(t, p.View(), "This is the first event about this order")
	log.Add(about("a", `{"n":2}`, receivertest.At(receivertest.Start.Add(time.Minute))))
	p.Update(p.Refresh(row)())
	assert.NotContains(t, p.View(), "This is the first event")
	assert.Contains(t, p.View(), "reading the store")
}
