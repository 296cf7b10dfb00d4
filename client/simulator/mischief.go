package simulator

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Mischief is a delivery that a receiver should see through.
type Mischief string

// The kinds of mischief.
const (
	// Forged says of an order that it was fulfilled, signed with a wrong secret.
	Forged Mischief = "forged"
	// Stale is signed well, an hour ago. It needs a webhook with a secret.
	Stale Mischief = "stale"
	// Repeated is the last delivery that was taken, once more. It needs one.
	Repeated Mischief = "repeated"
)

// ErrNotYet is the error of a mischief that nothing has gone before: there is
// no webhook with a secret at the target, or it has not taken a delivery yet.
var ErrNotYet = errors.New("not possible yet")

// staleness is how old a stale delivery is.
const staleness = time.Hour

// Mischief sends such a delivery to a URL, once. Whatever the answer, it is no
// error; see ErrNotYet.
func (s *Simulator) Mischief(ctx context.Context, target string, kind Mischief) error {
	secret, last := s.knowledgeOf(target)
	at := s.now()
	m := s.someOrder(at)
	switch kind {
	case Forged:
		secret = "this is not the secret of any webhook"
	case Stale:
		if secret == "" {
			return fmt.Errorf("send a stale delivery: no webhook with a secret points there: %w", ErrNotYet)
		}
		at = at.Add(-staleness)
		m = s.someOrder(at)
	case Repeated:
		if last == nil {
			return fmt.Errorf("repeat a delivery: none was taken there so far: %w", ErrNotYet)
		}
		m = *last
	default:
		return fmt.Errorf("unknown mischief %q", kind)
	}
	if _, _, err := s.post(ctx, target, secret, m, at); err != nil {
		return fmt.Errorf("send a %s delivery: %w", kind, err)
	}
	return nil
}

// knowledgeOf is what is known of the webhook that points at a URL.
func (s *Simulator) knowledgeOf(target string) (secret string, last *message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, h := range s.webhooks {
		if h.url == target {
			return h.secret, h.last
		}
	}
	return "", nil
}

// someOrder is a message that the newest order is fulfilled.
func (s *Simulator) someOrder(at time.Time) message {
	s.mu.Lock()
	defer s.mu.Unlock()
	x := *s.orders[len(s.orders)-1]
	x.status, x.final = "FULFILLED", true
	return messageJSON{
		Event: orderStatus, LiveMode: true, MessageID: s.messages.next(), Timestamp: stamp(at), Body: x.told(s.workspace),
	}.encode()
}
