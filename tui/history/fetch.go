package history

import (
	"context"

	"github.com/up42/up42-webhooks/receiver"
)

// Fetched is what a log has of some deliveries.
type Fetched struct {
	Deliveries []Delivery
	// Missing are the keys of those that it does not have.
	Missing []int64
}

// Delivery is an event or a rejected delivery, with the key by which it was asked for.
type Delivery struct {
	Key   int64
	Event *receiver.Event
}

// Fetch reads deliveries by their keys, which are in the order of a list. It stops before it
// has read much more than [receiver.PageBytes]; it reads at least one.
func Fetch(ctx context.Context, log receiver.Reader, keys []int64) (*Fetched, error) {
	f := &Fetched{}
	room := receiver.PageBytes
	for len(keys) > 0 && room > 0 {
		n := runOf(keys)
		numbers, rejected := keys[:n], keys[0] < 0
		low, high := min(numbers[0], numbers[n-1]), max(numbers[0], numbers[n-1])
		if rejected {
			low, high = -high, -low
		}
		keys = keys[n:]
		for after := low - 1; after < high && room > 0; {
			page, err := log.Events(ctx, receiver.EventQuery{After: after, Before: high + 1, Limit: int(high - after), Oldest: true, Rejected: rejected})
			if err != nil {
				return nil, err
			}
			for _, e := range page {
				f.miss(after+1, e.Seq-1, rejected)
				f.Deliveries = append(f.Deliveries, Delivery{keyOf(e.Seq, rejected), e})
				after, room = e.Seq, room-e.Size()
			}
			if len(page) == 0 {
				f.miss(after+1, high, rejected)
				after = high
			}
		}
	}
	return f, nil
}

// runOf returns how many of the first keys are of neighbours.
func runOf(keys []int64) int {
	n := 1
	for n < len(keys) && keys[n] < 0 == (keys[0] < 0) && (keys[n]-keys[n-1] == 1 || keys[n]-keys[n-1] == -1) {
		n++
	}
	return n
}

func (f *Fetched) miss(from, to int64, rejected bool) {
	for n := from; n <= to; n++ {
		f.Missing = append(f.Missing, keyOf(n, rejected))
	}
}

// keyOf is the key of a number among the events, or among the rejected deliveries.
func keyOf(number int64, rejected bool) int64 {
	if rejected {
		return -number
	}
	return number
}

// GapAt returns the range of events that a log does not have around one that it does not
// have, with both ends. It reaches up to last if the log has no later event.
func GapAt(ctx context.Context, log receiver.Reader, number, last int64) (from, to int64, err error) {
	before, err := log.Events(ctx, receiver.EventQuery{Before: number, Limit: 1})
	if err != nil {
		return 0, 0, err
	}
	after, err := log.Events(ctx, receiver.EventQuery{After: number, Limit: 1, Oldest: true})
	if err != nil {
		return 0, 0, err
	}
	from, to = 1, last
	if len(before) > 0 {
		from = before[0].Seq + 1
	}
	if len(after) > 0 {
		to = after[0].Seq - 1
	}
	return from, to, nil
}
