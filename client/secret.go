package client

import (
	"fmt"
	"io"
	"log/slog"
)

// Secret is a text that fmt, slog and encoding/json print as a mask. Reveal returns the text.
type Secret string

const mask = "********"

// Reveal returns the secret.
func (s Secret) Reveal() string { return string(s) }

// String returns the mask. It is empty for an empty secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return mask
}

// Format prints the mask for each verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// MarshalText returns the mask. JSON uses it too.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue returns the mask.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }
