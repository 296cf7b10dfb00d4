// Package roundtrip proves that a webhook works: it has UP42 send test events
// and looks for each of them in the log, by its message id.
//
// It lives under tui because it is where UP42's API and the receiver's log
// meet; the command `webhooks test` uses it as well.
package roundtrip

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver"
)

// DefaultWait is how long a test event may take to arrive.
const DefaultWait = 15 * time.Second

// settle bounds the wait for what UP42 says it could not deliver: it may have
// been rejected here, and rejections reach the log a moment later; where the disk
// is slow, or the machine busy, that is seconds.
const settle = 3 * time.Second

// API is what a round trip needs of UP42.
type API interface {
	TestWebhook(ctx context.Context, id string) (client.TestReport, error)
}

// Options are what Run needs.
type Options struct {
	API API
	// Log is that of the receiver, which may be another process.
	Log receiver.Reader
	// Wait is how long to wait for what UP42 says it sent, from its answer on;
	// 0: DefaultWait.
	Wait time.Duration
	// PointsHere says whether a webhook's URL leads to the receiver of Log;
	// nil: not known.
	PointsHere func(url string) bool
	// Here is the URL that leads to the receiver, "" where it is not known. It
	// is only named.
	Here string
	// Progress is told each time something becomes known, one call after the
	// other, from Run's goroutine; nil: nobody is.
	Progress func(Result)
	// Now is the clock; nil: time.Now.
	Now func() time.Time
}

// Result is what is known of a round trip so far.
type Result struct {
	Webhook client.Webhook `json:"webhook"`
	// Sent: UP42 has answered that it ran the tests.
	Sent bool `json:"sent"`
	// Done: nothing more will come.
	Done bool `json:"done"`
	// Events has one for each event type that the webhook subscribes to, and
	// for what UP42 tested besides.
	Events []Event `json:"events"`
	// Components are the headers that the arrived events' signatures cover, nil
	// where they differ or nothing verified arrived: what may be pinned.
	Components []string `json:"components"`
}

// Proven says that every event made it: sent, arrived, verified and stored.
func (r *Result) Proven() bool {
	return r.Sent && len(r.Events) > 0 && !slices.ContainsFunc(r.Events, func(e Event) bool { return !e.Proven() })
}

// Event is the round trip of one test event.
type Event struct {
	Name string `json:"name"`
	// MessageID is UP42's, "" where it told none.
	MessageID string `json:"messageId"`
	// Sent is UP42's word that its delivery was answered well, Message its own
	// words on that; they come from outside.
	Sent    bool   `json:"sent"`
	Message string `json:"message"`
	// Undelivered is UP42's word that its delivery was not answered well, or
	// not at all. Where it arrived all the same, it was turned away here.
	Undelivered bool `json:"-"`
	// Arrived: it is in the log. By time, not by message id, where UP42 told
	// none, or has not answered yet.
	Arrived bool `json:"arrived"`
	ByTime  bool `json:"byTime"`
	// Took is from UP42's start of the test to the arrival, by both clocks, and
	// no longer than it was by this machine's alone. JSON has it in
	// milliseconds, as tookMs.
	Took time.Duration `json:"-"`
	// Verdict, Reason and Secret are the receiver's; "" where it did not arrive.
	Verdict receiver.Verdict   `json:"verdict"`
	Reason  receiver.Reason    `json:"reason"`
	Secret  receiver.SecretRef `json:"secret"`
	// Digest is the algorithm that was checked, Covered says that the signature
	// vouches for it.
	Digest  string `json:"digest"`
	Covered bool   `json:"bodyCovered"`
	// Seq is its place in the log; of a rejected one, among the rejected.
	Seq int64 `json:"seq"`
	// Cause is why it likely did not make it, and what to do, in one line that
	// is safe to print; "" where it did, or where it may yet.
	Cause string `json:"cause"`
}

// Proven says that the event made it: sent, arrived, verified and stored.
func (e Event) Proven() bool {
	return e.Sent && e.Arrived && e.Verdict == receiver.Verified && e.Covered
}

