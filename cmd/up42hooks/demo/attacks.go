package demo

import (
	"context"
	"errors"
	"time"

	"github.com/up42/up42-webhooks/client/simulator"
	"github.com/up42/up42-webhooks/receiver/retry"
)

// attack sends the receiver of a world deliveries that it must reject or recognise as
// replayed: each kind once within the first seconds, then one now and then, until
// ctx ends.
func attack(ctx context.Context, w *world) error {
	const first, next, later, again = time.Second, 700 * time.Millisecond, 12 * time.Second, 300 * time.Millisecond
	kinds := []simulator.Attack{simulator.Forged, simulator.Replayed, simulator.Stale}
	wait := first
	for n := 0; ; {
		if !retry.Sleep(ctx, wait) {
			return nil
		}
		if w.paused.Load() {
			wait = again
			continue
		}
		// Other errors are the receiver's to report.
		if err := w.up42.Attack(ctx, w.webhook.URL, kinds[n%len(kinds)]); errors.Is(err, simulator.ErrNotYet) {
			wait = again
			continue
		}
		if n++; n < len(kinds) {
			wait = next
		} else {
			wait = later
		}
	}
}
