// Package altered finds out what has probably changed a rejected delivery on its way:
// proxies and tunnels rewrite hosts, compress bodies, join header lines, and read and write
// JSON again. Its words are for the owner of the receiver.
package altered

import (
	"net/http"

	"github.com/up42/up42-webhooks/receiver/signature"
)

// Delivery is a rejected delivery, as far as it is known.
type Delivery struct {
	Reason signature.Reason
	// Header has canonical names. Host is not in it.
	Header http.Header
	Host   string
	// Body is the body, or its beginning.
	Body []byte
	// Components are the headers that the signature covers, Faulty is the one that the
	// reason is about. Both may be empty.
	Components []string
	Faulty     string
	// Plain says that the header lines are known as they came: none was folded.
	Plain bool
	// Decodes says that the body is that of a delivery.
	Decodes bool
}

// Cause is what has probably changed a delivery, in whole sentences. It has nothing of the
// delivery that needs cleaning, except header values: clean it before you print it.
type Cause struct {
	What string
	// Todo says what to do.
	Todo string
}

// IsZero says that no cause is known.
func (c Cause) IsZero() bool { return c == Cause{} }

// bodyMalformed is a reason that package receiver adds to those of the signature.
const bodyMalformed signature.Reason = "body-malformed"

// Find returns the most probable cause. It is zero if nothing speaks for one.
func Find(d Delivery) Cause {
	switch d.Reason {
	case signature.DigestMismatch:
		return firstOf(d, undone, cutOff, compressed, replaced)
	case bodyMalformed:
		return firstOf(d, cutOff, unclearEnd, compressed, notJSON)
	case signature.SignatureMismatch:
		return firstOf(d, otherHost, upstreamHost, oftenRewritten)
	case signature.ComponentMissing:
		return firstOf(d, renamed, unchunked, dropped)
	case signature.ComponentRepeated:
		return firstOf(d, added)
	case signature.ComponentMalformed:
		return firstOf(d, joined, folded)
	case signature.MissingSignature, signature.MalformedSignature, signature.MalformedSignatureInput:
		return firstOf(d, halfSigned, requoted)
	default:
		return Cause{}
	}
}

func firstOf(d Delivery, finders ...func(Delivery) Cause) Cause {
	for _, find := range finders {
		if c := find(d); !c.IsZero() {
			return c
		}
	}
	return Cause{}
}
