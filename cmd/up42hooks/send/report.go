package send

import (
	"fmt"
	"io"
	"time"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
)

// report prints and counts outcomes. It is used by one goroutine.
type report struct {
	cli.Env
	form *cli.Form
	// records prints outcomes.
	records func([]Outcome) error
	// total is how many deliveries are to be sent.
	total int

	answered, accepted int
	slowest            float64
	// failed is the first delivery that was not accepted.
	failed *Outcome
	// broken is the first error of printing.
	broken error
}

// add counts an outcome and prints it. Of several deliveries only a summary is for people.
func (r *report) add(o Outcome) {
	r.slowest = max(r.slowest, o.Millis)
	if o.Code != 0 {
		r.answered++
	}
	if o.accepted() {
		r.accepted++
	} else if r.failed == nil {
		r.failed = &o
	}
	err := r.records([]Outcome{o})
	if r.broken == nil {
		r.broken = err
	}
}

// say prints an answer as text, if there is only one delivery.
func (r *report) say(outcomes []Outcome) (err error) {
	if o := outcomes[0]; r.total == 1 && o.Code != 0 {
		_, err = io.WriteString(r.Stdout, o.text())
	}
	return err
}

// end prints the summary. Its error says why deliveries were not accepted.
// interrupted reports that not all were sent.
func (r *report) end(took time.Duration, interrupted bool) error {
	if r.total > 1 && r.form.ForPeople() {
		_, err := fmt.Fprintf(r.Stdout, "%d of %d accepted in %s (%.0f/s, the slowest answer took %.1f ms)\n",
			r.accepted, r.total, took.Round(time.Millisecond), float64(r.answered)/max(took.Seconds(), 1e-3), r.slowest)
		if r.broken == nil {
			r.broken = err
		}
	}
	switch {
	case r.broken != nil:
		return r.broken
	case r.accepted == r.total:
		return nil
	case interrupted:
		return cli.Failed(fmt.Sprintf("interrupted: %d of %d were accepted", r.accepted, r.total))
	case r.total == 1:
		return cli.Failed(r.failed.problem())
	default:
		return cli.Failed(fmt.Sprintf("%d of %d were not accepted; the first: %s", r.total-r.accepted, r.total, r.failed.problem()))
	}
}
