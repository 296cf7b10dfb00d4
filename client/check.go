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

	"github.com/up42/up42-webhooks/receiver/loopback"
)

// The greatest lengths of the parts of a webhook, in characters.
const (
	MaxName   = 255
	MaxURL    = 2048
	MaxSecret = 500
)

// CheckName returns an error if UP42 would refuse the name of a webhook.
func CheckName(name string) error {
	switch {
	case strings.TrimSpace(name) == "":
		return errors.New("give the webhook a name")
	case utf8.RuneCountInString(name) > MaxName:
		return fmt.Errorf("the name may have %d characters, it has %d", MaxName, utf8.RuneCountInString(name))
	case !printable(name):
		return errors.New("the name must not have control characters")
	default:
		return nil
	}
}

// CheckURL returns an error if UP42 would refuse the URL of a webhook. UP42 allows only HTTPS.
// HTTP to this machine is allowed for a simulated UP42.
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

// CheckEvents returns an error if a webhook can't subscribe to these events.
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

// CheckSecret returns an error if UP42 would refuse the secret of a webhook. It may be empty.
func CheckSecret(s Secret) error {
	switch n := utf8.RuneCountInString(string(s)); {
	case n > MaxSecret:
		return fmt.Errorf("the secret may have %d characters, it has %d", MaxSecret, n)
	case !printable(string(s)):
		return errors.New("the secret must not have control characters")
	default:
		return nil
	}
}

// Check returns the first error of the settings of a webhook.
func (w *Webhook) Check() error {
	for _, err := range []error{CheckName(w.Name), CheckURL(w.URL), CheckEvents(w.Events), CheckSecret(w.Secret)} {
		if err != nil {
			return err
		}
	}
	return nil
}

// printable reports whether a text has no characters that control a terminal or change the
// direction of text.
func printable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp)
	})
}

// NewSecret makes a secret of 32 random bytes in base64url without padding. It fails only if
// random does.
func NewSecret(random io.Reader) (Secret, error) {
	b := make([]byte, 32)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", fmt.Errorf("make a secret: %w", err)
	}
	return Secret(base64.RawURLEncoding.EncodeToString(b)), nil
}
