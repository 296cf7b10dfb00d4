package status

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/tui/history"
)

const (
	// numbersAtOnce is how many older rows are listed at a time, rowsAtOnce how many are
	// searched, and pagesAtOnce how often without a result until the screen is told.
	numbersAtOnce, rowsAtOnce, pagesAtOnce = 20_000, 1000, 8
	// renewAfter is how many times as long as a search takes it is to be before it is done
	// again.
	renewAfter = 20
)

// rowSearch finds the numbers of older rows that a filter lets pass, the newest first.
type rowSearch struct {
	history.Found
	filter   *filter.Filter
	began    time.Time
	again    time.Time // when to search again, if the result depends on the time
	newest   int64     // all numbers are at most this one
	before   int64     // rows before it are to be searched; 0: all of them are
	searched int       // rows
	busy     bool
	stopped  atomic.Bool
	renews   bool     // it replaces what is shown when it is complete
	ids      []string // if there are any, rows with these ids are looked up before others are searched
}

// rowsSearched is the answer of a step of a search.
type rowsSearched struct {
	search   *rowSearch
	found    []int64
	cursor   int64 // rows before it are to be searched; 0: all of them are
	searched int
	lookedUp bool
	err      error
}

// searchOn returns the next step of a search.
func (l *older) searchOn(s *rowSearch) tea.Cmd {
	if s == nil || s.busy || s.before == 0 {
		return nil
	}
	s.busy = true
	m, log, kind := rowsSearched{search: s, cursor: s.before}, l.o.Log, l.o.Kind
	step := m.find
	switch {
	case len(s.ids) > 0:
		step = m.lookUp
	case s.filter.Empty():
		step = m.list
	}
	return l.later(func(ctx context.Context) tea.Msg {
		step(ctx, log, kind)
		return &m
	})
}

// lookUp finds the rows with exactly the ids of the search. It does not find those that differ
// in upper and lower case.
func (m *rowsSearched) lookUp(ctx context.Context, log receiver.Reader, k receiver.Kind) {
	m.lookedUp = true
	for _, id := range m.search.ids {
		for _, test := range []bool{false, true} {
			r, ok, err := log.Row(ctx, receiver.Key{Kind: k, ID: id, Test: test})
			if m.err = err; err != nil {
				return
			}
			if ok && r.Seq < m.cursor && m.search.filter.Row(&r, m.search.began) && !slices.Contains(m.found, r.Seq) {
				m.found = append(m.found, r.Seq)
			}
		}
	}
	slices.Sort(m.found)
	slices.Reverse(m.found)
}

// list lists some rows.
func (m *rowsSearched) list(ctx context.Context, log receiver.Reader, k receiver.Kind) {
	if m.found, m.err = receiver.RowNumbers(ctx, log, k, m.cursor, numbersAtOnce); m.err != nil {
		return
	}
	m.searched, m.cursor = len(m.found), 0
	if n := len(m.found); n > 0 {
		m.cursor = m.found[n-1]
	}
}

// find searches some rows.
func (m *rowsSearched) find(ctx context.Context, log receiver.Reader, k receiver.Kind) {
	for page := 0; page < pagesAtOnce && len(m.found) == 0 && !m.search.stopped.Load(); page++ {
		rows, err := log.Rows(ctx, receiver.RowQuery{Kind: k, Before: m.cursor, Limit: rowsAtOnce})
		if m.err = err; err != nil {
			return
		}
		if len(rows) == 0 {
			m.cursor = 0
			return
		}
		for i := range rows {
			if m.search.filter.Row(&rows[i], m.search.began) {
				m.found = append(m.found, rows[i].Seq)
			}
		}
		m.searched += len(rows)
		m.cursor = rows[len(rows)-1].Seq
	}
}

func (l *older) searched(m *rowsSearched) {
	s := m.search
	if s.busy = false; s.stopped.Load() {
		return
	}
	if l.err = m.err; m.err != nil {
		return
	}
	for _, n := range m.found {
		s.AddOlder(n)
	}
	s.searched, s.before = s.searched+m.searched, m.cursor
	if s.ids = nil; m.lookedUp {
		l.lookedUp(s, len(m.found) > 0)
		return
	}
	if s.before == 0 && s.again.IsZero() {
		s.again = l.o.Now().Add(renewAfter * l.o.Now().Sub(s.began))
	}
	if s == l.next && (!s.renews || s.before == 0) {
		l.shown, l.next = s, nil
	}
}

// lookedUp shows the rows with the ids of a search. Those that differ in upper and lower case
// are searched then.
func (l *older) lookedUp(s *rowSearch, found bool) {
	if !found || s != l.next {
		return
	}
	s.before, s.again = 0, l.o.Now()
	l.shown = s
	l.next = l.search(s.filter)
	l.next.renews = true
}
