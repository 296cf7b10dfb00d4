package mcp

import (
	"fmt"
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
func limitOf(asked int) (int, error) {
	switch {
	case asked == 0:
		return usualLimit, nil
	case asked < 0 || asked > maxLimit:
		return 0, fmt.Errorf("limit: want a number from 1 to %d", maxLimit)
	default:
		return asked, nil
	}
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
