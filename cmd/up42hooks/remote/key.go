package remote

import (
	"bytes"
	"fmt"
	"net/netip"
	"time"

	"golang.org/x/crypto/ssh"
)

// Key is a line of a [KeyFile].
type Key struct {
	public ssh.PublicKey
	// Line is its number, Comment what the line ends with. The comment is not clean.
	Line    int
	Comment string
	Role    Role
	// NoTerminal: the key runs commands only.
	NoTerminal bool
	from       *addresses // nil: from anywhere
	expires    time.Time  // zero: never
}

// Fingerprint is that of the key, as OpenSSH writes it.
func (k *Key) Fingerprint() string { return ssh.FingerprintSHA256(k.public) }

// Is reports whether it is this key.
func (k *Key) Is(other ssh.PublicKey) bool { return bytes.Equal(k.public.Marshal(), other.Marshal()) }

// usable says why the key may not be used from an address at a time.
func (k *Key) usable(from netip.Addr, now time.Time) error {
	switch {
	case k.expired(now):
		return fmt.Errorf("the key of line %d has expired", k.Line)
	case k.from != nil && !k.from.match(from):
		return fmt.Errorf("the key of line %d may not be used from this address", k.Line)
	default:
		return nil
	}
}

func (k *Key) expired(now time.Time) bool { return !k.expires.IsZero() && !now.Before(k.expires) }
