package client

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/up42/up42-webhooks/loopback"
)

// The longest that the parts of a webhook may be, in characters.
const (
	MaxName   = 255
	MaxURL    = 2048
	MaxSecret = 500
)

// CheckName says what is wrong with the name of a webhook.
func CheckName(name string) error {
	switch {
	case strings.TrimSpace(name) == "":
		return errors.New("give the webhook a name")
	case utf8.RuneCountInString(name) > MaxName:
		return fmt.Errorf("the name may have %d characters, it has %d", MaxName, utf8.RuneCountInString(name))
	case !printable(name):
		return errors.New("the name may hold no control characters")
	default:
		return nil
	}
}

// CheckURL says what is wrong with the URL of a webhook: UP42 takes HTTPS only,
// a simulated one on this machine plain HTTP to this machine as well.
func CheckURL(text string) error {
	u, err := url.Parse(text)
	switch {
	case text == "":
		return errors.New("give the URL at which UP42 reaches the receiver")
	case utf8.RuneCountInString(text) > MaxURL:
		return fmt.Errorf("the URL may have %d characters, it has %d", MaxURL, utf8.RuneCountInString(text))
	case !printable(text) || strings.ContainsFunc(text, unicode.IsSpace) || err != nil || u.Hostname() == "":
		return errors.New("want a URL like https://hooks.example.com/receive-webhooks")
	case u.Scheme == "http" && !loopback.Host(u.Hostname()):
		return errors.New("the URL must begin with https://: UP42 sends nothing in the clear")
	case u.Scheme != "https" && u.Scheme != "http":
		return errors.New("the URL must begin with https://")
	default:
		return nil
	}
}

// CheckEvents says what is wrong with the events that a webhook subscribes to.
func CheckEvents(events []string) error {
	if len(events) == 0 {
		return errors.New("choose one event at least")
	}
	for _, name := range events {
		if name == "" || !printable(name) || strings.ContainsAny(name, ", ") {
			return errors.New("want names of events like order.status")
		}
	}
	return nil
}

// CheckSecret says what is wrong with the secret of a webhook; none is allowed.
func CheckSecret(s Secret) error {
	switch n := utf8.RuneCountInString(string(s)); {
	case n > MaxSecret:
		return fmt.Errorf("the secret may have %d characters, it has %d", MaxSecret, n)
	case !printable(string(s)):
		return errors.New("the secret may hold no control characters")
	default:
		return nil
	}
}

// Check says what is wrong with the settings of a webhook, the first of it.
func (w *Webhook) Check() error {
	for _, err := range []error{CheckName(w.Name), CheckURL(w.URL), CheckEvents(w.Events), CheckSecret(w.Secret)} {
		if err != nil {
			return err
		}
	}
	return nil
}

// printable text has nothing in it that steers a terminal or turns the direction
// of what is read.
func printable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp)
	})
}

// NewSecret makes a secret of 32 bytes, as base64url without padding. Its error
// is that of random.
func NewSecret(random io.Reader) (Secret, error) {
	b := make([]byte, 32)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", fmt.Errorf("make a secret: %w", err)
	}
	return Secret(base64.RawURLEncoding.EncodeToString(b)), nil
}
