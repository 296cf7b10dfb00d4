package main

import (
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
)

// keeper chooses the events that pass a filter; nil where all do.
func keeper(w world, f *filter.Filter) func(*receiver.Event) bool {
	if f.Empty() {
		return nil
	}
	return func(e *receiver.Event) bool { return f.Event(e, w.now()) }
}

// sayDoubts says which words of a filter UP42 knows nothing of: there may be
// something new at UP42, but often they are mistyped.
func sayDoubts(w world, f *filter.Filter) {
	for _, d := range f.Doubts() {
		w.say("%v", d)
	}
}
