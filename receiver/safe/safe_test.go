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
