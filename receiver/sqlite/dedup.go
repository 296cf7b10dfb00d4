package sqlite

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"strings"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
)

// messageKey is what makes two deliveries the same message (design.md §4): the
// message's id, or without one its body and signature together. Half of a
// SHA-256 is far more than chance needs, and nobody who knows no secret gets to
// choose both sides of a collision.
type messageKey [16]byte

// quarter is which quarter of all keys this one belongs to.
func (k messageKey) quarter() byte { return k[0] >> 6 }

func (k messageKey) compare(other messageKey) int { return bytes.Compare(k[:], other[:]) }

func keyOf(e *receiver.Event) messageKey {
	if e.MessageID != "" {
		return hashKey('m', []byte(e.MessageID))
	}
	parts := [][]byte{e.Raw}
	for _, h := range e.Headers {
		if strings.EqualFold(h.Name, "Signature") {
			parts = append(parts, []byte(signature.Canonical(h.Value)))
		}
	}
	return hashKey('b', parts...)
}

// hashKey hashes the parts so that no two lists of parts, and no two domains,
// give the same input.
func hashKey(domain byte, parts ...[]byte) (k messageKey) {
	h := sha256.New()
	var length [9]byte
	length[0] = domain
	for _, p := range parts {
		binary.BigEndian.PutUint64(length[1:], uint64(len(p)))
		h.Write(length[:])
		h.Write(p)
	}
	var sum [sha256.Size]byte
	copy(k[:], h.Sum(sum[:0]))
	return k
}
