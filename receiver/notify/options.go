package notify

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/receiver/safe"
)

// DefaultEvery is the least time between two summaries of a rule.
const DefaultEvery = 10 * time.Second

// Rule says which deliveries to send messages about, how and when.
type Rule struct {
	// Name is the name of the rule in messages and logs.
	Name string
	// When selects deliveries. Nil selects all. Rejected deliveries are only selected if
	// the filter asks for a verdict or a reason.
	When *filter.Filter
	// Do are the ways to send a message. At least one is required. They don't wait for
	// each other.
	Do []Action
	// Quiet is when to send nothing. What arrived then is told at its end.
	Quiet Hours
	// Every is the least time between two messages, each about all deliveries since the
	// one before. 0 is one message for each delivery by actions that are persistent, and
	// DefaultEvery for the others.
	Every time.Duration
}

// Options configure [Run]. Log is required.
type Options struct {
	Log   receiver.Reader
	Rules []Rule
	// After is what the log had when the notices begin: what arrived later is new. Nil
	// takes what the log has when Run reads it first.
	After *receiver.Counts
	// UnsentFile remembers for the next run which messages of persistent actions were not
	// sent. It exists while there are some. Empty: the next run begins with After.
	UnsentFile string
	// Shared is not nil if another program goes on after the end of Run. Then there is one rule with
	// one action, and no UnsentFile.
	Shared *Shared
	// Accept reports whether a delivery may be selected. Nil accepts verified and trusted
	// ones. It is not asked for rules whose filter asks for a verdict or a reason.
	Accept func(*receiver.Event) bool
	// Clean makes a text from outside safe to print, and cuts it to a number of cells. Nil
	// replaces dangerous characters by "?".
	Clean func(s string, maxCells int) string
	// Now is the clock. Quiet hours are in the time zone of its result. Nil is time.Now.
	Now func() time.Time
	// Logger gets the first of several failures in a row, and their end. It may be nil.
	Logger *slog.Logger

	unsent *unsent
}

// withDefaults fills in what was left out.
func (o Options) withDefaults() Options {
	if o.Accept == nil {
		o.Accept = func(e *receiver.Event) bool { return e.Verdict.Trust() == receiver.FullTrust }
	}
	if o.Clean == nil {
		o.Clean = func(s string, maxCells int) string { return safe.Shorten(safe.Line(s), maxCells) }
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}

// findPlaces finds out which deliveries are new, and which an earlier run has not told.
func (o *Options) findPlaces(ctx context.Context) error {
	o.unsent = &unsent{}
	if o.UnsentFile == "" {
		return nil
	}
	if o.After == nil {
		c, err := o.Log.Counts(ctx)
		if err != nil {
			return err
		}
		o.After = &c
	}
	var names []string
	for i := range o.Rules {
		for _, a := range o.Rules[i].Do {
			if a.Persistent() {
				names = append(names, placeName(&o.Rules[i], a))
			}
		}
	}
	o.unsent = openUnsent(o.UnsentFile, o.After.LastSeq, names, o.Logger)
	return nil
}

func (o *Options) check() error {
	for i := range o.Rules {
		if len(o.Rules[i].Do) == 0 {
			return fmt.Errorf("rule %q does not say how to send messages", o.Rules[i].Name)
		}
	}
	return nil
}
