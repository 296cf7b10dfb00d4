package webhook_test

import (
	"testing"

	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/theme"
	"github.com/up42/up42-webhooks/tui/webhooks/webhook"
)

func TestWords(t *testing.T) {
	assert.Equal(t, `mine\u001b`, webhook.Name(client.Webhook{ID: "1", Name: "mine\x1b"}))
	assert.Equal(t, "1", webhook.Name(client.Webhook{ID: "1", Name: " "}))
	assert.Equal(t, "none", webhook.Events(nil))
	assert.Equal(t, "a b", webhook.Events(webhook.Sorted([]string{"b", "a", "b"})))
	th := theme.New(theme.Options{Profile: termenv.Ascii})
	on, _ := webhook.Active(th, true)
	off, _ := webhook.Active(th, false)
	assert.Equal(t, []string{"● on", "○ off"}, []string{on, off})
}

func TestPointsHere(t *testing.T) {
	for name, tc := range map[string]struct {
		receiver    webhook.Receiver
		here, known bool
	}{
		"not known": {},
		"here":      {func(string) bool { return true }, true, true},
		"elsewhere": {func(string) bool { return false }, false, true},
	} {
		here, known := tc.receiver.PointsHere("https://example.com/")
		assert.Equal(t, tc.here, here, name)
		assert.Equal(t, tc.known, known, name)
	}
}
