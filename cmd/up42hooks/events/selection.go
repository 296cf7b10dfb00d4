package events

import (
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
)

// Keeper chooses the events that pass a filter; nil where all do.
func Keeper(w cli.Env, f *filter.Filter) func(*receiver.Event) bool {
	if f.Empty() {
		return nil
	}
	return func(e *receiver.Event) bool { return f.Event(e, w.Now()) }
}

// SayDoubts says which words of a filter UP42 knows nothing of: there may be
// something new at UP42, but often they are mistyped.
func SayDoubts(w cli.Env, f *filter.Filter) {
	for _, d := range f.Doubts() {
		w.Say("%v", d)
	}
}
