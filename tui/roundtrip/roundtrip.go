// Package roundtrip proves that a webhook works: it lets UP42 send test events
// and looks for each of them in the receiver's log, by its message id.
//
// The package is below tui because UP42's API and the receiver's log meet there.
// The commands `webhooks test` and `doctor` use it too.
package roundtrip

import (
	"context"
	"slices"
	"time"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver"
)

// DefaultWait is how long a test event may take to arrive.
const DefaultWait = 15 * time.Second

// rejectedWait is how long to wait for an event that UP42 could not deliver. The
// receiver may have rejected it, and rejections reach the log a moment later: on
// a slow disk or a busy machine, this takes seconds.
const rejectedWait = 5 * time.Second

// API is the part of UP42's API that a round trip needs.
type API interface {
	TestWebhook(ctx context.Context, id string) (client.TestReport, error)
}

// Options are the options of [Run]. API and Log are required.
type Options struct {
	API API
	// Log is the receiver's log. Another process may write it.
	Log receiver.Reader
	// Wait is how long to wait for events that UP42 says it sent, counted from
	// UP42's answer. 0 means DefaultWait.
	Wait time.Duration
	// PointsHere reports whether a webhook's URL leads to the receiver of Log.
	// Nil if that is not known.
	PointsHere func(url string) bool
	// Here is the URL that leads to the receiver, for the words of a cause. It
	// may be empty.
	Here string
	// Progress is called each time the result changes, one call after the other,
	// from the goroutine of Run. May be nil.
	Progress func(Result)
	// Now is the clock. Nil means time.Now.
	Now func() time.Time
}

// Run tests the webhook and waits for the test events. Its error comes from UP42,
// from ctx, or from the log (a *LogError). A round trip that fails is not an
// error: see [Result.Proven]. The result is valid in either case, as far as the
// round trip got. If UP42's answer is lost, the events that arrive say what was sent:
// only if none arrives, that is an error.
func Run(ctx context.Context, w client.Webhook, o Options) (Result, error) {
	if o.Wait <= 0 {
		o.Wait = DefaultWait
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	t := &trip{o: o, in: arrivals{log: o.Log}, explainer: explainer{webhook: w, pointsHere: o.PointsHere, here: o.Here}}
	err := t.run(ctx)
	return t.update(true), err
}

// trip is a round trip that is under way.
type trip struct {
	o Options
	explainer
	in      arrivals
	started time.Time // when UP42 was asked, by this machine's clock
	last    Result    // what Progress was given last
}

// answer is UP42's answer.
type answer struct {
	report client.TestReport
	err    error
}

func (t *trip) run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	changes, stopped, err := t.in.watch(ctx)
	if err != nil {
		cancel()
		return err
	}
	answers := t.ask(ctx)
	waiting := true // for UP42's answer
	defer func() {
		cancel()
		if <-stopped; waiting {
			<-answers
		}
	}()
	t.update(false)
	var late deadline
	defer late.stop()
	for {
		select {
		case <-ctx.Done():
			if !waiting {
				return ctx.Err()
			}
			waiting = false
			return t.givenUp(ctx, <-answers)
		case err := <-changes:
			if err := t.readOn(ctx, err); err != nil {
				return err
			}
		case a := <-answers:
			waiting = false
			if err := t.take(a); err != nil {
				return err
			}
			late.start()
		case <-late.passed():
			return t.end(ctx)
		}
		t.update(false)
		if !waiting && !late.set(t.wait()) {
			return nil
		}
	}
}

// readOn reads what has come into the log since. err says why the log can't be watched.
func (t *trip) readOn(ctx context.Context, err error) error {
	if err == nil {
		err = t.in.read(ctx)
	}
	return logError(err)
}

// ask has UP42 test the webhook. The channel gets its answer.
func (t *trip) ask(ctx context.Context) <-chan answer {
	t.started = t.o.Now()
	answers := make(chan answer, 1)
	go func() {
		report, err := t.o.API.TestWebhook(ctx, t.webhook.ID)
		answers <- answer{report, err}
	}()
	return answers
}

// take takes UP42's answer. An answer that was lost is no error: events may have been sent.
func (t *trip) take(a answer) error {
	switch {
	case client.Unsure(a.err):
		t.lost = a.err
	case a.err != nil:
		return a.err
	default:
		t.report = &a.report
	}
	return nil
}

// end reads the log for the last time.
func (t *trip) end(ctx context.Context) error {
	if err := t.in.read(ctx); err != nil {
		return logError(err)
	}
	if r := t.update(false); t.lost != nil && r.arrived() == 0 {
		return t.lost
	}
	return nil
}

// lastLook bounds the last look into the log after the caller gave up.
const lastLook = 2 * time.Second

// givenUp ends the round trip of a caller who gave up before UP42 answered. If all test
// events are there nevertheless, it has succeeded.
func (t *trip) givenUp(ctx context.Context, a answer) error {
	if !client.Unsure(a.err) {
		return ctx.Err()
	}
	t.lost = a.err
	looking, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastLook)
	defer cancel()
	if err := t.in.read(looking); err != nil {
		return a.err
	}
	if r := t.update(false); len(r.Events) == 0 || r.arrived() < len(r.Events) {
		return a.err
	}
	return nil
}

// wait is how long to wait, counted from UP42's answer, for what has not arrived.
// 0 means that nothing more can arrive.
func (t *trip) wait() time.Duration {
	var d time.Duration
	for i, x := range expect(t.webhook, t.report) {
		switch {
		case t.last.Events[i].Arrived || x.untested:
		case x.failed:
			d = max(d, min(rejectedWait, t.o.Wait))
		default:
			d = max(d, t.o.Wait)
		}
	}
	return d
}

// update works out the result, and calls Progress if it has changed.
func (t *trip) update(done bool) Result {
	r := t.result(&t.in, t.started, t.o.Now(), done)
	changed := r.Sent != t.last.Sent || r.Done != t.last.Done || !slices.Equal(r.Events, t.last.Events)
	if t.last = r; changed && t.o.Progress != nil {
		t.o.Progress(r.clone())
	}
	return t.last
}
