package actions

import (
	"fmt"
	"slices"
	"time"

	"github.com/up42/up42-webhooks/tui/number"
	"github.com/up42/up42-webhooks/tui/roundtrip"
)

// Outcome is the outcome of a test of a webhook.
type Outcome struct {
	Passed, All int // numbers of events
	Proven      bool
	At          time.Time
	Result      roundtrip.Result
	Err         error
}

// Score says how many test events passed.
func (o *Outcome) Score() string {
	return fmt.Sprintf("%d of %d test %s passed", o.Passed, o.All, number.Plural(int64(o.All), "event", "events"))
}

func outcomeOf(r roundtrip.Result, err error, at time.Time) Outcome {
	o := Outcome{All: len(r.Events), Proven: err == nil && r.Proven(), At: at, Result: r, Err: err}
	for _, e := range r.Events {
		if e.Proven() {
			o.Passed++
		}
	}
	return o
}

// Sent reports whether UP42 sent at least one event.
func (o *Outcome) Sent() bool {
	return slices.ContainsFunc(o.Result.Events, func(e roundtrip.Event) bool { return e.Sent || e.Arrived })
}
