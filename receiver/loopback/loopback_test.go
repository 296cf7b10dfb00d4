package loopback_test

import (
	"net"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/loopback"
)

func TestHost(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "127.0.0.1": true, "127.8.8.8": true, "::1": true, "::ffff:127.0.0.1": true,
		"": false, "0.0.0.0": false, "::": false, "10.0.0.1": false, "example.com": false, "localhost.example.com": false, "127.0.0.1.example.com": false, "app.localhost": false,
	} {
		assert.Equal(t, want, loopback.Host(host), host)
	}
}

func TestReaches(t *testing.T) {
	name, err := os.Hostname()
	require.NoError(t, err)
	own, err := net.InterfaceAddrs()
	require.NoError(t, err)
	for _, all := range []string{"", "0.0.0.0", "::"} {
		for host, want := range map[string]bool{
			"localhost": true, "LOCALHOST.": true, "127.0.0.1": true, "127.0.0.2": true, "127.1": true, "0x7f.1": true, "2130706433": true, "::1": true,
			"::ffff:127.0.0.1": true, "0.0.0.0": true, "0": true, "::": true, name: true, strings.ToUpper(name): true,
			"example.com": false, "192.0.2.1": false, "": false, "1.2.3.4.5": false, "127.256": true, "256.1": false,
		} {
			assert.Equal(t, want, loopback.Reaches(host, all), "%q at %q", host, all)
		}
		for _, a := range own {
			host, _, _ := strings.Cut(a.String(), "/")
			assert.True(t, loopback.Reaches(host, all), host)
		}
	}
	for _, x := range []struct {
		host, listener string
		want           bool
	}{
		{"localhost", "127.0.0.1", true},
		{"localhost", "::1", true},
		{"0.0.0.0", "127.0.0.1", true},
		{"::ffff:127.0.0.1", "127.0.0.1", true},
		{"127.0.0.2", "127.0.0.1", false},
		{"192.0.2.1", "192.0.2.1", true},
		{"0.0.0.0", "192.0.2.1", false},
		{"localhost", "192.0.2.1", false},
		{name, "192.0.2.1", false},
		{"Box.", "box", true},
	} {
		assert.Equal(t, x.want, loopback.Reaches(x.host, x.listener), "%+v", x)
	}
}
