package safe_test

import (
	"errors"
	"fmt"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver/safe"
)

func TestWithoutURL(t *testing.T) {
	cause := errors.New("refused")
	err := &url.Error{Op: "Post", URL: "https://example.com/s3cr3t", Err: cause}
	assert.Equal(t, cause, safe.WithoutURL(fmt.Errorf("send: %w", err)))
	assert.Equal(t, cause, safe.WithoutURL(cause))
}

func TestLine(t *testing.T) {
	assert.Equal(t, "a?[2J b? é", safe.Line("a\x1b[2J b\u202e é"))
}

func TestShorten(t *testing.T) {
	for s, want := range map[string]string{"": "", "abc": "abc", "abcd": "ab…", "äöü": "äöü", "äöüß": "äö…"} {
		assert.Equal(t, want, safe.Shorten(s, 3))
	}
}

func TestURLsAreMasked(t *testing.T) {
	for raw, want := range map[string]string{
		"https://hooks.slack.com/services/T0/B0/s3cr3t": "https://hooks.slack.com/…",
		"https://chat.example.com?key=s3cr3t":           "https://chat.example.com/…",
		"https://ada:s3cr3t@example.com":                "https://example.com/…",
		"https://s3cr3t@example.com/":                   "https://example.com/…",
		"https://example.com/#s3cr3t":                   "https://example.com/…",
		"https://example.com/%73%33cr3t":                "https://example.com/…",
		"http://[::1]:3000/s3cr3t":                      "http://[::1]:3000/…",
		"http://127.0.0.1:3000":                         "http://127.0.0.1:3000",
		"http://127.0.0.1:3000/":                        "http://127.0.0.1:3000/",
		"https://example.com/%zz?s3cr3t":                "(a URL)",
		"mailto:s3cr3t":                                 "(a URL)",
		"s3cr3t":                                        "(a URL)",
		"":                                              "(a URL)",
	} {
		assert.Equal(t, want, safe.URL(raw), raw)
	}
}

func TestNamesOfTargets(t *testing.T) {
	a, b := "https://hooks.slack.com/services/T0/B0/s3cr3t", "https://hooks.slack.com/services/T0/B0/other"
	assert.Regexp(t, `^https://hooks\.slack\.com/…#[0-9a-f]{8}$`, safe.Name(a))
	assert.NotEqual(t, safe.Name(a), safe.Name(b))
	assert.Equal(t, safe.Name(a), safe.Name(safe.Name(a)))
	for raw, want := range map[string]string{
		"nats://127.0.0.1:4222/up42.events":                                                          "nats://127.0.0.1:4222/up42.events",
		"tls://s3cr3t@a:4222,b:4222/up42.events":                                                     "tls://a:4222,b:4222/up42.events",
		"postgresql://ada:s3cr3t@db.example.com:5432/up42?sslmode=require&password=s3cr3t&table=a.b": "postgres://db.example.com:5432/up42?table=a.b",
		"postgres:///up42?host=/run/postgresql&passfile=/x":                                          "postgres:///up42?host=%2Frun%2Fpostgresql",
		"postgres://?service=up42":                                                                   "postgres://?service=up42",
		"postgres://a:5432,b:5432/up42":                                                              "postgres://a:5432,b:5432/up42",
		"postgres://%zz:s3cr3t@a.example/":                                                           "(a URL)",
	} {
		assert.Equal(t, want, safe.Name(raw))
		assert.Equal(t, want, safe.Name(want))
		assert.False(t, safe.Hides(raw), "it is no secret")
	}
	assert.True(t, safe.Hides(a))
	for _, s := range []string{"exec /bin/true", "http://127.0.0.1:3000", "http://127.0.0.1:3000/", ""} {
		assert.Equal(t, s, safe.Name(s))
	}
	for _, forged := range []string{"https://h/s3cr3t/…#12345678", "https://h/…#1234567s", "https://u:s3cr3t@h/…#12345678", "https://%zz/s3cr3t"} {
		assert.NotContains(t, safe.Name(forged), "s3cr3t", forged)
	}
}
