package roundtrip

import (
	"context"
	"slices"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// place is how far the log was read.
type place struct{ events, rejected int64 }

// arrival is a test event that arrived; a rejected one too, if it can be read.
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
}

// follow notes the log's end and, from there on, sends nil for each change, or
// why it can't be read, until ctx ends; then stopped is closed.
func (t *trip) follow(ctx context.Context) (changes <-chan error, stopped <-chan struct{}, err error) {
	// The version is asked for first, so that what comes in between is no news
	// that is missed.
	version, err := t.o.Log.Wait(ctx, 0)
	if err == nil {
		var c receiver.Counts
		c, err = t.o.Log.Counts(ctx)
		t.from = place{c.LastSeq, c.LastRejected}
	}
	if err != nil {
		return nil, nil, unread(err)
	}
	news, ended := make(chan error), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			var err error
			version, err = t.o.Log.Wait(ctx, version)
			select {
			case news <- err:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	return news, ended, nil
}

// read takes up what came in since it read last.
func (t *trip) read(ctx context.Context) error {
	if err := t.pages(ctx, false, &t.from.events); err != nil {
		return err
	}
	return t.pages(ctx, true, &t.from.rejected)
}

func (t *trip) pages(ctx context.Context, rejected bool, after *int64) error {
	const size = 256
	for {
		page, err := t.o.Log.Events(ctx, receiver.EventQuery{After: *after, Limit: size, Oldest: true, Rejected: rejected})
		if err != nil {
			return err
		}
		for _, e := range page {
			*after = e.Seq
			t.take(e)
		}
		if len(page) < size {
			return nil
		}
	}
}

// take remembers a test event.
func (t *trip) take(e *receiver.Event) {
	m := e.Message
	if m.Name == "" {
		// What was rejected for its signature was not decoded.
		var err error
		if m, err = receiver.Decode(e.Raw); err != nil {
			return
		}
	}
	if m.LiveMode {
		return
	}
	t.arrivals = append(t.arrivals, arrival{
		name: m.Name, messageID: m.MessageID, at: e.ReceivedAt, seq: e.Seq,
		verdict: e.Verdict, reason: e.Reason, secret: e.Secret,
		components: slices.Clone(e.Proof.Components), digest: e.Proof.Digest, covered: e.Proof.BodyCovered,
	})
}
