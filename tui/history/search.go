package history

import (
	"context"
	"slices"

	"github.com/up42/up42-webhooks/receiver"
)

// partsAtOnce is how many parts of a search without a result are read before the screen is
// told how far it is. It takes some fifty milliseconds.
const partsAtOnce = 8

// Query makes the search for events, or for rejected deliveries, in a range.
type Query func(receiver.EventQuery) receiver.Search

// Search finds the deliveries that a filter lets pass: backwards from the newest one when it
// began, and then those that came since. It has steps, which are run one after another
// outside of Update.
type Search struct {
	Found
	// Rejected are the numbers of rejected deliveries that were found, the greatest first.
	Rejected []int64
	// Admitted are the numbers, sorted, of the events that were found and then taken out by
	// SetApart.
	Admitted []int64

	query        Query
	newest       int64 // up to which event new ones are searched
	before       int64 // events before it are to be searched; 0: all of the older ones are
	lastRejected int64 // up to which rejected delivery all are searched
	begun        bool
}

// NewSearch makes a search that begins at the newest event.
func NewSearch(q Query, newest int64) *Search {
	return &Search{query: q, newest: newest, before: newest + 1}
}

// Begun reports whether a step has been done.
func (s *Search) Begun() bool { return s.begun }

// Complete reports whether everything was searched that was there when the search began.
func (s *Search) Complete() bool { return s.before == 0 }

// Searched returns how many of the stored events were searched.
func (s *Search) Searched(all *Stored) int {
	if s.Complete() {
		return all.Len()
	}
	return all.Newer(s.before - 1)
}

// SetApart takes the admitted events that a step has found out of the others.
func (s *Search) SetApart(p *Step, admitted *Admitted) {
	if p.rejected || p.Err != nil {
		return
	}
	for _, n := range p.found {
		if admitted.Has(n) {
			s.Remove(n)
			k, _ := slices.BinarySearch(s.Admitted, n)
			s.Admitted = slices.Insert(s.Admitted, k, n)
		}
	}
}

// Step searches a part of a log.
type Step struct {
	query receiver.Search
	// Of the answer:
	found    []int64
	cursor   int64
	whole    bool // the range was searched to its end
	newest   int64
	rejected bool
	Err      error
}

// Next returns the next step, if there is something to search in a log whose newest event and
// newest rejected delivery have these numbers.
func (s *Search) Next(newest, lastRejected int64) (step *Step, ok bool) {
	q := receiver.EventQuery{}
	step = &Step{}
	switch {
	case s.begun && s.lastRejected < lastRejected:
		step.rejected, step.newest = true, lastRejected
		q.Rejected, q.After, q.Before = true, s.lastRejected, lastRejected+1
	case s.begun && s.newest < newest:
		step.newest = newest
		q.Oldest, q.After, q.Before = true, s.newest, newest+1
	case !s.Complete():
		q.Before = s.before
	default:
		return nil, false
	}
	step.query = s.query(q)
	step.query.Numbers = true
	return step, true
}

// Run does the step. It ends early if it has found something, and if stopped reports true.
func (p *Step) Run(ctx context.Context, log receiver.Reader, stopped func() bool) {
	parts := 0
	for part, err := range receiver.Find(ctx, log, p.query) {
		if err != nil {
			p.Err = err
			return
		}
		p.found = append(p.found, part.Numbers...)
		p.cursor = part.Cursor
		parts++
		if enough := parts == partsAtOnce || len(p.found) > 0; stopped() || enough && !p.rejected {
			return
		}
	}
	p.whole = true
}

// Take takes the answer of a step. After an error, Next returns the same step again.
func (s *Search) Take(p *Step) {
	if p.Err != nil {
		return
	}
	s.begun = true
	switch {
	case p.rejected:
		s.Rejected = append(p.found, s.Rejected...)
		s.lastRejected = p.newest
	case p.query.Oldest:
		for _, n := range p.found {
			s.AddNewer(n)
		}
		if s.newest = max(s.newest, p.cursor); p.whole {
			s.newest = p.newest
		}
	default:
		for _, n := range p.found {
			s.AddOlder(n)
		}
		if s.before = p.cursor; p.whole {
			s.before = 0
		}
	}
}
