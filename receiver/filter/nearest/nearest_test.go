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
		"ordres": "orders", "versoin": "version", "xyzzy": "", "sned": "send", "reed": "", "cnfg": "", "": "", "q": "", "send": "send", "VER": "verify",
	} {
		assert.Equal(t, want, nearest.Word(given, known), given)
	}
}

func TestSlip(t *testing.T) {
	known := []string{"REQUIRE_DIGEST", "TRUSTED_PROXY", "USERNAME", "THEME", "KEEP", "CLIENT_ID", "API_URL", "STATUSES"}
	for given, want := range map[string]string{
		"REQUIRE_DIGETS": "REQUIRE_DIGEST", "requiredigest": "REQUIRE_DIGEST", "TRUSTED_PROXIES": "TRUSTED_PROXY", "STATUS": "STATUSES",
		"USER": "USERNAME", "KEEPS": "KEEP", "HOME": "", "KEY": "", "PROJECT_ID": "", "PROJECT_API_KEY": "", "ORDER_ID": "", "BASE_URL": "", "": "",
	} {
		assert.Equal(t, want, nearest.Slip(given, known), given)
	}
}

// Of words that are equally near, the one is meant that begins like it.
func TestTheBeginningDecides(t *testing.T) {
	known := []string{"seed", "speed", "config", "listen", "log-format"}
	for given, want := range map[string]string{"sped": "speed", "seeed": "seed", "sed": "seed", "spee": "speed", "see": "seed"} {
		assert.Equal(t, want, nearest.Slip(given, known), given)
		assert.Equal(t, want, nearest.Word(given, known), given)
	}
	for given, want := range map[string]string{"config-file": "config", "listen-on-port": "listen", "log-x": "", "seedy-x": ""} {
		assert.Equal(t, want, nearest.Slip(given, known), given)
	}
}
