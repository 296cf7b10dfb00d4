package limit_test

import (
	"net/http"
	"net/netip"
	"strings"
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
		"IPv6 in brackets":               {proxy, "[2001:db8::7]", "", "2001:db8::7"},
		"IPv6 with a port":               {proxy, "[2001:db8::7]:443", "", "2001:db8::7"},
		"IPv6 with a zone":               {proxy, "fe80::7%eth0", "", "fe80::7"},
		"IPv6 with a zone and a port":    {proxy, "[fe80::7%25eth0]:1", "", "fe80::7"},
		"half a bracket":                 {proxy, "2001:db8::7]", "", ""},
		"brackets around IPv4":           {proxy, "[198.51.100.7]", "", ""},
		"text after the bracket":         {proxy, "[2001:db8::7]x", "", ""},
		"no port after the colon":        {proxy, "198.51.100.7:", "", ""},
		"white space":                    {proxy, " 1.1.1.1 ,\t198.51.100.7 ", "", "198.51.100.7"},
		"an empty end":                   {proxy, "198.51.100.7,", "", ""},
		"two lines":                      {proxy, "1.1.1.1\n198.51.100.7", "", "198.51.100.7"},
		"two lines, the last a proxy's":  {proxy, "1.1.1.1, 198.51.100.7\n10.9.9.9", "", "198.51.100.7"},
		"a made up line":                 {proxy, "not an address\n198.51.100.7", "", "198.51.100.7"},
		"a name that hides an address":   {proxy, "", `for=_hidden`, ""},
		"unknown":                        {proxy, "", `for=198.51.100.7, for=unknown`, ""},
		"unknown before a proxy":         {proxy, "", `for=198.51.100.7, for=unknown, for=10.0.0.2`, ""},
		"a name that hides a port":       {proxy, "", `for="198.51.100.7:_port", for="[::1]:_a.b-c"`, "198.51.100.7"},
		"IPv6 without quotation marks":   {proxy, "", `for=[2001:db8::7]`, "2001:db8::7"},
		"a parameter twice":              {proxy, "", `for=198.51.100.7;for=1.1.1.1`, ""},
		"an address in the host":         {proxy, "", `for=198.51.100.7;host="x;for=1.1.1.1"`, "198.51.100.7"},
		"an element in the host":         {proxy, "", `for=198.51.100.7;host="x, for=1.1.1.1"`, "198.51.100.7"},
		"an escaped quotation mark":      {proxy, "", `for=198.51.100.7;host="\";for=1.1.1.1"`, "198.51.100.7"},
		"a quotation without an end":     {proxy, "", `for="1.1.1.1, for=198.51.100.7`, ""},
		"a client's open quotation":      {proxy, "", `for="1.1.1.1, for=198.51.100.7;host="h"`, ""},
		"a client's line is malformed":   {proxy, "", "for=\"1.1.1.1\nfor=198.51.100.7", "198.51.100.7"},
	} {
		t.Run(name, func(t *testing.T) {
			r := &http.Request{RemoteAddr: tc.remote, Header: http.Header{}}
			if tc.forwardedFor != "" {
				r.Header["X-Forwarded-For"] = strings.Split(tc.forwardedFor, "\n")
			}
			if tc.forwarded != "" {
				r.Header["Forwarded"] = strings.Split(tc.forwarded, "\n")
			}
			// Clients can set these, and a proxy may pass them on.
			r.Header.Set("X-Real-Ip", "203.0.113.9")
			r.Header.Set("Cf-Connecting-Ip", "203.0.113.9")
			r.Header.Set("True-Client-Ip", "203.0.113.9")
			client, ok := proxies.Client(r)
			assert.Equal(t, tc.client != "", ok)
			if ok {
				assert.Equal(t, tc.client, client.String())
			}
		})
	}
}
