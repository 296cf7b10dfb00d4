package jetstream

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// acks knows up to which event the stream has all that it should have. It is safe for
// concurrent use.
type acks struct {
	mu      sync.Mutex
	cursor  int64           // all events up to it are done
	refused map[int64]error // those of them that the stream does not take
	failing error           // why nothing is published now; nil: it is
	since   time.Time       // since when
	waiting int             // how many wait for an event
	resting func()          // ends the pause of the publisher; nil before its first pause
	changed chan struct{}   // closed when something changed
}

// errStarting is why nothing is published before the first connection.
var errStarting = errors.New("connecting")

func newAcks() *acks {
	return &acks{refused: map[int64]error{}, failing: errStarting, since: time.Now(), changed: make(chan struct{})}
}

func (a *acks) change(how func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	how()
	close(a.changed)
	a.changed = make(chan struct{})
}

// moved notes that all events up to one are done.
func (a *acks) moved(cursor int64) {
	a.change(func() { a.cursor = cursor })
}

// refuse notes that the stream will never take an event.
func (a *acks) refuse(seq int64, why error) {
	a.change(func() { a.refused[seq] = why })
}

// works notes that events are published.
func (a *acks) works() {
	a.change(func() { a.failing = nil })
}

// begins notes that events are about to be published: it is soon known whether that works.
func (a *acks) begins() {
	a.change(func() { a.since = time.Now() })
}

// fails notes why events are not published.
func (a *acks) fails(why error) {
	a.change(func() {
		if a.failing == nil {
			a.since = time.Now()
		}
		a.failing = why
	})
}

// errSlow is why an event is not done in time although events are published.
var errSlow = errors.New("the servers are slow, or much waits for them: look at the servers, and at the network")

// await waits until an event is done, but no longer than patience. If nothing is published for
// longer than that, it returns at once why.
func (a *acks) await(ctx context.Context, seq int64, patience time.Duration) error {
	late := time.NewTimer(patience)
	defer late.Stop()
	a.wait(1)
	defer a.wait(-1)
	for {
		a.mu.Lock()
		done, refused := a.cursor >= seq, a.refused[seq]
		failing, since, changed := a.failing, a.since, a.changed
		a.mu.Unlock()
		switch {
		case done && refused == nil:
			return nil
		case done:
			return fmt.Errorf("the event is stored here, but the team's stream does not take it: %w", refused)
		}
		if failing != nil && time.Since(since) >= patience {
			return missing(failing)
		}
		select {
		case <-changed:
		case <-late.C:
			return missing(cmp.Or(failing, errSlow))
		case <-ctx.Done():
			return fmt.Errorf("wait for the team's stream: %w", ctx.Err())
		}
	}
}

// wait notes that so many more wait for an event.
func (a *acks) wait(more int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.waiting += more
	if a.waiting > 0 && a.resting != nil {
		a.resting()
	}
}

// untilAwaited returns a context that ends when somebody waits for an event. The caller, of whom there
// is one at a time, ends it.
func (a *acks) untilAwaited(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.waiting > 0 {
		cancel()
	}
	a.resting = cancel
	return ctx, cancel
}

// awaited reports whether somebody waits for an event.
func (a *acks) awaited() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.waiting > 0
}

// missing is the error of an event that is not in the stream.
func missing(why error) error {
	return fmt.Errorf("the event is stored here, but not in the team's stream: %w", why)
}
