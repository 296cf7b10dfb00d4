package webhooks

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"unicode"
	"unicode/utf8"

	"github.com/up42/up42-webhooks/client"
)

// TEMPORARY: package client is to have these.

func checkName(s string) error {
	switch {
	case s == "":
		return errors.New("a name is needed")
	case utf8.RuneCountInString(s) > 256:
		return errors.New("a name has at most 256 characters")
	}
	for _, r := range s {
		if unicode.IsControl(r) {
			return errors.New("a name has no control characters")
		}
	}
	return nil
}

func checkURL(s string) error {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Host == "":
		return errors.New("a URL such as https://hooks.example.com/receive-webhooks is needed")
	case u.Scheme == "https":
		return nil
	case u.Scheme == "http":
		if ip := net.ParseIP(u.Hostname()); u.Hostname() == "localhost" || ip != nil && ip.IsLoopback() {
			return nil
		}
	}
	return errors.New("UP42 takes https:// URLs only (http:// on this machine alone)")
}

func checkSecret(s string) error {
	if n := utf8.RuneCountInString(s); n > 500 {
		return fmt.Errorf("a secret has at most 500 characters, this one has %d", n)
	}
	return nil
}

func checkEvents(events []string) error {
	if len(events) == 0 {
		return errors.New("at least one event is needed")
	}
	return nil
}

func newSecret(random io.Reader) (client.Secret, error) {
	b := make([]byte, 32)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", fmt.Errorf("make a secret: %w", err)
	}
	return client.Secret(base64.RawURLEncoding.EncodeToString(b)), nil
}

func advice(err error) string {
	var e *client.Error
	if !errors.As(err, &e) {
		return "check the connection"
	}
	switch e.Status {
	case http.StatusUnauthorized:
		return "check the credentials"
	case http.StatusNotFound:
		return "it was deleted meanwhile"
	}
	return ""
}
