package roundtrip

import (
	"context"
	"slices"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// LogError is a failure of the log. Other errors of [Run] come from UP42 or from
// its context.
type LogError struct{ Err error }

func (e *LogError) Error() string { return "look for the test events in the store: " + e.Err.Error() }

func (e *LogError) Unwrap() error { return e.Err }

// logError wraps an error of the log, if there is one.
func logError(err error) error {
	if err == nil {
		return nil
	}
	return &LogError{err}
}

// arrival is a test event in the log. A rejected event counts if its body can be
// decoded.
type arrival struct {
	name, messageID string
	at              time.Time
	seq             int64
	verdict         receiver.Verdict
	reason          receiver.Reason
	secret          receiver.SecretRef
	components      []string
	digest          string
	covered         bool
	age             string // in words
}

// arrivals are the test events that came into a log since watch was called.
type arrivals struct {
	log receiver.Reader
	all []arrival
	// events and rejected are the numbers of the last events that were read.
	events, rejected int64
}

// watch notes the end of the log. From then on it sends nil on changes for each
// change of the log, or the error that ends the watch. It stops when ctx ends,
// and then closes stopped.
func (a *arrivals) watch(ctx context.Context) (changes <-chan error, stopped <-chan struct{}, err error) {
	// The version comes first: what arrives between the two calls then counts as
	// a change.
	version, err := a.log.Wait(ctx, 0)
	if err == nil {
		var c receiver.Counts
		c, err = a.log.Counts(ctx)
		a.events, a.rejected = c.LastSeq, c.LastRejected
	}
	if err != nil {
		return nil, nil, logError(err)
	}
	changed, ended := make(chan error), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			var err error
			version, err = a.log.Wait(ctx, version)
			select {
			case changed <- err:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	return changed, ended, nil
}

// read adds what came in since the last read.
func (a *arrivals) read(ctx context.Context) error {
	if err := a.readPages(ctx, false, &a.events); err != nil {
		return err
	}
	return a.readPages(ctx, true, &a.rejected)
}

func (a *arrivals) readPages(ctx context.Context, rejected bool, after *int64) error {
	const size = 256
	for {
		page, err := a.log.Events(ctx, receiver.EventQuery{After: *after, Limit: size, Oldest: true, Rejected: rejected})
		if err != nil {
			return err
		}
		for _, e := range page {
			*after = e.Seq
			a.add(e)
		}
		if len(page) < size {
			return nil
		}
	}
}

// add keeps an event if it is a test event.
func (a *arrivals) add(e *receiver.Event) {
	m := e.Message
	if m.Name == "" {
		// The receiver does not decode what it rejects for its signature.
		var err error
		if m, err = receiver.Decode(e.Raw); err != nil {
			return
		}
	}
	if m.LiveMode {
		return
	}
	a.all = append(a.all, arrival{
		name: m.Name, messageID: m.MessageID, at: e.ReceivedAt, seq: e.Seq,
		verdict: e.Verdict, reason: e.Reason, secret: e.Secret,
		components: slices.Clone(e.Proof.Components), digest: e.Proof.Digest, covered: e.Proof.BodyCovered, age: e.AgeWords(),
	})
}

// best returns the arrival with the most trust among those that fit, the first
// one if several have it. It returns nil if no arrival fits.
func (a *arrivals) best(fits func(*arrival) bool) (best *arrival) {
	for i := range a.all {
		x := &a.all[i]
		if fits(x) && (best == nil || x.verdict.Trust() > best.verdict.Trust()) {
			best = x
		}
	}
	return best
}
