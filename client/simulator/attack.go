package simulator

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Attack is a delivery that a receiver should not accept as a new event.
type Attack string

// The attacks.
const (
	// Forged is signed with a wrong secret. It says that an order is fulfilled.
	Forged Attack = "forged"
	// Stale was signed an hour ago with the right secret. The target must be the URL of a
	// webhook with a secret.
	Stale Attack = "stale"
	// Repeated is the last delivery that the target took.
	Repeated Attack = "repeated"
)

// ErrNotYet is the error of an attack that is not possible yet: the target is not the URL of
// a webhook with a secret, or has not taken a delivery.
var ErrNotYet = errors.New("not possible yet")

// staleness is the age of a stale delivery.
const staleness = time.Hour

// attacker sends attacks.
type attacker struct {
	webhooks  *webhooks
	inventory *inventory
	sender    *sender
	messages  *ids
	now       func() time.Time
}

func (a *attacker) attack(ctx context.Context, target string, kind Attack) error {
	secret, last := a.webhooks.at(target)
	at := a.now()
	m := a.fulfilled(at)
	switch kind {
	case Forged:
		secret = "this is not the secret of any webhook"
	case Stale:
		if secret == "" {
			return fmt.Errorf("send a stale delivery: no webhook with a secret points there: %w", ErrNotYet)
		}
		at = at.Add(-staleness)
		m = a.fulfilled(at)
	case Repeated:
		if last == nil {
			return fmt.Errorf("repeat a delivery: none was taken there so far: %w", ErrNotYet)
		}
		m = *last
	default:
		return fmt.Errorf("unknown attack %q", kind)
	}
	if _, _, err := a.sender.post(ctx, target, secret, m, at); err != nil {
		return fmt.Errorf("send a %s delivery: %w", kind, err)
	}
	return nil
}

// fulfilled returns a message that the newest order is fulfilled.
func (a *attacker) fulfilled(at time.Time) message {
	x := a.inventory.newestOrder()
	x.status, x.subStatus, x.final = "FULFILLED", "", true
	return messageJSON{
		Event: orderStatus, LiveMode: true, MessageID: a.messages.next(), Timestamp: stamp(at), Body: x.body(a.inventory.account.workspace),
	}.encode()
}
