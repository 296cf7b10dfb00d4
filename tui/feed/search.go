package feed

import (
	"context"
	"sync/atomic"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/tui/filtered"
	"github.com/up42/up42-webhooks/tui/history"
	"github.com/up42/up42-webhooks/tui/table"
)

// search is a search for what a filter lets pass.
type search struct {
	*history.Search
	expr    string
	filter  *filter.Filter
	words   []table.Word // what is marked
	busy    bool         // a step is under way
	stopped atomic.Bool  // its result is not wanted any more
	began   time.Time
	// renews says that it does the search that is shown again, at a later time or with other
	// names of webhooks.
	renews bool
	// again is when to do that if the result depends on the time.
	again time.Time
}

// renewAfter is how many times as long as a search takes it is to be before it is done again.
const renewAfter = 20

func (p *Page) newSearch(expr string, f *filter.Filter) *search {
	now, names := p.o.Now(), p.names.known
	query := func(q receiver.EventQuery) receiver.Search {
		s := f.Search(q, func() time.Time { return now })
		s.Match = func(e *receiver.Event) bool { return f.EventThrough(e, names[e.Webhook], now) }
		return s
	}
	return &search{Search: history.NewSearch(query, p.seen.stored.Last()), expr: expr, filter: f, words: filtered.Words(f), began: now}
}

// searchedMsg is the answer of a step of a search.
type searchedMsg struct {
	search *search
	step   *history.Step
}

// Check returns what is wrong with an expression: an error that points at a word, or nil.
func (p *Page) Check(expr string) *filter.Error { return filtered.Check(expr, nil) }

// Doubts returns warnings about words of an expression that are valid but probably mistyped.
func (p *Page) Doubts(expr string) []*filter.Error { return filtered.Doubts(expr) }

// Filter returns the filter as it was typed.
func (p *Page) Filter() string { return p.expr }

// SetFilter lists only the deliveries that pass an expression. Of an expression that Check
// refuses, it uses the valid parts. The command searches for them; what is listed changes
// with its first answer.
func (p *Page) SetFilter(expr string) tea.Cmd { return p.narrow(expr, filtered.Valid(expr)) }

// TypeFilter is SetFilter for an expression that is being typed, so its last word may be
// incomplete.
func (p *Page) TypeFilter(expr string) tea.Cmd {
	f, _ := filter.ParseTyping(expr)
	return p.narrow(expr, f)
}

func (p *Page) narrow(expr string, f *filter.Filter) tea.Cmd {
	if wanted := p.wanted(); expr == p.expr && (wanted == nil && f.Empty() || wanted != nil && wanted.filter.String() == f.String()) {
		return nil
	}
	p.expr = expr
	p.replace(&p.next, nil)
	if f.Empty() {
		p.replace(&p.shown, nil)
		p.relist()
	} else {
		p.next = p.newSearch(expr, f)
	}
	return p.ReadFurther()
}

// wanted returns the search that the user asked for last, or nil.
func (p *Page) wanted() *search {
	if p.next != nil {
		return p.next
	}
	return p.shown
}

// replace ends a search and puts another in its place.
func (p *Page) replace(old **search, s *search) {
	if *old != nil {
		(*old).stopped.Store(true)
	}
	*old = s
}

// searchOn returns the next step of a search, unless one is under way or there is nothing to
// search.
func (p *Page) searchOn(s *search) tea.Cmd {
	if s == nil || s.busy {
		return nil
	}
	step, ok := s.Next(p.seen.stored.Last(), p.seen.lastRejected)
	if !ok {
		return nil
	}
	s.busy = true
	log := p.o.Log
	return p.later(func(ctx context.Context) tea.Msg {
		step.Run(ctx, log, s.stopped.Load)
		return searchedMsg{s, step}
	})
}

func (p *Page) searched(m searchedMsg) {
	s := m.search
	if s.busy = false; s.stopped.Load() {
		return
	}
	if p.err = m.step.Err; p.err != nil {
		return
	}
	s.Take(m.step)
	s.SetApart(m.step, &p.seen.admitted)
	if s.Complete() && s.again.IsZero() {
		s.again = p.o.Now().Add(renewAfter * p.o.Now().Sub(s.began))
	}
	if s == p.next && (!s.renews || s.Complete()) {
		p.begin(s)
		return
	}
	p.relist()
}

// begin lists what a search finds. The cursor stays on its delivery if that is found already;
// else a new filter begins at the newest one.
func (p *Page) begin(s *search) {
	key, ok := p.window.Selected()
	p.replace(&p.shown, s)
	p.next = nil
	p.relist()
	if !s.renews && !(ok && !p.Follows() && p.Select(key)) {
		p.Home()
	}
}

// renew searches again for the filter that is shown. What is listed changes when that is
// done.
func (p *Page) renew() {
	if s := p.shown; s != nil && p.next == nil {
		p.next = p.newSearch(s.expr, s.filter)
		p.next.renews = true
	}
}

// Tick searches again if the result depends on the time, as that of since:10m does.
func (p *Page) Tick() tea.Cmd {
	s := p.shown
	if s == nil || p.next != nil || p.Paused() || !s.filter.TimeBound() || !s.Complete() || p.o.Now().Before(s.again) {
		return nil
	}
	p.renew()
	return p.searchOn(p.next)
}

// Searching returns how many deliveries were searched of all, while that goes on.
func (p *Page) Searching() (searched, all int, ok bool) {
	if p.shown == nil || p.shown.Complete() {
		return 0, 0, false
	}
	_, all = p.Len()
	return p.shown.Searched(&p.seen.stored), all, true
}

// Busy reports whether a search that the user asked for has not answered yet.
func (p *Page) Busy() bool { return p.next != nil && !p.next.renews }
