package send

import (
	"fmt"
	"io"
	"time"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/tui/text"
)

// sendReport tells what became of deliveries. It is used by one goroutine.
type sendReport struct {
	cli.Env
	asJSON bool
	wanted int

	answered, accepted int
	slowest            float64
	// failed is the first delivery that was not accepted.
	failed *outcome
	// broken is the first error of writing the report itself.
	broken error
}

// add tells of one delivery: in JSON of each, in words of the only one.
func (r *sendReport) add(o outcome) {
	r.slowest = max(r.slowest, o.Millis)
	if o.Code != 0 {
		r.answered++
	}
	if o.accepted() {
		r.accepted++
	} else if r.failed == nil {
		r.failed = &o
	}
	var err error
	switch {
	case r.asJSON:
		err = cli.PrintJSON(r.Env, o)
	case r.wanted == 1 && o.Code != 0:
		_, err = io.WriteString(r.Stdout, o.line())
	}
	if r.broken == nil {
		r.broken = err
	}
}

func (o outcome) line() string {
	s := fmt.Sprintf("%d %s (%.1f ms)\n", o.Code, text.Clean(o.Answer, 200), o.Millis)
	for _, f := range [...]struct{ name, value string }{
		{"event", o.Event}, {"message", o.MessageID}, {"id", o.ID}, {"status", o.Status},
	} {
		if f.value != "" {
			s += fmt.Sprintf("  %-8s %s\n", f.name, text.Clean(f.value, 200))
		}
	}
	return s
}

// end sums up; its error says what went wrong. interrupted: not all were sent.
func (r *sendReport) end(took time.Duration, interrupted bool) error {
	if r.wanted > 1 && !r.asJSON {
		_, err := fmt.Fprintf(r.Stdout, "%d of %d accepted in %s (%.0f/s, the slowest answer took %.1f ms)\n",
			r.accepted, r.wanted, took.Round(time.Millisecond), float64(r.answered)/max(took.Seconds(), 1e-3), r.slowest)
		if r.broken == nil {
			r.broken = err
		}
	}
	switch {
	case r.broken != nil:
		return r.broken
	case r.accepted == r.wanted:
		return nil
	case interrupted:
		return cli.Failed(fmt.Sprintf("interrupted: %d of %d were accepted", r.accepted, r.wanted))
	case r.wanted == 1:
		return cli.Failed(r.failed.problem())
	default:
		return cli.Failed(fmt.Sprintf("%d of %d were not accepted; the first: %s", r.wanted-r.accepted, r.wanted, r.failed.problem()))
	}
}

// problem says why a delivery was not accepted and what to do.
func (o outcome) problem() string {
	if o.err != nil {
		return o.err.Error()
	}
	todo := "see what stands behind this address"
	switch {
	case o.Code/100 == 3:
		todo = "it redirects, which a webhook's sender does not follow: give the address itself as --url"
	case o.Code == 401 || o.Code == 403:
		todo = "see whether the receiver has the secret, and the reason on its screen or in: up42hooks events --rejected"
	case o.Code == 404:
		todo = "see whether the path in --url is the receiver's --path"
	case o.Code == 400 || o.Code == 413:
		todo = "the receiver does not take this body; see the reason on its screen or in: up42hooks events --rejected"
	case o.Code == 503 || o.Code == 429:
		todo = "the receiver can't store it now: try again"
	}
	return fmt.Sprintf("answered %d: %s", o.Code, todo)
}
