package doctor

import (
	"context"
	"net"
	"slices"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// aboutProxy says if deliveries come through a proxy whose clients are not told apart.
func (e *examination) aboutProxy(ctx context.Context, log *sqlite.Log) []finding {
	events, err := log.Events(ctx, receiver.EventQuery{Limit: 1})
	if err != nil {
		return []finding{storeError(log.File(), err)}
	}
	for _, x := range events {
		proxy, _, err := net.SplitHostPort(x.Proof.Remote)
		if err != nil || !slices.ContainsFunc(x.Headers, func(h receiver.Header) bool { return h.Name == "X-Forwarded-For" || h.Name == "Forwarded" }) {
			continue // the address of a proxy's client has no port
		}
		if len(e.config.TrustedProxies) == 0 {
			return []finding{found(note, "deliveries come through a proxy at %s, so that all senders count as one", proxy).
				todo("give --trusted-proxy %s, if that is your proxy: limits, log and events then have its clients", proxy)}
		}
		return []finding{found(note, "the newest delivery came from %s, and names no client that can be believed", proxy).
			todo("name each of your proxies with --trusted-proxy, and let them write X-Forwarded-For or Forwarded, not both")}
	}
	return nil
}
