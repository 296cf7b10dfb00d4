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
	"github.com/up42/up42-webhooks/tui/theme"
	"github.com/up42/up42-webhooks/tui/undelivered"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

// store is a log, and a list of failures. It returns single events only.
type store struct {
	receiver.Reader // nil: the page calls no other method
	events          map[int64]*receiver.Event
	list            []receiver.Failure
	listErr, err    error
	reads           int
}

func (s *store) Events(_ context.Context, q receiver.EventQuery) ([]*receiver.Event, error) {
	s.reads++
	if s.err != nil {
		return nil, s.err
	}
	for seq := q.After + 1; seq < q.After+10; seq++ { // the next one that the store has
		if e := s.events[seq]; e != nil {
			return []*receiver.Event{e}, nil
		}
	}
	return nil, nil
}

func (s *store) failures(context.Context) ([]receiver.Failure, error) { return s.list, s.listErr }

func newStore() *store {
	s := &store{events: map[int64]*receiver.Event{}}
	for seq, status := range []receiver.Status{1: "PLACED", 2: "FULFILLED", 4: "FAILED"} {
		if status != "" {
			s.events[int64(seq)] = &receiver.Event{Seq: int64(seq), Verdict: receiver.Verified, Message: receiver.Message{
				Name: receiver.OrderStatus, Kind: receiver.Order, ID: fmt.Sprint("order-", seq), Status: status, LiveMode: true, Host: "oneatlas",
			}}
		}
	}
	return s
}

func failure(target string, seq int64, ago time.Duration) receiver.Failure {
	return receiver.Failure{Reader: target, Seq: seq, At: noon.Add(-ago), Tries: 3, Reason: "answered 500"}
}

func page(s *store) *undelivered.Page {
	p := undelivered.New(undelivered.Options{
		Log: s, Theme: theme.New(theme.Options{Profile: termenv.Ascii}), Now: func() time.Time { return noon },
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
	assert.Equal(t, 3, s.reads)
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
	assert.Equal(t, 3, s.reads, "events never change")

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
	s.err = errors.New("locked")
	read(p)
	assert.EqualError(t, p.Err(), "read event 2: locked")
	_, known := p.Count()
	assert.False(t, known)
	s.err = nil
	read(p)
	require.NoError(t, p.Err())
	s.listErr = errors.New("locked")
	read(p)
	assert.EqualError(t, p.Err(), "read what was given up: locked")
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
