// Package admit offers rejected deliveries that are good now, and admits them.
package admit

import (
	"context"
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/admission"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/detail"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/number"
	"github.com/up42/up42-webhooks/tui/prompt"
	"github.com/up42/up42-webhooks/tui/theme"
)

// Admissions knows which rejected deliveries are good now, and admits them. It is safe for
// concurrent use. Its errors hold no secret.
type Admissions interface {
	// Good returns the numbers of the rejected deliveries that are good now, in their
	// order. It must be quick, as it is called once a second from Update.
	Good() []int64
	// Err says why it is not known which are good; nil if Good returns all. It must be
	// quick.
	Err() error
	// Do admits rejected deliveries.
	Do(context.Context, admission.Request) ([]admission.Result, error)
}

// Options are what an Offer needs.
type Options struct {
	// Admissions is nil if nothing can be admitted.
	Admissions Admissions
	Run        command.Runner
	Say        note.Say
	Theme      *theme.Theme
	Keys       *keys.Map
	// Left is called with the numbers of deliveries that are no longer among the rejected
	// ones.
	Left func(numbers []int64)
}

// Offer knows what can be admitted. Its methods may be called only from Update and View.
type Offer struct {
	o         Options
	good      []int64
	admitting int // how many are being admitted
}

// New makes an Offer.
func New(o Options) *Offer { return &Offer{o: o} }

// Tick asks what is good now. It reports whether that has changed.
func (f *Offer) Tick() (changed bool) {
	if f.o.Admissions == nil {
		return false
	}
	before := f.good
	f.good = f.o.Admissions.Good()
	return !slices.Equal(before, f.good)
}

// Count returns how many rejected deliveries are good now.
func (f *Offer) Count() int { return len(f.good) }

// Good reports whether the rejected delivery with a number is good now.
func (f *Offer) Good(number int64) bool {
	_, good := slices.BinarySearch(f.good, number)
	return good
}

// Caution says on every page that there is something to admit, or returns "".
func (f *Offer) Caution() string {
	if len(f.good) == 0 || f.admitting > 0 {
		return ""
	}
	return count(len(f.good)) + fmt.Sprintf(map[bool]string{true: " is good now: %s admits it", false: " are good now: %s admits them"}[len(f.good) == 1], keys.First(f.o.Keys.Admit))
}

func count(n int) string { return number.Of(int64(n), "rejected delivery", "rejected deliveries") }

// UnderWay says that deliveries are being admitted, or returns "".
func (f *Offer) UnderWay() string {
	if f.admitting == 0 {
		return ""
	}
	return fmt.Sprintf("admitting %s%s", number.Format(int64(f.admitting)), f.o.Theme.Glyphs.Ellipsis)
}

// Ask makes a question whether to admit one delivery, if s is not nil, or all that are
// good. It returns nil if there is nothing to admit.
func (f *Offer) Ask(s *detail.Subject) *prompt.Question {
	numbers := f.good
	if s != nil {
		numbers = []int64{s.Seq}
	}
	switch {
	case f.admitting > 0:
		f.o.Say.Hint("deliveries are being admitted already")
		return nil
	case s != nil && !s.Rejected:
		f.o.Say.Hint(keys.First(f.o.Keys.Admit) + " admits rejected deliveries: this one was accepted")
		return nil
	case (s == nil && len(numbers) == 0 || s != nil && !f.Good(s.Seq)) && f.unknown() != nil:
		f.o.Say.Hint("not known what can be admitted: " + f.unknown().Error())
		return nil
	case s != nil && !f.Good(s.Seq):
		f.o.Say.Hint(name(s.Seq) + " can't be admitted: the current secrets do not prove it")
		return nil
	case len(numbers) == 0:
		f.o.Say.Hint("nothing to admit: no rejected delivery is good by the current secrets")
		return nil
	}
	return &prompt.Question{
		Theme: f.o.Theme, Keys: f.o.Keys, Enter: "admit",
		Ask: question(numbers), Then: "Rows change, and targets and notices get the events.",
		Do: func() tea.Cmd { return f.admit(numbers) },
	}
}

// unknown says why it is not known what is good.
func (f *Offer) unknown() error {
	if f.o.Admissions == nil {
		return nil
	}
	return f.o.Admissions.Err()
}

func question(numbers []int64) string {
	const few = 3
	if len(numbers) > few {
		return "Admit " + count(len(numbers)) + " that are good now?"
	}
	return "Admit " + names(numbers) + map[bool]string{true: ", which was rejected and is good now?", false: ", which were rejected and are good now?"}[len(numbers) == 1]
}

func name(n int64) string { return receiver.Number{Seq: n, Rejected: true}.String() }

func names(numbers []int64) string {
	all := make([]string, len(numbers))
	for i, n := range numbers {
		all[i] = name(n)
	}
	if len(all) == 1 {
		return all[0]
	}
	return strings.Join(all[:len(all)-1], ", ") + " and " + all[len(all)-1]
}

// admit admits deliveries.
func (f *Offer) admit(numbers []int64) tea.Cmd {
	f.admitting = len(numbers)
	type done struct {
		results []admission.Result
		err     error
	}
	do := func(ctx context.Context) (d done) {
		d.results, d.err = f.o.Admissions.Do(ctx, admission.Request{Numbers: numbers})
		return d
	}
	return command.Ask(f.o.Run, do, func(d done) tea.Cmd {
		f.admitting = 0
		f.Tick()
		f.left(d.results)
		f.say(d.results, d.err)
		return nil
	})
}

// left reports which deliveries are no longer rejected ones.
func (f *Offer) left(results []admission.Result) {
	var left []int64
	for _, r := range results {
		if n, ok := receiver.ParseNumber(r.Number); ok && r.Outcome != admission.StaysRejected {
			left = append(left, n.Seq)
		}
	}
	f.o.Left(left)
}

// say says what became of the deliveries.
func (f *Offer) say(results []admission.Result, err error) {
	counts := map[admission.Outcome]int{}
	var last admission.Result // of those that were admitted
	for _, r := range results {
		if counts[r.Outcome]++; r.Outcome == admission.Admitted {
			last = r
		}
	}
	var words []string
	switch n := counts[admission.Admitted]; {
	case n == 1:
		words = append(words, fmt.Sprintf("admitted %s: it is event %d, at its time of arrival", last.Number, last.Seq))
	case n > 1:
		words = append(words, fmt.Sprintf("admitted %s deliveries, up to event %d, at their times of arrival", number.Format(int64(n)), last.Seq))
	}
	add := func(o admission.Outcome, what string) {
		if n := counts[o]; n > 0 {
			words = append(words, number.Format(int64(n))+" "+what)
		}
	}
	add(admission.Duplicate, "came again meanwhile: no second event is stored")
	add(admission.StaysRejected, "rejected still: the secrets have changed again")
	add(admission.Gone, "not kept any more")
	if err != nil {
		words = append(words, "could not admit: "+err.Error())
		f.o.Say.Failure(strings.Join(words, "; "))
		return
	}
	f.o.Say.Info(strings.Join(words, "; "))
}
