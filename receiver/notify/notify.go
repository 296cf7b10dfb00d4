package notify

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
)

// DefaultEvery is the least time between two messages of a rule that names none.
const DefaultEvery = 10 * time.Second

// gather is how long a rule waits for company after the first delivery of a
// message.
const gather = time.Second

// Rule says what to tell, how and when.
type Rule struct {
	// Name is what messages and logs call the rule.
	Name string
	// When is what to tell of; nil: everything. A rejected delivery is told only
	// where the filter demands a verdict or a reason.
	When *filter.Filter
	// Do is how to tell. Each of them goes its own way: none waits for another.
	Do []Action
	// Quiet is when not to tell. What comes then is one message at its end.
	Quiet Hours
	// Every is the least time between two messages; 0: DefaultEvery.
	Every time.Duration
}

// Action is a way to tell.
type Action interface {
	// Tell tells. It may take its time, but no longer than ctx.
	Tell(ctx context.Context, m *Message) error
	// Lasting: what is told can be read later. Then what waits when the program
	// ends is told at once, else it is not told at all.
	Lasting() bool
	// String names the action in logs. It gives no secret away.
	String() string
}

// Options are what Run needs. Rules and Log must be there.
type Options struct {
	Log   receiver.Reader
	Rules []Rule
	// Accept says which deliveries can be told of; nil: those that are verified
	// or trusted. A rule whose filter demands a verdict or a reason is told of
	// any.
	Accept func(*receiver.Event) bool
	// Clean makes text from outside safe to print in so many cells, as tui/text
	// does; nil: what could do harm becomes a "?".
	Clean func(s string, max int) string
	// Now is the clock, in whose zone quiet hours are meant; nil: time.Now.
	Now func() time.Time
	// Logger hears of the first of several failures, and of their end; nil:
	// nobody does.
	Logger *slog.Logger
}

// Run tells of what comes in from now on, until ctx ends, which is no error, or
// the log is closed. All its goroutines have ended when it returns; at the end
// it takes two seconds at most. Without rules it returns at once.
func Run(ctx context.Context, o Options) error {
	o.fill()
	rules, err := o.rules()
	if err != nil || len(rules) == 0 {
		return err
	}
	var tellers sync.WaitGroup
	defer tellers.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for _, r := range rules {
		for _, t := range r.tellers {
			tellers.Go(func() { t.run(ctx) })
		}
	}
	return o.follow(ctx, rules)
}

func (o *Options) fill() {
	if o.Accept == nil {
		o.Accept = func(e *receiver.Event) bool { return e.Verdict.Trust() == receiver.FullTrust }
	}
	if o.Clean == nil {
		o.Clean = func(s string, max int) string { return shorten(plain(s), max) }
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
}

// rule is a Rule at work.
type rule struct {
	when    *filter.Filter
	any     bool // of deliveries that are not accepted as well
	tellers []*teller
}

func (o *Options) rules() ([]rule, error) {
	out := make([]rule, len(o.Rules))
	for i := range o.Rules {
		r := &o.Rules[i]
		if len(r.Do) == 0 {
			return nil, fmt.Errorf("rule %q says nothing of how to tell", r.Name)
		}
		out[i] = rule{when: r.When, any: r.When.Demands(filter.Verdict, filter.Reason)}
		for _, a := range r.Do {
			out[i].tellers = append(out[i].tellers, newTeller(o, r, a))
		}
	}
	return out, nil
}

// tell has the tellers know of a delivery, if it is theirs.
func (o *Options) tell(rules []rule, e *receiver.Event) {
	accepted := e.Verdict != receiver.Rejected && o.Accept(e)
	for i := range rules {
		r := &rules[i]
		if (accepted || r.any) && r.when.Event(e, o.Now()) {
			for _, t := range r.tellers {
				t.add(e)
			}
		}
	}
}

// plain puts a "?" for each character that a terminal or a reader's eye could
// obey.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) || unicode.In(r, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) {
			return '?'
		}
		return r
	}, s)
}

// shorten cuts text to so many characters, the last one an ellipsis.
func shorten(s string, max int) string {
	if len(s) <= max {
		return s
	}
	if r := []rune(s); len(r) > max {
		return string(r[:max-1]) + "…"
	}
	return s
}
