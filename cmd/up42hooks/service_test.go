//go:build unix

package main

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

func fetch(t *testing.T, url string, basic ...string) (int, string) {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, url, nil)
	require.NoError(t, err)
	if len(basic) == 2 {
		req.SetBasicAuth(basic[0], basic[1])
	}
	return do(t, req)
}

// postWithPassword posts a body with a password and without a signature.
func postWithPassword(t *testing.T, url, user, pass string, body []byte) (int, string) {
	t.Helper()
	req, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/json")
	req.SetBasicAuth(user, pass)
	return do(t, req)
}

// do makes a request and returns the status and the body of the answer.
func do(t *testing.T, req *http.Request) (int, string) {
	t.Helper()
	res, err := clitest.HTTPClient(t).Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res.StatusCode, string(text)
}

func TestAdminAddress(t *testing.T) {
	t.Parallel()
	p := clitest.Receive(t, clitest.WithSecret(clitest.Home(t)), nil, "--admin", "127.0.0.1:0")
	url, ok := p.Stderr.Await(`showing health and metrics" url=(\S+)`)
	require.True(t, ok, "%s", p.Stderr)
	_, _, err := clitest.Deliver(clitest.HTTPClient(t), p.URL, clitest.Secret, clitest.Delivery("m", "o1", "PLACED"))
	require.NoError(t, err)
	for path, want := range map[string]string{
		"/healthz": "ok\n", "/readyz": "ready\n", "/metrics": `up42hooks_deliveries_total{verdict="verified"} 1`,
	} {
		code, text := fetch(t, url+path)
		assert.Equal(t, http.StatusOK, code, path)
		assert.Contains(t, text, want)
	}
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
	_, stderr, code := clitest.Run(t, clitest.Home(t), "listen", "--listen", "127.0.0.1:0", "--admin", "192.0.2.1:1")
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, "192.0.2.1:1 is no address of this machine")
}

// The forwarder of the old collector checks /ping and posts with a password, without
// a signature. Its readers read what it stored from /dump-webhooks. Both still work.
func TestCompatibilityWithTheOldCollector(t *testing.T) {
	t.Parallel()
	p := clitest.Receive(t, append(clitest.Home(t), "UP42_BASIC_AUTH=ada:lovelace"), nil)
	base := p.URL[:len(p.URL)-len("/receive-webhooks")]
	code, text := fetch(t, base+"/ping")
	assert.Equal(t, http.StatusOK, code)
	assert.Equal(t, "PONG", text)

	body := clitest.Delivery("m", "o1", "PLACED")
	status, answer := postWithPassword(t, p.URL, "ada", "lovelace", body)
	assert.Equal(t, http.StatusOK, status)
	assert.JSONEq(t, `{"msg":"value with key 1 stored"}`, answer)
	status, _ = postWithPassword(t, p.URL, "ada", "byron", body)
	assert.Equal(t, http.StatusUnauthorized, status)

	code, text = fetch(t, base+"/dump-webhooks", "ada", "lovelace")
	assert.Equal(t, http.StatusOK, code)
	assert.Equal(t, string(body)+"\n{\"number_webhooks_received\": 1}\n", text)
	code, _ = fetch(t, base+"/dump-webhooks")
	assert.Equal(t, http.StatusUnauthorized, code)
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
	assert.Contains(t, p.Stdout.String(), `"verdict":"trusted"`)
}

func TestSystemdIsNotified(t *testing.T) {
	t.Parallel()
	socket := filepath.Join(t.TempDir(), "notify")
	l, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	require.NoError(t, err)
	defer l.Close()
	p := clitest.Receive(t, append(clitest.WithSecret(clitest.Home(t)), "NOTIFY_SOCKET="+socket), nil)
	assert.Equal(t, "READY=1", told(t, l))
	p.Signal(syscall.SIGHUP)
	assert.Equal(t, "RELOADING=1", told(t, l))
	assert.Equal(t, "READY=1", told(t, l))
	p.Signal(syscall.SIGTERM)
	assert.Equal(t, "STOPPING=1", told(t, l))
	p.Finish(t)
}
