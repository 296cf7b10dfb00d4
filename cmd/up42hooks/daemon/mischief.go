package daemon

import (
	"context"
	"errors"
	"time"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/client/simulator"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
)

// mischief sends the webhook's receiver, until ctx ends, what it should see
// through: each kind once within the first seconds, later now and then.
func mischief(ctx context.Context, s *simulator.Simulator, hook client.Webhook) error {
	const first, next, later, notYet = time.Second, 700 * time.Millisecond, 12 * time.Second, 300 * time.Millisecond
	kinds := []simulator.Mischief{simulator.Forged, simulator.Repeated, simulator.Stale}
	wait := first
	for n := 0; ; {
		if cli.Pause(ctx, wait); ctx.Err() != nil {
			return nil
		}
		// What fails here fails at the receiver, which says so itself.
		if err := s.Mischief(ctx, hook.URL, kinds[n%len(kinds)]); errors.Is(err, simulator.ErrNotYet) {
			wait = notYet
			continue
		}
		if n++; n < len(kinds) {
			wait = next
		} else {
			wait = later
		}
	}
}
