package simulator

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/up42/up42-webhooks/receiver/retry"
)

const (
	// maxQueue is how many messages wait for a webhook. If there are more, the oldest are
	// dropped.
	maxQueue = 1000
	// maxAttempts is how often a message is sent at most.
	maxAttempts = 8
	// firstWait and longestWait are the waits between attempts.
	firstWait   = 500 * time.Millisecond
	longestWait = 15 * time.Second
)

// deliverer delivers the changes of orders and jobs to webhooks.
type deliverer struct {
	seed     uint64
	account  account
	webhooks *webhooks
	sender   *sender
	now      func() time.Time
	log      *slog.Logger
	// paused and held hold each attempt. again ends the wait for the next one.
	paused *gate
	held   gate
	again  bell
}

// announce queues the state of a subject for each active webhook that subscribes to it, and
// starts to deliver the queues.
func (d *deliverer) announce(ctx context.Context, deliveries *sync.WaitGroup, x subject) {
	d.webhooks.mu.Lock()
	defer d.webhooks.mu.Unlock()
	for _, h := range d.webhooks.all {
		if !h.active || !slices.Contains(h.events, x.event()) {
			continue
		}
		// The id depends on the change and the webhook only, so that it is the same in
		// each run.
		id := newIDs(d.seed, fmt.Sprintf("message %s %d %s", x.id, x.steps, h.id)).next()
		if len(h.queue) >= maxQueue {
			d.log.Warn("the receiver is far behind: a delivery is dropped", "webhook", h.id, "message", h.queue[0].id)
			h.queue = h.queue[1:]
		}
		h.queue = append(h.queue, messageJSON{
			Event: x.event(), LiveMode: true, MessageID: id, Timestamp: stamp(x.updated), Body: x.body(d.account.workspace),
		}.encode())
		if !h.delivering {
			h.delivering = true
			deliveries.Go(func() { d.deliverQueue(ctx, h) })
		}
	}
}

// deliverQueue delivers the messages for a webhook one after the other, until there are no
// more or ctx ends.
func (d *deliverer) deliverQueue(ctx context.Context, h *webhook) {
	for {
		d.webhooks.mu.Lock()
		if len(h.queue) == 0 || ctx.Err() != nil {
			h.delivering = false
			d.webhooks.mu.Unlock()
			return
		}
		m := h.queue[0]
		h.queue = h.queue[1:]
		d.webhooks.mu.Unlock()
		if !d.deliver(ctx, h, m) && ctx.Err() != nil {
			d.webhooks.mu.Lock()
			h.queue = slices.Insert(h.queue, 0, m) // for the next Run
			d.webhooks.mu.Unlock()
		}
	}
}

// deliver sends a message until the answer is 2xx. It uses the current settings of the
// webhook for each attempt, and stops if the webhook is not active or was deleted.
func (d *deliverer) deliver(ctx context.Context, h *webhook, m message) (taken bool) {
	for attempt := 1; ; attempt++ {
		if !d.paused.pass(ctx) || !d.held.pass(ctx) {
			return false
		}
		again := d.again.wait()
		settings, on := d.webhooks.settings(h)
		if !on {
			return false
		}
		_, status, err := d.attempt(ctx, settings, m)
		log := d.log.With("webhook", h.id, "message", m.id, "attempt", attempt)
		switch {
		case err == nil:
			log.Debug("delivered", "answer", status)
			d.webhooks.mu.Lock()
			h.last = &m
			d.webhooks.mu.Unlock()
			return true
		case ctx.Err() != nil:
			return false
		case attempt == maxAttempts:
			log.Warn("given up", "error", err)
			return false
		}
		wait := retry.Backoff(attempt, firstWait, longestWait)
		log.Info("not delivered, trying again", "error", err, "in", wait)
		if !waitAgain(ctx, wait, again) {
			return false
		}
	}
}

// attempt sends a message once. An answer other than 2xx is an error.
func (d *deliverer) attempt(ctx context.Context, settings webhookSettings, m message) (code int, status string, err error) {
	code, status, err = d.sender.post(ctx, settings.url, settings.secret, m, d.now())
	if err == nil && code/100 != 2 {
		err = fmt.Errorf("the answer was %s", status)
	}
	return code, status, err
}
