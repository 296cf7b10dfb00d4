package daemon

import (
	"context"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/components"
	"github.com/up42/up42-webhooks/receiver/netfs"
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

// logRemarks logs what the targets do not get as it was.
func (d *Daemon) logRemarks(ctx context.Context) {
	seen, err := components.Read(ctx, d.Log)
	if err != nil {
		return // other uses of the store report what is wrong with it
	}
	for _, r := range Remarks(d.Config, d.Secrets.Pinned(), seen) {
		if r.Loss {
			d.logger.Warn(r.What, "advice", r.Todo)
		} else {
			d.logger.Info(r.What, "advice", r.Todo)
		}
	}
}

// logNetworkStore warns of a store on a network file system.
func (d *Daemon) logNetworkStore() {
	if system := netfs.Of(d.Config.Store); system != "" {
		d.logger.Warn("the store is on a network file system, where locks and write-ahead logs may fail: a lost connection can damage it, and a second receiver elsewhere is perhaps not noticed",
			"fileSystem", system, "store", d.Config.Store, "advice", netfs.Advice)
	}
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

// work is what a receiver has done since it began.
type work struct {
	began  time.Time
	before receiver.Counts
}

// beginWork notes what the store has before the receiver does anything.
func (d *Daemon) beginWork(ctx context.Context) *work {
	w := &work{began: d.Env.Now()}
	w.before, _ = d.Log.Counts(ctx) // other uses of the store report what is wrong with it
	return w
}

// countTimeout is how long the end may take to find out what was done.
const countTimeout = 2 * time.Second

// logWork logs that the receiver has ended, and what it has done. The store does not have
// the last rejections yet, so they are not counted there.
func (d *Daemon) logWork(w *work) {
	ctx, cancel := context.WithTimeout(context.Background(), countTimeout)
	defer cancel()
	ran := d.Env.Now().Sub(w.began).Round(time.Second)
	after, err := d.Log.Counts(ctx)
	if err != nil {
		d.logger.Info("receiving has ended", "ran", ran, "error", err)
		return
	}
	sent, givenUp := d.Forwarders.done()
	d.logger.Info("receiving has ended", "ran", ran, "lastSeq", after.LastSeq,
		"verified", after.Verified-w.before.Verified, "trusted", after.Trusted-w.before.Trusted,
		"partial", after.Partial-w.before.Partial, "unsigned", after.Unsigned-w.before.Unsigned,
		"rejected", d.tally.Rejections(), "duplicates", after.Duplicates-w.before.Duplicates,
		"forwarded", sent, "undelivered", givenUp)
}
