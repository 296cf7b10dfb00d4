package main

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func fetch(t *testing.T, url string, basic ...string) (int, string) {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, url, nil)
	require.NoError(t, err)
	if len(basic) == 2 {
		req.SetBasicAuth(basic[0], basic[1])
	}
	res, err := httpClient(t).Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res.StatusCode, string(text)
}

// hand posts a body with a password and without a signature.
func hand(t *testing.T, url, user, pass string, body []byte) (int, string) {
	t.Helper()
	req, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/json")
	req.SetBasicAuth(user, pass)
	res, err := httpClient(t).Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res.StatusCode, string(text)
}

func TestAReceiverIsLookedAfterOnAnAddressOfItsOwn(t *testing.T) {
	t.Parallel()
	p := receive(t, withSecret(home(t)), nil, "--admin", "127.0.0.1:0")
	url, ok := p.stderr.await(`showing health and metrics" url=(\S+)`)
	require.True(t, ok, "%s", p.stderr)
	_, _, err := deliver(httpClient(t), p.url, secret, delivery("m", "o1", "PLACED"))
	require.NoError(t, err)
	for path, want := range map[string]string{
		"/healthz": "ok\n", "/readyz": "ready\n", "/metrics": `up42hooks_deliveries_total{verdict="verified"} 1`,
	} {
		code, text := fetch(t, url+path)
		assert.Equal(t, http.StatusOK, code, path)
		assert.Contains(t, text, want)
	}
	p.signal(syscall.SIGTERM)
	p.finish(t)
	_, stderr, code := up42hooks(t, home(t), "listen", "--listen", "127.0.0.1:0", "--admin", "nowhere.invalid:1")
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, "listen on nowhere.invalid:1")
}

// The old collector's forwarder checks /ping and posts with a password, without
// a signature (wire.md §6); what it stored is read from /dump-webhooks.
func TestTheOldCollectorsSendersAndReadersWorkUnchanged(t *testing.T) {
	t.Parallel()
	p := receive(t, append(home(t), "UP42_BASIC_AUTH=ada:lovelace"), nil)
	base := p.url[:len(p.url)-len("/receive-webhooks")]
	code, text := fetch(t, base+"/ping")
	assert.Equal(t, http.StatusOK, code)
	assert.Equal(t, "PONG", text)

	body := delivery("m", "o1", "PLACED")
	status, answer := hand(t, p.url, "ada", "lovelace", body)
	assert.Equal(t, http.StatusOK, status)
	assert.JSONEq(t, `{"msg":"value with key 1 stored"}`, answer)
	status, _ = hand(t, p.url, "ada", "byron", body)
	assert.Equal(t, http.StatusUnauthorized, status)

	code, text = fetch(t, base+"/dump-webhooks", "ada", "lovelace")
	assert.Equal(t, http.StatusOK, code)
	assert.Equal(t, string(body)+"\n{\"number_webhooks_received\": 1}\n", text)
	code, _ = fetch(t, base+"/dump-webhooks")
	assert.Equal(t, http.StatusUnauthorized, code)
	p.signal(syscall.SIGTERM)
	p.finish(t)
	assert.Contains(t, p.stdout.String(), `"verdict":"trusted"`)
}

func TestSystemdIsToldHowTheReceiverStands(t *testing.T) {
	t.Parallel()
	socket := filepath.Join(t.TempDir(), "notify")
	l, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	require.NoError(t, err)
	defer l.Close()
	told := func() string {
		require.NoError(t, l.SetReadDeadline(time.Now().Add(patience)))
		b := make([]byte, 256)
		n, err := l.Read(b)
		require.NoError(t, err)
		return string(b[:n])
	}
	p := receive(t, append(withSecret(home(t)), "NOTIFY_SOCKET="+socket), nil)
	assert.Equal(t, "READY=1", told())
	p.signal(syscall.SIGHUP)
	assert.Equal(t, "RELOADING=1", told())
	assert.Equal(t, "READY=1", told())
	p.signal(syscall.SIGTERM)
	assert.Equal(t, "STOPPING=1", told())
	p.finish(t)
}
