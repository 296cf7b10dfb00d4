package client

import (
	"cmp"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"slices"
	"strconv"
	"strings"
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

// Mask masks secrets in a text that may repeat them: plain, in a Go string or URL-encoded. It leaves
// secrets of less than four characters, which may be in any text.
func Mask(text string, secrets ...Secret) string {
	const shortest = 4
	secrets = slices.DeleteFunc(slices.Clone(secrets), func(s Secret) bool { return len(s) < shortest })
	// One may be a part of another.
	slices.SortFunc(secrets, func(a, b Secret) int { return cmp.Compare(len(b), len(a)) })
	for _, s := range secrets {
		plain := s.Reveal()
		quoted := strconv.Quote(plain)
		text = strings.NewReplacer(
			plain, mask, quoted[1:len(quoted)-1], mask, url.QueryEscape(plain), mask, url.PathEscape(plain), mask,
		).Replace(text)
	}
	return text
}
