package demo

import (
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// signIn signs in with the settings and returns a token.
func signIn(t *testing.T, settings map[string]string) string {
	t.Helper()
	resp, err := bareClient.PostForm(settings["UP42_AUTH_URL"]+"/realms/public/protocol/openid-connect/token", url.Values{
		"grant_type": {"password"}, "client_id": {"up42-sdk"},
		"username": {settings["UP42_USERNAME"]}, "password": {settings["UP42_PASSWORD"]},
	})
	require.NoError(t, err)
	defer resp.Body.Close()
	require.Equal(t, 200, resp.StatusCode)
	var in struct {
		AccessToken string `json:"access_token"`
	}
	require.NoError(t, json.NewDecoder(resp.Body).Decode(&in))
	return in.AccessToken
}

// bareClient keeps no connections open.
var bareClient = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: clitest.Patience}

func TestSimulateServesWhatItPrints(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		p, settings := clitest.Simulate(t)
		assert.Len(t, settings, 4)
		assert.NotContains(t, settings["UP42_API_URL"], ":0")
		req, err := http.NewRequest(http.MethodGet, settings["UP42_API_URL"]+"/v2/orders", nil)
		require.NoError(t, err)
		req.Header.Set("Authorization", "Bearer "+signIn(t, settings))
		resp, err := bareClient.Do(req)
		require.NoError(t, err)
		assert.NoError(t, resp.Body.Close())
		assert.Equal(t, 200, resp.StatusCode)
		p.Signal(sig)
		p.Finish(t)
		assert.Equal(t, 1, strings.Count(p.Stderr.String(), "\n"), "one line: %s", p.Stderr)
	}
}

func TestSimulateDeliversToAReceiver(t *testing.T) {
	env := append(clitest.Home(t), "UP42_WEBHOOK_SECRET=hush")
	r := clitest.Receive(t, env, nil)
	p, settings := clitest.Simulate(t, "--speed", "100")
	token := signIn(t, settings)
	get := func(method, path, body string) (int, map[string]any) {
		req, err := http.NewRequest(method, settings["UP42_API_URL"]+path, strings.NewReader(body))
		require.NoError(t, err)
		req.Header.Set("Authorization", "Bearer "+token)
		resp, err := bareClient.Do(req)
		require.NoError(t, err)
		defer resp.Body.Close()
		var in map[string]any
		require.NoError(t, json.NewDecoder(resp.Body).Decode(&in))
		return resp.StatusCode, in
	}
	_, who := get(http.MethodGet, "/realms/public/protocol/openid-connect/userinfo", "")
	code, _ := get(http.MethodPost, "/workspaces/"+who["sub"].(string)+"/webhooks",
		`{"name":"here","url":"`+r.URL+`","events":["order.status","job.status"],"secret":"hush","active":true}`)
	require.Equal(t, 201, code)
	_, ok := r.Stdout.Await(`"verdict":"verified".*"liveMode":true.*"kind":"order"`)
	assert.True(t, ok, "an order moves: %s", r.Stdout)
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
	r.Signal(syscall.SIGTERM)
	r.Finish(t)
}

func TestSimulateFaults(t *testing.T) {
	_, settings := clitest.Simulate(t, "--still", "--fault-500", "1")
	resp, err := bareClient.Get(settings["UP42_API_URL"] + "/webhooks/events")
	require.NoError(t, err)
	assert.NoError(t, resp.Body.Close())
	assert.Equal(t, 500, resp.StatusCode)
}

func TestSimulateOnATakenPort(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	out, errs, code := clitest.Run(t, clitest.Home(t), "simulate", "--addr", l.Addr().String())
	assert.Equal(t, 1, code)
	assert.Empty(t, out)
	assert.Equal(t, "up42hooks: "+l.Addr().String()+" is in use by another program: give another address with --addr, or port 0 for any\n", errs)
}