// MarshalJSON adds tookMs, null where the event did not arrive.
func (e Event) MarshalJSON() ([]byte, error) {
	type plain Event
	out := struct {
		plain
		TookMS *float64 `json:"tookMs"`
	}{plain: plain(e)}
	if e.Arrived {
		ms := float64(e.Took.Microseconds()) / 1000
		out.TookMS = &ms
	}
	return json.Marshal(out)
}

// Run tests the webhook and waits for what was sent. Its error is that of UP42,
// of the log (a *LogError) or of ctx; a round trip that failed is none. The result is good in
// either case, for as far as it got.
func Run(ctx context.Context, w client.Webhook, o Options) (Result, error) {
	if o.Wait <= 0 {
		o.Wait = DefaultWait
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	t := &trip{o: o, webhook: w}
	err := t.run(ctx)
	return t.tell(true), err
}

// trip is a round trip under way.
type trip struct {
	o       Options
	webhook client.Webhook
	// started is when UP42 was asked, by this machine's clock.
	started time.Time
	// from is where in the log to look.
	from place
	// arrivals are the test events that came since, of any verdict.
	arrivals []arrival
	// report is UP42's answer; nil: none yet.
	report *client.TestReport
	// told is what Progress was told last.
	told Result
}

// answer is how UP42 answered.
type answer struct {
	report client.TestReport
	err    error
}

func (t *trip) run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	changes, stopped, err := t.follow(ctx)
	if err != nil {
		cancel()
		return err
	}
	t.started = t.o.Now()
	answers := make(chan answer, 1)
	go func() {
		report, err := t.o.API.TestWebhook(ctx, t.webhook.ID)
		answers <- answer{report, err}
	}()
	asked := true
	defer func() {
		cancel()
		if <-stopped; asked {
			<-answers
		}
	}()
	t.tell(false)
	var late deadline
	defer late.stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-changes:
			if err == nil {
				err = t.read(ctx)
			}
			if err != nil {
				return unread(err)
			}
		case a := <-answers:
			if asked = false; a.err != nil {
				return a.err
			}
			t.report = &a.report
			late.begin()
		case <-late.passed():
			return unread(t.read(ctx))
		}
		t.tell(false)
		if t.report != nil && !late.set(t.patience()) {
			return nil
		}
	}
}

// LogError is a failure of the log, not of UP42.
type LogError struct{ Err error }

func (e *LogError) Error() string { return "look for the test events in the store: " + e.Err.Error() }

func (e *LogError) Unwrap() error { return e.Err }

func unread(err error) error {
	if err == nil {
		return nil
	}
	return &LogError{err}
}

// patience is how long to wait in all, from UP42's answer on, for what has not
// arrived; 0: nothing more can come.
func (t *trip) patience() time.Duration {
	var d time.Duration
	for i, x := range t.expected() {
		if !t.told.Events[i].Arrived {
			d = max(d, t.allowed(x))
		}
	}
	return d
}

// allowed is how long a test event may take.
func (t *trip) allowed(x expectation) time.Duration {
	switch {
	case x.untested:
		return 0
	case x.failed:
		return min(settle, t.o.Wait)
	default:
		return t.o.Wait
	}
}

// tell works out what is known and tells Progress where that is news.
func (t *trip) tell(done bool) Result {
	r := t.result(done)
	news := r.Sent != t.told.Sent || r.Done != t.told.Done || !slices.Equal(r.Events, t.told.Events)
	if t.told = r; news && t.o.Progress != nil {
		r.Events, r.Components = slices.Clone(r.Events), slices.Clone(r.Components)
		t.o.Progress(r)
	}
	return t.told
}

// deadline is a point in time that may move.
type deadline struct {
	from  time.Time
	timer *time.Timer
}

// begin says when the time starts to run.
func (d *deadline) begin() { d.from = time.Now() }

// set moves the deadline to a time after the beginning; false: there is nothing
// to wait for.
func (d *deadline) set(after time.Duration) bool {
	if after <= 0 {
		return false
	}
	left := time.Until(d.from.Add(after))
	if d.timer == nil {
		d.timer = time.NewTimer(left)
	} else {
		d.timer.Reset(left)
	}
	return true
}

func (d *deadline) passed() <-chan time.Time {
	if d.timer == nil {
		return nil
	}
	return d.timer.C
}

func (d *deadline) stop() {
	if d.timer != nil {
		d.timer.Stop()
	}
}
