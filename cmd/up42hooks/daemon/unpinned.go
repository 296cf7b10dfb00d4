package daemon

import (
	"context"
	"strings"

	"github.com/up42/up42-webhooks/receiver/components"
)

// logUnpinned logs that no list of headers is pinned, what that means, and what to do.
func (d *Daemon) logUnpinned(ctx context.Context) {
	c := d.Config
	if len(d.Secrets.Pinned()) > 0 || c.RequireDigest {
		return
	}
	message := "no list of signed headers is pinned: whoever captures one request can make partial deliveries of it"
	if len(c.ForwardTo) > 0 {
		message += "; forward targets see whole requests"
	}
	d.logger.Info(message, "advice", adviceToPin(components.Read(ctx, d.Log)))
}

// adviceToPin says which list to pin, if the store knows it.
func adviceToPin(seen components.Seen, err error) string {
	list, ok := seen.Proposed()
	switch {
	case err != nil:
		return "see up42hooks doctor"
	case ok:
		return "--components " + strings.Join(list, ",")
	case seen.Differ():
		return "verified deliveries are signed over different lists: " + seen.String()
	default:
		return "--components, when some verified deliveries have come: up42hooks doctor says which list they have"
	}
}
