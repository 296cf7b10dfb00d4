package history

import (
	"cmp"
	"context"
	"slices"
	"sort"

	"github.com/up42/up42-webhooks/receiver"
)

// Rejections are the rejected deliveries of a log whose places among the events are known.
// A copy stays as it is when the original changes.
type Rejections struct{ list []Inserted }

// All returns them, the newest first. The slice must not be changed.
func (r *Rejections) All() []Inserted { return r.list }

// Only returns those with some numbers, the greatest of which is the first.
func (r *Rejections) Only(numbers []int64) (out []Inserted) {
	for _, n := range numbers {
		if k := r.find(n); k < len(r.list) && r.list[k].Key == -n {
			out = append(out, r.list[k])
		}
	}
	return out
}

func (r *Rejections) find(number int64) int {
	return sort.Search(len(r.list), func(k int) bool { return r.list[k].Key >= -number })
}

// Add adds deliveries that are not there yet. It keeps only the newest ones, as many as a log
// does. One that came later is never placed before one that came earlier.
func (r *Rejections) Add(some ...Inserted) {
	all := slices.Clone(r.list)
	for _, one := range some {
		if k := r.find(-one.Key); k == len(r.list) || r.list[k].Key != one.Key {
			all = append(all, one)
		}
	}
	slices.SortFunc(all, func(a, b Inserted) int { return cmp.Compare(a.Key, b.Key) })
	all = all[:min(len(all), receiver.RejectedKept)]
	for k := len(all) - 2; k >= 0; k-- {
		all[k].After = max(all[k].After, all[k+1].After)
	}
	r.list = all
}

// Remove removes deliveries that the log does not have any more.
func (r *Rejections) Remove(numbers ...int64) {
	r.list = slices.DeleteFunc(slices.Clone(r.list), func(one Inserted) bool { return slices.Contains(numbers, -one.Key) })
}

// placedAtOnce is the number of events that Place reads rather than to look for the one in
// their middle.
const placedAtOnce = 32

// Place finds the places of rejected deliveries, the newest of which is the first, among the
// events from a first to a last one. It looks for each by its time.
func Place(ctx context.Context, log receiver.Reader, some []Inserted, first, last int64) error {
	switch {
	case len(some) == 0:
		return nil
	case last-first < placedAtOnce:
		return placeNear(ctx, log, some, first, last)
	}
	middle := first + (last-first)/2
	page, err := log.Events(ctx, receiver.EventQuery{After: middle - 1, Limit: 1, Oldest: true})
	if err != nil {
		return err
	}
	if len(page) == 0 || page[0].Seq > last {
		return Place(ctx, log, some, first, middle-1)
	}
	e := page[0]
	later := sort.Search(len(some), func(k int) bool { return some[k].At < e.Entered().UnixMicro() })
	if err := Place(ctx, log, some[:later], e.Seq, last); err != nil {
		return err
	}
	return Place(ctx, log, some[later:], first, middle-1)
}

// placeNear is Place for few events.
func placeNear(ctx context.Context, log receiver.Reader, some []Inserted, first, last int64) error {
	for k := range some {
		some[k].After = first - 1
	}
	for after := first - 1; after < last; {
		page, err := log.Events(ctx, receiver.EventQuery{After: after, Before: last + 1, Limit: int(last - after), Oldest: true})
		if len(page) == 0 || err != nil {
			return err
		}
		for _, e := range page {
			for k := range some {
				if some[k].At >= e.Entered().UnixMicro() {
					some[k].After = e.Seq
				}
			}
		}
		after = page[len(page)-1].Seq
	}
	return nil
}
