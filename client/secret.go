package client

import (
	"fmt"
	"io"
	"log/slog"
)

// Secret is a text that no output shows: fmt, slog and encoding/json print a
// mask in its place. Reveal gives it away.
type Secret string

const mask = "********"

// Reveal is the secret itself.
func (s Secret) Reveal() string { return string(s) }

// String is the mask, "" where there is no secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return mask
}

// Format prints the mask, whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// MarshalText returns the mask, which is also what JSON gets.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue is the mask.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }
