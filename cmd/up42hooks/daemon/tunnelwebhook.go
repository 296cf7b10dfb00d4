package daemon

import (
	"context"
	"crypto/rand"
	"log/slog"
	"os"
	"time"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver/retry"
	"github.com/up42/up42-webhooks/receiver/sqlite/beside"
	"github.com/up42/up42-webhooks/receiver/tunnel"
)

// tunnelWebhook keeps a webhook at UP42 pointed at the tunnel.
type tunnelWebhook struct {
	account *client.Client
	secrets *Secrets
	logger  *slog.Logger
	// journal is the file that names the webhooks to remove after a crash.
	journal string
	// path is where deliveries are accepted.
	path string
	// pauseAfter is how long there may be no tunnel program before the webhook is made
	// inactive.
	pauseAfter time.Duration
}

const (
	// removeTimeout bounds how long the end of the program waits for UP42 to
	// delete the tunnel's webhook. The next start deletes what is left over.
	removeTimeout = 10 * time.Second
	// retryUP42 is the wait after a failed call to UP42.
	retryUP42 = 5 * time.Second
	// A restart of a tunnel program takes less than this.
	restartTime = 10 * time.Second
)

func journalOf(store string) string { return store + beside.Tunnel }

// hasLeftovers reports whether a journal names webhooks to remove.
func hasLeftovers(journal string) bool {
	_, err := os.Stat(journal)
	return err == nil
}

// run points the webhook at each URL that carries, until ctx ends. Then it removes
// the webhook.
func (w *tunnelWebhook) run(ctx context.Context, states <-chan tunnel.State) error {
	r, err := w.registration(ctx)
	if err != nil {
		return nil //nolint:nilerr // ctx has ended
	}
	w.sweep(ctx, r)
	w.follow(ctx, r, states)
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), removeTimeout)
	defer cancel()
	if err := r.Remove(ending); err != nil {
		w.logger.Warn("could not remove the tunnel's webhook; the next start does", "error", err)
	}
	return nil
}

// cleanUp removes what an earlier tunnel left over at UP42.
func (w *tunnelWebhook) cleanUp(ctx context.Context) error {
	if r, err := w.registration(ctx); err == nil {
		w.sweep(ctx, r)
	}
	return nil
}

// registration makes the registration as soon as UP42 tells the workspace.
func (w *tunnelWebhook) registration(ctx context.Context) (*tunnel.Registration, error) {
	for failure := ""; ; {
		workspace, err := w.account.Workspace(ctx)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err == nil {
			secret, err := client.NewSecret(rand.Reader)
			return tunnel.NewRegistration(tunnel.RegistrationOptions{
				API: &tunnelAPI{w.account, w.secrets}, Journal: w.journal, Account: workspace, Path: w.path,
				Secret: secret.Reveal(), Events: w.account.EventNames,
			}), err
		}
		if now := err.Error() + adviceOn(err); now != failure {
			failure = now
			w.logger.Warn("can't keep a webhook pointed at the tunnel yet", "error", err, "advice", adviceOn(err))
		}
		retry.Sleep(ctx, retryUP42)
	}
}

func (w *tunnelWebhook) sweep(ctx context.Context, r *tunnel.Registration) {
	if n, err := r.RemoveLeftovers(ctx); err != nil {
		w.logger.Warn("could not remove what an earlier tunnel left over", "error", err)
	} else if n > 0 {
		w.logger.Info("removed what an earlier tunnel left over", "webhooks", n)
	}
}

// follow points the webhook at each URL at which the tunnel carries, until ctx ends. While
// the tunnel program connects again, its URL stays, and so does the webhook. Without a
// program for some time the webhook is made inactive.
func (w *tunnelWebhook) follow(ctx context.Context, r *tunnel.Registration, states <-chan tunnel.State) {
	change := func(context.Context) error { return nil }
	next := time.NewTimer(0)
	defer next.Stop()
	pointed, dead := "", false
	for {
		select {
		case <-ctx.Done():
			return
		case s := <-states:
			switch {
			case s.URL != "":
				pointed, dead = s.URL, false
				change = func(ctx context.Context) error { return r.Update(ctx, s.URL) }
				next.Reset(0)
			case s.Last != "" && s.Last == pointed:
				dead = false
				next.Stop()
			case s.Err != nil && !dead:
				dead, change = true, r.Pause
				next.Reset(w.pauseAfter)
			}
			continue
		case <-next.C:
		}
		if err := change(ctx); err != nil && ctx.Err() == nil {
			w.logger.Warn("can't point the tunnel's webhook", "error", err, "advice", client.Advice(err))
			next.Reset(retryUP42)
		}
	}
}
