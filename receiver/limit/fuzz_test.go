package limit_test

import (
	"net/http"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver/limit"
)

// FuzzClient checks that nothing that a client sends makes it somebody else: the address that a proxy
// adds at the end counts, or none.
func FuzzClient(f *testing.F) {
	for _, sent := range []string{
		"", "203.0.113.9", "10.0.0.2", "for=203.0.113.9", `for="203.0.113.9`, `for=203.0.113.9;host="`, `"\`, "unknown", "for=_x", "[::1]:5", ",", "for=10.0.0.2, for=unknown",
	} {
		f.Add(sent)
	}
	proxies, client := limit.Proxies{netip.MustParsePrefix("10.0.0.0/8")}, netip.MustParseAddr("198.51.100.7")
	f.Fuzz(func(t *testing.T, sent string) {
		for _, h := range []http.Header{
			{"X-Forwarded-For": {sent, "198.51.100.7"}},
			{"X-Forwarded-For": {sent + ", 198.51.100.7"}},
			{"Forwarded": {sent, "for=198.51.100.7"}},
			{"Forwarded": {sent + ", for=198.51.100.7"}},
			{"Forwarded": {sent}, "X-Forwarded-For": {"198.51.100.7"}},
			{"X-Forwarded-For": {sent}, "Forwarded": {"for=198.51.100.7"}},
		} {
			found, ok := proxies.Client(&http.Request{RemoteAddr: "10.0.0.1:1234", Header: h})
			assert.True(t, !ok || found == client, "%v: %v", h, found)
		}
	})
}
