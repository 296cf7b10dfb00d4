package demo

import (
	"context"
	"errors"
	"time"

	"github.com/up42/up42-webhooks/client/simulator"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
)

// attack sends a receiver deliveries that it must reject or recognise as
// repeated: each kind once within the first seconds, then one now and then, until
// ctx ends.
func attack(ctx context.Context, s *simulator.Simulator, url string) error {
	const first, next, later, retry = time.Second, 700 * time.Millisecond, 12 * time.Second, 300 * time.Millisecond
	kinds := []simulator.Mischief{simulator.Forged, simulator.Repeated, simulator.Stale}
	wait := first
	for n := 0; ; {
		if cli.Sleep(ctx, wait); ctx.Err() != nil {
			return nil
		}
		// Other errors are the receiver's to report.
		if err := s.Mischief(ctx, url, kinds[n%len(kinds)]); errors.Is(err, simulator.ErrNotYet) {
			wait = retry
			continue
		}
		if n++; n < len(kinds) {
			wait = next
		} else {
			wait = later
		}
	}
}
