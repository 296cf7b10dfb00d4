package simulator

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// Attack is a delivery that a receiver should not accept as a new event.
type Attack string

// The attacks. All but Replayed say that an order is fulfilled. For Tampered, Stale and Recut
// the target must be the URL of a webhook with a secret.
const (
	// Forged is signed with a wrong secret.
	Forged Attack = "forged"
	// Tampered is a body that was changed after it was signed.
	Tampered Attack = "tampered"
	// Stale was signed an hour ago with the right secret.
	Stale Attack = "stale"
	// Replayed is the last delivery that the target took.
	Replayed Attack = "replayed"
	// Recut has the bytes that were signed, cut into headers at another place.
	Recut Attack = "recut"
	// Unsigned has no signature.
	Unsigned Attack = "unsigned"
)

// Attacks returns all attacks.
func Attacks() []Attack { return []Attack{Forged, Tampered, Stale, Replayed, Recut, Unsigned} }

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

// forgery is how an attack differs from a delivery of UP42.
type forgery struct {
	message message
	secret  string
	signed  time.Time
	// sent is the body that is sent, if it is another one than was signed.
	sent []byte
	// spoil changes the signed request. It may be nil.
	spoil func(http.Header)
}

func (a *attacker) attack(ctx context.Context, target string, kind Attack) error {
	f, err := a.forge(target, kind)
	if err != nil {
		return err
	}
	body := f.message.body
	if f.sent != nil {
		body = f.sent
	}
	_, _, err = a.sender.send(ctx, target, body, func(r *http.Request) error {
		if err := sign(r, f.message.body, f.secret, f.signed); err != nil {
			return err
		}
		if f.spoil != nil {
			f.spoil(r.Header)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("send a %s delivery: %w", kind, err)
	}
	return nil
}

func (a *attacker) forge(target string, kind Attack) (f forgery, err error) {
	secret, last := a.webhooks.at(target)
	at := a.now()
	f = forgery{message: a.fulfilled(at), secret: secret, signed: at}
	switch kind {
	case Forged:
		f.secret = "this is not the secret of any webhook"
	case Unsigned:
		f.secret = ""
	case Replayed:
		if last == nil {
			return f, fmt.Errorf("repeat a delivery: none was taken there so far: %w", ErrNotYet)
		}
		f.message = *last
	case Tampered, Stale, Recut:
		if secret == "" {
			return f, fmt.Errorf("send a %s delivery: no webhook with a secret points there: %w", kind, ErrNotYet)
		}
		a.spoil(&f, kind)
	default:
		return f, fmt.Errorf("unknown attack %q", kind)
	}
	return f, nil
}

// spoil makes an attack of a delivery that has the right secret.
func (a *attacker) spoil(f *forgery, kind Attack) {
	switch kind {
	case Tampered:
		f.sent = bytes.Replace(f.message.body, []byte(`"statusIsFinal":true`), []byte(`"statusIsFinal":false`), 1)
	case Stale:
		f.signed = f.signed.Add(-staleness)
		f.message = a.fulfilled(f.signed)
	case Recut:
		f.spoil = recut
	}
}

// recut moves the end of the date to the start of the digest. The bytes that were signed stay
// the same, because nothing separates them.
func recut(h http.Header) {
	const moved = 4
	date, digest := h.Get("Date"), h.Get("Digest")
	cut := len(date) - moved
	h.Set("Date", date[:cut])
	h.Set("Digest", date[cut:]+digest)
}

// fulfilled returns a message that the newest order is fulfilled.
func (a *attacker) fulfilled(at time.Time) message {
	x := a.inventory.newestOrder()
	x.status, x.subStatus, x.final = "FULFILLED", "", true
	return messageJSON{
		Event: orderStatus, LiveMode: true, MessageID: a.messages.next(), Timestamp: stamp(at), Body: x.body(a.inventory.account.workspace),
	}.encode()
}
