package events

import (
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
)

// Matching returns a function that reports whether an event matches a filter. It is
// nil if all events match.
func Matching(env cli.Env, f *filter.Filter) func(*receiver.Event) bool {
	if f.Empty() {
		return nil
	}
	return func(e *receiver.Event) bool { return f.Event(e, env.Now()) }
}

// WarnUnknown prints a warning for each value of a filter that up42hooks does not
// know. It may be new at UP42, but often it is mistyped.
func WarnUnknown(say func(format string, args ...any), f *filter.Filter) {
	for _, d := range f.Doubts() {
		say("%v", d)
	}
}
