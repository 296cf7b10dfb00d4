package nearest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver/filter/nearest"
)

func TestWord(t *testing.T) {
	known := []string{"watch", "listen", "events", "jobs", "orders", "send", "verify", "version", "config"}
	for given, want := range map[string]string{
		"listne": "listen", "event": "events", "LISTEN": "listen", "verfy": "verify", "conf": "config",
		"ordres": "orders", "versoin": "version", "xyzzy": "", "": "", "q": "", "send": "send", "VER": "verify",
	} {
		assert.Equal(t, want, nearest.Word(given, known), given)
	}
}
