package mcp

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
)

const (
	// usualLimit is how many things a result has if the agent does not say.
	usualLimit = 20
	// maxLimit is how many it has at most.
	maxLimit = 100
	// pageBytes is how many bytes of JSON it has. Only the last thing may exceed it.
	pageBytes = 128 << 10
	// maxBody is the longest body in it, in bytes.
	maxBody = 32 << 10
	// searchTime bounds how long a call searches.
	searchTime = 10 * time.Second
)

// limitOf checks the limit of a page.
func limitOf(asked *int) (int, error) {
	switch {
	case asked == nil:
		return usualLimit, nil
	case *asked < 1 || *asked > maxLimit:
		return 0, fmt.Errorf("limit: want a number from 1 to %d", maxLimit)
	default:
		return *asked, nil
	}
}

// numberText is the number of a delivery as an agent gives it: 12, "12" or "r7".
type numberText string

// UnmarshalJSON reads a text or a number.
func (n *numberText) UnmarshalJSON(raw []byte) error {
	*n = numberText(bytes.Trim(raw, `"`))
	return nil
}

// page collects the things of a result.
type page[T any] struct {
	items []T
	limit int
	bytes int
}

// add adds a thing. It reports whether there is room for more.
func (p *page[T]) add(item T) (more bool, err error) {
	encoded, err := receiver.AppendJSONLine(nil, item)
	if err != nil {
		return false, err
	}
	p.items, p.bytes = append(p.items, item), p.bytes+len(encoded)
	return len(p.items) < p.limit && p.bytes < pageBytes, nil
}

// withoutBody returns the event without its body if that is too long, or nested too deep; cut
// reports that.
func withoutBody(e *receiver.Event) (_ *receiver.Event, cut bool) {
	if len(e.Body) <= maxBody && depthOf(e.Body) < maxDepth/2 {
		return e, false
	}
	short := *e
	short.Body = nil
	return &short, true
}

// noRows says that a filter finds no orders and no jobs, whatever is in the store.
const noRows = "no order and no job is made of rejected deliveries, so nothing is found: list_rejections lists them"

// rowFilter is parseFilter for orders and jobs.
func rowFilter(expr string) (*filter.Filter, []string, error) {
	f, doubts, err := parseFilter(expr)
	if err == nil {
		err = f.Only(filter.RowKeys()...)
	}
	if err != nil {
		return nil, nil, err
	}
	if slices.Contains(strings.Fields(f.String()), onlyRejected) {
		doubts = append(doubts, noRows)
	}
	return f, doubts, nil
}

// onlyRejected is the part of a filter that demands rejected deliveries.
const onlyRejected = string(filter.Verdict) + ":" + string(receiver.Rejected)

// noEvents says that a filter finds nothing among events.
const noEvents = "rejected deliveries are no events: list_rejections lists them, and wait_for_event waits for them with rejected"

// deliveryFilter is parseFilter for events, or for rejected deliveries.
func deliveryFilter(expr string, rejected bool) (*filter.Filter, []string, error) {
	f, doubts, err := parseFilter(expr)
	if err != nil {
		return nil, nil, err
	}
	if !rejected && (f.Demands(filter.Reason) || slices.Contains(strings.Fields(f.String()), onlyRejected)) {
		doubts = append(doubts, noEvents)
	}
	return f, doubts, nil
}

// parseFilter reads a filter. The doubts say what up42hooks does not know in it.
func parseFilter(expr string) (f *filter.Filter, doubts []string, err error) {
	if f, err = filter.Parse(expr); err != nil {
		return nil, nil, err
	}
	for _, d := range f.Doubts() {
		doubts = append(doubts, d.Error())
	}
	return f, doubts, nil
}
