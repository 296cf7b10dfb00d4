package main

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/receiver/receivertest"
)

// post sends a delivery that is signed with a secret, after a change of the request. It
// returns the status of the answer.
func post(t *testing.T, url, secret string, change func(*http.Request)) int {
	t.Helper()
	r := receivertest.SignedRequest(t, url, clitest.Delivery(time.Now().String(), "o1", "PLACED"), secret)
	change(r)
	res, err := clitest.HTTPClient(t).Do(r)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	return res.StatusCode
}

func header(name string, values ...string) func(*http.Request) {
	return func(r *http.Request) { r.Header[name] = values }
}

// The address of the client is in the log, in JSON and in the description of a delivery,
// and only what the proxy wrote is believed.
func TestTheClientOfATrustedProxyIsTheSender(t *testing.T) {
	t.Parallel()
	env := clitest.WithSecret(clitest.Home(t))
	p := clitest.Receive(t, env, nil, "--trusted-proxy", "127.0.0.0/8,::ffff:10.0.0.0/104")
	for want, change := range map[string]func(*http.Request){
		"198.51.100.1": header("X-Forwarded-For", "203.0.113.1, 198.51.100.1"),
		"198.51.100.2": header("X-Forwarded-For", "203.0.113.1", "198.51.100.2:4711, 10.1.1.1"),
		"2001:db8::3":  header("Forwarded", `for=_hidden, for="[2001:db8::3]:_port";host="x;for=203.0.113.1"`),
		"127.0.0.1:":   header("Forwarded", `for=203.0.113.1, for=unknown`),
	} {
		assert.Equal(t, 200, post(t, p.URL, clitest.Secret, change), want)
		assert.Equal(t, 401, post(t, p.URL, "another secret", change), want)
		_, ok := p.Stderr.Await(`rejected a delivery" .*from="?` + strings.NewReplacer(".", `\.`, "[", `\[`).Replace(want))
		assert.True(t, ok, "%s in %s", want, p.Stderr)
		for _, rejected := range []string{"", "--rejected"} {
			require.Eventually(t, func() bool {
				out, _, _ := clitest.Run(t, env, strings.Fields("events --json "+rejected)...)
				return strings.Contains(out, `"from":"`+want)
			}, clitest.Patience, 20*time.Millisecond, "%s %s", want, rejected)
		}
	}
	assert.Equal(t, 200, post(t, p.URL, clitest.Secret, header("X-Real-Ip", "203.0.113.1")))
	out, _, _ := clitest.Run(t, env, "events", "--json")
	assert.NotContains(t, out, `"from":"203.0.113`, "a client can set it")
	out, _, code := clitest.Run(t, env, "events", "get", "5")
	assert.Zero(t, code)
	assert.Contains(t, out, "sent from   127.0.0.1:")
}

// A slash more or less in a URL loses no delivery.
func TestSlashesAreForgiven(t *testing.T) {
	t.Parallel()
	for path, asked := range map[string][]string{
		"":        {"/receive-webhooks", "/receive-webhooks/", "//receive-webhooks", "/receive-webhooks//"},
		"/in":     {"/in", "/in/"},
		"in":      {"/in", "/in/"},
		"/in/up/": {"/in/up", "/in//up/", "/in/up/?x=y"},
		"/":       {"", "/", "//"},
	} {
		p := clitest.Receive(t, append(clitest.WithSecret(clitest.Home(t)), "UP42_PATH="+path), nil)
		base := p.URL[:strings.Index(p.URL[len("http://"):], "/")+len("http://")]
		for _, a := range asked {
			assert.Equal(t, 200, post(t, base+a, clitest.Secret, func(*http.Request) {}), "%q at %q", a, path)
		}
		assert.Equal(t, 404, post(t, base+"/elsewhere", clitest.Secret, func(*http.Request) {}))
		res, err := clitest.HTTPClient(t).Post(base+"/ping/", "text/plain", bytes.NewReader(nil))
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		assert.Equal(t, 200, res.StatusCode)
	}
}
