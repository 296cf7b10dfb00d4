package roundtrip

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/text"
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
	cause           string // what has probably changed it on its way
}

const (
	// maxText is how many bytes of a name or an id are compared.
	maxText = 256
	// maxRejected is how many rejected test events are kept, the newest ones: anybody can
	// send those.
	maxRejected = 2000
)

// arrivals are the test events that came into a log since watch was called.
type arrivals struct {
	log receiver.Reader
	all []arrival
	// events and rejected are the numbers of the last events that were read.
	events, rejected int64
	rejectedKept     int // how many of all are rejected
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
	for page, err := range receiver.Pages(ctx, a.log, receiver.EventQuery{After: *after, Oldest: true, Rejected: rejected}) {
		if err != nil {
			return err
		}
		for _, e := range page {
			*after = e.Seq
			a.add(e)
		}
	}
	return nil
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
	in := arrival{
		name: text.Own(m.Name, maxText), messageID: text.Own(m.MessageID, maxText), at: e.ReceivedAt, seq: e.Seq,
		verdict: e.Verdict, reason: e.Reason, cause: e.Cause().What, secret: receiver.SecretRef(text.Own(string(e.Secret), maxText)),
		components: componentsOf(e), digest: text.Own(e.Proof.Digest, maxText), covered: e.Proof.BodyCovered, age: e.AgeWords(),
	}
	if e.Verdict != receiver.Rejected {
		a.all = append(a.all, in)
		return
	}
	if a.rejectedKept++; a.rejectedKept > maxRejected {
		a.dropRejected()
	}
	a.all = append(a.all, in)
}

// componentsOf returns the covered headers, of a rejected event only the first ones.
func componentsOf(e *receiver.Event) []string {
	const most, maxName = 20, 64
	var list []string
	for i, name := range e.Proof.Components {
		if e.Verdict == receiver.Rejected && (i == most || len(name) > maxName) {
			return append(list, "…")
		}
		list = append(list, strings.Clone(name))
	}
	return list
}

// dropRejected drops the older half of the rejected test events.
func (a *arrivals) dropRejected() {
	drop := a.rejectedKept / 2
	a.rejectedKept -= drop
	a.all = slices.DeleteFunc(a.all, func(x arrival) bool {
		if drop == 0 || x.verdict != receiver.Rejected {
			return false
		}
		drop--
		return true
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
