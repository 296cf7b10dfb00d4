package undelivered_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/tui/theme"
	"github.com/up42/up42-webhooks/tui/undelivered"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

// store is a log and a list of failures.
type store struct {
	*receivertest.Log
	list    []receiver.Failure
	listErr error
}

func (s *store) failures(context.Context) ([]receiver.Failure, error) { return s.list, s.listErr }

// newStore makes a store with the events 1, 2 and 4.
func newStore() *store {
	s := &store{Log: receivertest.NewLog()}
	for seq, status := range []receiver.Status{1: "PLACED", 2: "FULFILLED", 3: "PLACED", 4: "FAILED"} {
		if status != "" {
			s.Add(receivertest.Order(fmt.Sprint("order-", seq), status, func(e *receiver.Event) { e.Host = "oneatlas" }))
		}
	}
	s.Delete(3)
	return s
}

func failure(target string, seq int64, ago time.Duration) receiver.Failure {
	return receiver.Failure{Reader: target, Seq: seq, At: noon.Add(-ago), Tries: 3, Reason: "answered 500"}
}

func page(s *store) *undelivered.Page {
	p := undelivered.New(undelivered.Options{
		Log: s.Log, Theme: theme.New(theme.Options{Profile: termenv.Ascii}), Now: func() time.Time { return noon },
		Do: func(f func(context.Context) tea.Msg) tea.Cmd {
			return func() tea.Msg { return f(context.Background()) }
		},
		Failures: s.failures, Empty: func() []string { return []string{"all is well"} },
	})
	p.SetSize(160, 20)
	return p
}

// read reads the list, as often as the page asks to.
func read(p *undelivered.Page) {
	for cmd := p.Read(); cmd != nil; {
		cmd = p.Update(cmd())
	}
}

func TestOnlyNewEventsAreRead(t *testing.T) {
	s := newStore()
	p := page(s)
	assert.Contains(t, p.View(), "reading the undelivered events")
	_, known := p.Count()
	assert.False(t, known)
	read(p)
	assert.Contains(t, p.View(), "all is well")

	s.list = []receiver.Failure{failure("b", 1, time.Hour), failure("a", 1, time.Minute), failure("a", 3, time.Minute)}
	read(p)
	n, known := p.Count()
	assert.True(t, known)
	assert.Equal(t, 3, n)
	assert.Equal(t, 3, s.Reads())
	first, ok := p.Selected()
	require.True(t, ok)
	assert.Equal(t, "a", first.Target, "rows of one event are sorted by target")
	at, _ := p.Subject()
	assert.Equal(t, receiver.Key{Kind: receiver.Order, ID: "order-1"}, at.Key)

	read(p)
	again, _ := p.Selected()
	assert.Same(t, first, again)
	s.list[1].Tries = 9
	read(p)
	again, _ = p.Selected()
	assert.NotSame(t, first, again)
	assert.Equal(t, 3, s.Reads(), "events never change")

	p.End()
	at, _ = p.Subject()
	assert.Equal(t, int64(3), at.Seq)
	assert.Empty(t, at.Key, "the store has removed it; it is not the next one")
	s.list = s.list[:1]
	read(p)
	shown, total := p.Len()
	assert.Equal(t, []int{1, 1}, []int{shown, total})
}

func TestAReadDuringAReadFollows(t *testing.T) {
	s := newStore()
	p := page(s)
	cmd := p.Read()
	require.NotNil(t, cmd)
	answer := cmd()
	assert.Nil(t, p.Read())
	assert.Nil(t, p.ReadAfter(0))
	s.list = []receiver.Failure{failure("a", 2, 0)}
	cmd = p.Update(answer)
	require.NotNil(t, cmd)
	assert.Nil(t, p.Update(cmd()))
	n, _ := p.Count()
	assert.Equal(t, 1, n)
	assert.Nil(t, p.ReadAfter(time.Second), "it was just read")
	assert.Nil(t, page(s).Update(answer), "the answer is another page's")
}

func TestAListThatCannotBeReadStays(t *testing.T) {
	s := newStore()
	s.list = []receiver.Failure{failure("a", 2, 0)}
	p := page(s)
	s.Fail(errors.New("locked"))
	read(p)
	assert.EqualError(t, p.Err(), "read event 2: locked")
	_, known := p.Count()
	assert.False(t, known)
	s.Fail(nil)
	read(p)
	require.NoError(t, p.Err())
	s.listErr = errors.New("locked")
	read(p)
	assert.EqualError(t, p.Err(), "locked")
	n, _ := p.Count()
	assert.Equal(t, 1, n)
}

func TestFilters(t *testing.T) {
	s := newStore()
	s.list = []receiver.Failure{failure("http://a.example", 1, time.Hour), failure("exec b", 2, time.Minute), failure("exec b", 4, time.Minute)}
	p := page(s)
	read(p)
	for expr, want := range map[string]int{
		"": 3, "example": 1, `"exec b"`: 2, "500": 3, "status:*FILLED": 1, "is:failed": 1, "kind:order": 3, "event:job.status": 0,
		"id:order-4": 1, "host:oneatlas": 3, "seq:2..4": 2, "since:10m": 2, "until:10m": 1, "verdict:verified": 3, "is:test": 0,
	} {
		assert.Nil(t, p.Check(expr), expr)
		p.SetFilter(expr)
		n, _ := p.Len()
		assert.Equal(t, want, n, expr)
	}
	assert.NotNil(t, p.Check("webhook:x"))
	p.SetFilter("nothing")
	assert.Contains(t, p.View(), "Nothing matches the filter.")
}

func TestOnlyTheNewestHaveRows(t *testing.T) {
	s := newStore()
	for seq := range int64(undelivered.MaxRows + 3) {
		s.list = append(s.list, failure("a", seq+1, time.Minute))
	}
	p := page(s)
	read(p)
	_, rows := p.Len()
	n, _ := p.Count()
	assert.Equal(t, []int{undelivered.MaxRows, 3, undelivered.MaxRows + 3}, []int{rows, p.Older(), n})
	filter := func(expr string) {
		if cmd := p.SetFilter(expr); cmd != nil { // so many rows are filtered by a command
			p.Update(cmd())
		}
	}
	filter("seq:3") // it is not among the newest
	assert.Contains(t, p.View(), "Nothing matches the filter among the newest 2,000; older ones are not on this page.")
	filter("seq:4")
	shown, _ := p.Len()
	assert.Equal(t, 1, shown)
	filter("")

	s.list = s.list[3:] // the oldest were forgotten
	read(p)
	_, rows = p.Len()
	assert.Equal(t, []int{undelivered.MaxRows, 0}, []int{rows, p.Older()})
	s.list = append(s.list, failure("a", 5_000, 0))
	read(p)
	_, rows = p.Len()
	assert.Equal(t, []int{undelivered.MaxRows, 1}, []int{rows, p.Older()})
	filter("seq:4")
	shown, _ = p.Len()
	assert.Zero(t, shown, "a new one takes the place of the oldest")
}

// A narrow column has what matters of a reason.
func TestTheStatusOfAnAnswerIsNotCut(t *testing.T) {
	s := newStore()
	refused := failure("http://192.0.2.1:9000/hook", 1, time.Minute)
	refused.Reason = "it answered 503 Service Unavailable"
	s.list = []receiver.Failure{refused}
	p := page(s)
	p.SetSize(80, 20)
	read(p)
	assert.Contains(t, p.View(), "503 Service")
	p.SetSize(160, 20)
	assert.Contains(t, p.View(), refused.Reason)
}
