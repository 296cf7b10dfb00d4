package config

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestPointsHere(t *testing.T) {
	for name, tc := range map[string]struct {
		public, listen, url string
		want                bool
	}{
		"public URL without a path":     {"https://hooks.example.com", "127.0.0.1:9888", "https://hooks.example.com/receive-webhooks", true},
		"with its last slash":           {"https://hooks.example.com/", "127.0.0.1:9888", "https://HOOKS.example.com:443/receive-webhooks/", true},
		"public URL with a path":        {"https://example.com/in", "127.0.0.1:9888", "https://example.com/in", true},
		"another path":                  {"https://example.com/in", "127.0.0.1:9888", "https://example.com/receive-webhooks", false},
		"another host":                  {"https://hooks.example.com", "127.0.0.1:9888", "https://example.com/receive-webhooks", false},
		"another port":                  {"https://hooks.example.com", "127.0.0.1:9888", "https://hooks.example.com:8443/receive-webhooks", false},
		"the address":                   {"", "127.0.0.1:9888", "http://127.0.0.1:9888/receive-webhooks", true},
		"the address by its name":       {"", "127.0.0.1:9888", "http://localhost:9888/receive-webhooks", true},
		"an address of all networks":    {"", "0.0.0.0:9888", "http://127.0.0.1:9888/receive-webhooks", true},
		"the address, IPv6":             {"", "[::]:9888", "http://[::1]:9888/receive-webhooks", true},
		"an address, otherwise written": {"", "127.0.0.1:09888", "http://[::ffff:127.0.0.1]:9888/receive-webhooks", true},
		"nothing known":                 {"", "", "https://example.com/receive-webhooks", false},
		"no URL":                        {"", "127.0.0.1:9888", "%zz", false},
		"an empty one":                  {"", "127.0.0.1:9888", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			c := &Config{PublicURL: tc.public, Path: "/receive-webhooks"}
			assert.Equal(t, tc.want, PointsHere(c, tc.listen)(tc.url))
		})
	}
}

func TestAWebhooksURLHasThePathOfTheReceiver(t *testing.T) {
	for public, want := range map[string]string{
		"":                           "",
		"https://hooks.example.com":  "https://hooks.example.com/receive-webhooks",
		"https://hooks.example.com/": "https://hooks.example.com/receive-webhooks",
		"https://example.com/in/":    "https://example.com/in/",
	} {
		assert.Equal(t, want, PublicURL(&Config{PublicURL: public, Path: "/receive-webhooks"}))
	}
}
