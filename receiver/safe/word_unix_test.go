//go:build unix

package safe_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver/safe"
)

func TestAShellTakesAWordAsItIs(t *testing.T) {
	for s, want := range map[string]string{
		"/var/lib/up42_hooks/a-b.db": "/var/lib/up42_hooks/a-b.db",
		"/my events.db":              "'/my events.db'",
		"it's":                       `'it'\''s'`,
		"$HOME":                      "'$HOME'",
		"~/a":                        "'~/a'",
		"":                           "''",
	} {
		assert.Equal(t, want, safe.Word(s))
	}
}
