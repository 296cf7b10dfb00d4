package limit_test

import (
	"net/http"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver/limit"
)

func TestClientOfATrustedProxy(t *testing.T) {
	proxies := limit.Proxies{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	const proxy = "10.0.0.1:1234"
	for name, tc := range map[string]struct {
		remote, forwardedFor, forwarded string
		client                          string // empty: not known
	}{
		"no proxy":                       {"192.0.2.1:1", "198.51.100.7", "", ""},
		"no header":                      {proxy, "", "", ""},
		"one address":                    {proxy, "198.51.100.7", "", "198.51.100.7"},
		"with a port":                    {proxy, "198.51.100.7:99", "", "198.51.100.7"},
		"the client claims more":         {proxy, "1.1.1.1, 198.51.100.7", "", "198.51.100.7"},
		"two proxies":                    {proxy, "1.1.1.1, 198.51.100.7, 10.2.3.4", "", "198.51.100.7"},
		"only proxies":                   {proxy, "10.2.3.4", "", ""},
		"no address":                     {proxy, "198.51.100.7, unknown", "", ""},
		"IPv6":                           {"[::1]:5", "2001:db8::7", "", "2001:db8::7"},
		"mapped IPv4":                    {"[::ffff:10.0.0.1]:5", "::ffff:198.51.100.7", "", "198.51.100.7"},
		"standard":                       {proxy, "", `for=1.1.1.1, FOR="198.51.100.7:4711";proto=https`, "198.51.100.7"},
		"standard, IPv6":                 {proxy, "", `for="[2001:db8::7]:4711"`, "2001:db8::7"},
		"standard without a client":      {proxy, "", `proto=https`, ""},
		"both, the same":                 {proxy, "198.51.100.7", "for=198.51.100.7", "198.51.100.7"},
		"both, one made up by a client":  {proxy, "198.51.100.7", "for=1.1.1.1", ""},
		"a made up header in two pieces": {proxy, "198.51.100.7", "for=1.1.1.1, for=198.51.100.8", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := &http.Request{RemoteAddr: tc.remote, Header: http.Header{}}
			if tc.forwardedFor != "" {
				r.Header.Set("X-Forwarded-For", tc.forwardedFor)
			}
			if tc.forwarded != "" {
				r.Header.Set("Forwarded", tc.forwarded)
			}
			client, ok := proxies.Client(r)
			assert.Equal(t, tc.client != "", ok)
			if ok {
				assert.Equal(t, tc.client, client.String())
			}
		})
	}
}
