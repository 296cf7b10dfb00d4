package forward

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/events"
	"github.com/up42/up42-webhooks/cmd/up42hooks/progress"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
	"github.com/up42/up42-webhooks/receiver/retry"
)

// target accepts events.
type target interface {
	Send(ctx context.Context, e *receiver.Event) error
}

// printing is the target of a dry run: it prints events.
type printing struct {
	print func([]*receiver.Event) error
}

func (p printing) Send(_ context.Context, e *receiver.Event) error {
	return p.print([]*receiver.Event{e})
}

// run is one run of the command.
type run struct {
	target target
	tries  int
	// accepts reports whether the verdict of an event allows to forward it.
	accepts func(*receiver.Event) bool
	// sent is how many events were forwarded, kept how many were not accepted.
	sent, kept int
	// last is the last event that is done.
	last int64

	progress *progress.Progress
	// first is the first event that is done, 0 before that; end is the last one of all.
	first, end int64
}

// history forwards the stored events after a sequence number, oldest first. It ends
// with the newest event at its start.
func (r *run) history(ctx context.Context, s *events.Stream, after int64) error {
	s.Print = func(page []*receiver.Event) error { return r.sendPage(ctx, page) }
	var err error
	if r.end, err = s.Last(ctx); err != nil {
		return err
	}
	err = s.Pages(ctx, &after, r.end+1)
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return r.interrupted()
	}
	return err
}

func (r *run) interrupted() error {
	return cli.Failed(fmt.Sprintf("interrupted: forwarded %s; continue with --after %d", cli.Count(r.sent, "event"), r.last))
}

// done notes that an event is done.
func (r *run) done(e *receiver.Event) {
	if r.last = e.Seq; r.first == 0 {
		r.first = e.Seq
	}
	r.progress.Set(e.Seq-r.first+1, r.end-r.first+1)
}

func (r *run) sendPage(ctx context.Context, page []*receiver.Event) error {
	for _, e := range page {
		if !r.accepts(e) {
			r.kept++
			r.done(e)
			continue
		}
		err := r.send(ctx, e)
		if err != nil && ctx.Err() != nil {
			return r.interrupted()
		}
		if err != nil {
			return fmt.Errorf("forwarded %d, then the target did not accept event %d: %w; continue with --after %d", r.sent, e.Seq, err, e.Seq-1)
		}
		r.sent++
		r.done(e)
	}
	return nil
}

// send forwards one event. It tries again after an increasing wait, or after the wait
// that the target asks for.
func (r *run) send(ctx context.Context, e *receiver.Event) error {
	return attempt(ctx, r.tries, func() error { return r.target.Send(ctx, e) }, func(error) bool { return false })
}

// attempt calls send until it succeeds, as often as tries says, or until its error is for good.
func attempt(ctx context.Context, tries int, send func() error, forGood func(error) bool) error {
	const first, longest, longestAsked = 500 * time.Millisecond, 15 * time.Second, time.Minute
	for try := 1; ; try++ {
		err := send()
		if err == nil || try == tries || ctx.Err() != nil || forGood(err) {
			return err
		}
		wait := retry.Backoff(try, first, longest)
		var refused *forward.Refused
		if errors.As(err, &refused) {
			wait = max(wait, min(refused.After, longestAsked))
		}
		retry.Sleep(ctx, wait)
	}
}

// summary says what was done. dry says that nothing was forwarded.
func (r *run) summary(dry bool) string {
	text := "forwarded " + cli.Count(r.sent, "event")
	if dry {
		text = "printed " + cli.Count(r.sent, "event") + ", forwarded none"
	}
	if r.kept > 0 {
		text += fmt.Sprintf("; %d may not be forwarded, because they are partial or unsigned", r.kept)
	}
	return text
}
