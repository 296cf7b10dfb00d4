package simulator

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

const (
	// maxQueue is how many messages wait for a webhook; beyond it the oldest go.
	maxQueue = 1000
	// maxAttempts is how often a message is sent at most.
	maxAttempts = 8
	// firstPause is the pause after the first failure; each further one is twice
	// as long, up to maxPause.
	firstPause = 500 * time.Millisecond
	maxPause   = 15 * time.Second
)

// announce queues the subject's state for each active webhook that subscribes,
// and has the queues worked off. The lock is held.
func (s *Simulator) announce(ctx context.Context, deliveries *sync.WaitGroup, x *subject) {
	for _, h := range s.webhooks {
		if !h.active || !slices.Contains(h.events, x.event()) {
			continue
		}
		// The id follows from the change, however many webhooks there are.
		id := newIDs(s.seed, fmt.Sprintf("message %s %d %s", x.id, x.steps, h.id)).next()
		if len(h.queue) >= maxQueue {
			s.log.Warn("the receiver is far behind: a delivery is dropped", "webhook", h.id, "message", h.queue[0].id)
			h.queue = h.queue[1:]
		}
		h.queue = append(h.queue, messageJSON{
			Event: x.event(), LiveMode: true, MessageID: id, Timestamp: stamp(x.updated), Body: x.told(s.workspace),
		}.encode())
		if !h.delivering {
			h.delivering = true
			deliveries.Go(func() { s.workOff(ctx, h) })
		}
	}
}

// workOff delivers what is queued for a webhook, one after the other, until
// there is nothing left or ctx ends.
func (s *Simulator) workOff(ctx context.Context, h *webhook) {
	for {
		s.mu.Lock()
		if len(h.queue) == 0 || ctx.Err() != nil {
			h.delivering = false
			s.mu.Unlock()
			return
		}
		m := h.queue[0]
		h.queue = h.queue[1:]
		s.mu.Unlock()
		if !s.deliver(ctx, h, m) && ctx.Err() != nil {
			s.mu.Lock()
			h.queue = slices.Insert(h.queue, 0, m) // for the next Run
			s.mu.Unlock()
		}
	}
}

// deliver sends a message until it is taken: an answer other than 2xx, or none,
// means that it was not. It goes out with the settings of the moment, and not at
// all once the webhook is off or gone.
func (s *Simulator) deliver(ctx context.Context, h *webhook, m message) (taken bool) {
	pause := firstPause
	for attempt := 1; ; attempt++ {
		settings, on := s.settingsOf(h)
		if !on {
			return false
		}
		_, status, err := s.attempt(ctx, settings, m)
		log := s.log.With("webhook", h.id, "message", m.id, "attempt", attempt)
		switch {
		case err == nil:
			log.Debug("delivered", "answer", status)
			s.mu.Lock()
			h.last = &m
			s.mu.Unlock()
			return true
		case ctx.Err() != nil:
			return false
		case attempt == maxAttempts:
			log.Warn("given up", "error", err)
			return false
		}
		log.Info("not delivered, trying again", "error", err, "in", pause)
		if !pass(ctx, pause) {
			return false
		}
		pause = min(2*pause, maxPause)
	}
}

// attempt sends a message once; an answer other than 2xx is an error.
func (s *Simulator) attempt(ctx context.Context, settings webhookSettings, m message) (code int, status string, err error) {
	code, status, err = s.post(ctx, settings.url, settings.secret, m, s.now())
	if err == nil && code/100 != 2 {
		err = fmt.Errorf("the answer was %s", status)
	}
	return code, status, err
}

// settingsOf returns a webhook's settings; on says whether it is there and
// active.
func (s *Simulator) settingsOf(h *webhook) (settings webhookSettings, on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return h.webhookSettings, h.active && slices.Contains(s.webhooks, h)
}
