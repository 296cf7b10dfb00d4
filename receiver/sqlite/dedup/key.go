// Package dedup finds deliveries that repeat a stored one.
//
// The [Key] of a delivery says which message it is. The [Index] has the keys of all
// stored messages. Its tables are dedup and dedup_recent.
package dedup

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"strings"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
)

// Key identifies a message. Two deliveries with the same key claim to be the same message:
// they have the same message id, or, if they have none, the same body and signature.
//
// It is half of a SHA-256. That makes a collision by chance impossible in practice. A
// sender that knows no secret can't choose both sides of a collision.
type Key [16]byte

// KeyOf returns the key of an event.
func KeyOf(e *receiver.Event) Key {
	if e.MessageID != "" {
		return hash('m', []byte(e.MessageID))
	}
	parts := [][]byte{e.Raw}
	for _, h := range e.Headers {
		if strings.EqualFold(h.Name, "Signature") {
			parts = append(parts, []byte(signature.Canonical(h.Value)))
		}
	}
	return hash('b', parts...)
}

// Digest tells bodies apart: it is a part of the SHA-256 of a body. 0 is the digest of a
// body that is not known, as messages have it that an earlier version exported.
type Digest int64

// DigestOf returns the digest of a body with this SHA-256.
func DigestOf(sum [sha256.Size]byte) Digest {
	return Digest(binary.BigEndian.Uint64(sum[:]))
}

// with returns the key of one of the bodies that claim to be the message k.
func (k Key) with(body Digest) Key {
	return hash('c', k[:], binary.BigEndian.AppendUint64(nil, uint64(body)))
}

// Compare orders keys as SQLite orders them.
func (k Key) Compare(other Key) int { return bytes.Compare(k[:], other[:]) }

// hash hashes the parts with their lengths, so that no two lists of parts and no two
// domains have the same input.
func hash(domain byte, parts ...[]byte) (k Key) {
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
