package node_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config/node"
	"github.com/up42/up42-webhooks/receiver/receivertest/testmain"
)

func TestMain(m *testing.M) { testmain.Run(m) }

func TestSuggestion(t *testing.T) {
	known := []string{"listen", "keep", "keep-events", "forward-to", "forward-auth", "forward-secret", "forward-format", "max-age"}
	for word, want := range map[string]string{
		"lisen":           `: did you mean "listen"?`,
		"forward-headers": "; those with this beginning are forward-to, forward-auth, forward-secret, forward-format",
		"forward-secrets": `: did you mean "forward-secret"?`,
		"forward-fromat":  `: did you mean "forward-format"?`,
		"keep-evnts":      `: did you mean "keep-events"?`,
		"max-ages":        `: did you mean "max-age"?`,
		"colour":          "; it must be one of listen, keep, keep-events, forward-to, forward-auth, forward-secret, forward-format, max-age",
	} {
		assert.Equal(t, want, node.Suggestion(word, known), word)
	}
}
