package receiver

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"time"
)

// Place says where in time an admitted event came: its number is that of its admission.
type Place struct {
	Seq int64
	// After is the newest event that came before it. It is 0 for the first event.
	After int64
	// At is when it came.
	At time.Time
}

// Later compares two admitted events by their places in time, the later one first.
func (p Place) Later(q Place) int {
	return cmp.Or(cmp.Compare(q.After, p.After), q.At.Compare(p.At), cmp.Compare(q.Seq, p.Seq))
}

// Placer knows the places of admitted events. A durable Log implements it.
type Placer interface {
	// Places returns those of the admitted events with a higher Seq than after, in the order
	// of Seq.
	Places(ctx context.Context, after int64) ([]Place, error)
}

// Places does what [Placer] says. A log that is no Placer has no places.
func Places(ctx context.Context, log Reader, after int64) ([]Place, error) {
	if p, ok := log.(Placer); ok {
		return p.Places(ctx, after)
	}
	return nil, nil
}

// PagesInTime does what [Pages] does, from the oldest event on, in the order in which they came:
// an admitted event is where it came, not where it was admitted.
func PagesInTime(ctx context.Context, log Reader, q EventQuery) iter.Seq2[[]*Event, error] {
	q.Oldest = true
	s := Search{EventQuery: q, Match: func(*Event) bool { return true }}
	return inTime(ctx, log, &s, func(all *Search) iter.Seq2[[]*Event, error] { return Pages(ctx, log, all.EventQuery) })
}

// FindInTime does what [Find] does, but in the order in which the deliveries came. It returns
// the events of each part, of which there may be none, in the order of the search.
func FindInTime(ctx context.Context, log Reader, q Search) iter.Seq2[[]*Event, error] {
	q.Numbers = false
	return inTime(ctx, log, &q, func(all *Search) iter.Seq2[[]*Event, error] {
		return func(yield func([]*Event, error) bool) {
			for part, err := range Find(ctx, log, *all) {
				if !yield(part.Events, err) {
					return
				}
			}
		}
	})
}

// inTime puts admitted events into their places between the pages that read reads.
func inTime(ctx context.Context, log Reader, q *Search, read func(*Search) iter.Seq2[[]*Event, error]) iter.Seq2[[]*Event, error] {
	return func(yield func([]*Event, error) bool) {
		var places []Place
		var err error
		if !q.Rejected {
			places, err = Places(ctx, log, q.After)
		}
		places = slices.DeleteFunc(places, func(p Place) bool { return q.Before > 0 && p.Seq >= q.Before })
		switch {
		case err != nil:
			yield(nil, err)
		case len(places) == 0:
			read(q)(yield)
		default:
			w := newWeaver(ctx, log, q, places, yield)
			all := *q
			all.Limit = 0 // some are left out
			w.weave(read(&all))
		}
	}
}

// weaver merges events in the order of their numbers with admitted ones in that of time.
type weaver struct {
	ctx    context.Context
	log    Reader
	query  *Search
	yield  func([]*Event, error) bool
	places []Place // those that are to come
	seqs   []int64 // of all places, sorted
	left   int     // how many events to return; negative: all

	page []*Event
	size int
}

func newWeaver(ctx context.Context, log Reader, q *Search, places []Place, yield func([]*Event, error) bool) *weaver {
	w := &weaver{ctx: ctx, log: log, query: q, yield: yield, places: places, left: cmp.Or(q.Limit, -1)}
	for _, p := range places {
		w.seqs = append(w.seqs, p.Seq)
	}
	slices.SortFunc(w.places, Place.Later)
	if q.Oldest {
		slices.Reverse(w.places)
	}
	return w
}

// weave returns everything, until the caller of the sequence has enough.
func (w *weaver) weave(pages iter.Seq2[[]*Event, error]) {
	for page, err := range pages {
		if err != nil {
			w.yield(nil, err)
			return
		}
		for _, e := range page {
			if _, placed := slices.BinarySearch(w.seqs, e.Seq); placed {
				continue
			}
			if !w.putBefore(e.Seq) || !w.put(e) {
				return
			}
		}
		if !w.flush() {
			return
		}
	}
	if w.putRest() {
		w.flush()
	}
}

// putBefore puts the admitted events that come before an event.
func (w *weaver) putBefore(seq int64) bool {
	for len(w.places) > 0 && (w.places[0].After < seq) == w.query.Oldest {
		if !w.putNext() {
			return false
		}
	}
	return true
}

func (w *weaver) putRest() bool {
	for len(w.places) > 0 {
		if !w.putNext() {
			return false
		}
	}
	return true
}

// putNext puts the next admitted event, if the log still has it and it is asked for.
func (w *weaver) putNext() bool {
	p := w.places[0]
	w.places = w.places[1:]
	if p.At.Before(w.query.Since) {
		return true
	}
	e, err := EventAt(w.ctx, w.log, p.Seq, false)
	if err != nil {
		w.yield(nil, err)
		return false
	}
	return e == nil || !w.query.Match(e) || w.put(e)
}

// put adds an event to the page. It returns false after the last one.
func (w *weaver) put(e *Event) bool {
	w.page, w.size = append(w.page, e), w.size+e.Size()
	w.left--
	switch {
	case w.left == 0:
		w.flush()
		return false
	case len(w.page) < pageEvents && w.size < PageBytes:
		return true
	}
	return w.flush()
}

func (w *weaver) flush() bool {
	page := w.page
	w.page, w.size = nil, 0
	return len(page) == 0 || w.yield(page, nil)
}
