package simulator_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client/simulator"
	"github.com/up42/up42-webhooks/receiver/receivertest/testmain"
)

func TestMain(m *testing.M) { testmain.Run(m) }

const (
	tokenPath    = "/realms/public/protocol/openid-connect/token"
	userInfoPath = "/realms/public/protocol/openid-connect/userinfo"
)

// rig is a simulator behind a real server, and a client that uses only net/http.
type rig struct {
	*testing.T
	sim    *simulator.Simulator
	base   string
	client http.Client
	token  string
}

func newRig(t *testing.T, o simulator.Options) *rig {
	t.Helper()
	r := &rig{T: t, sim: simulator.New(o)}
	server := httptest.NewServer(r.sim)
	t.Cleanup(server.Close)
	r.base = server.URL
	r.client = http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Minute}
	r.signIn()
	return r
}

// reply is an answer of the simulator.
type reply struct {
	status int
	header http.Header
	text   string
}

// into decodes the answer.
func (a reply) into(t require.TestingT, v any) {
	require.NoError(t, json.Unmarshal([]byte(a.text), v), "%d %s", a.status, a.text)
}

// try makes a call. It returns an error only for the connection.
func (r *rig) try(method, path, body string, header map[string]string) (reply, error) {
	r.Helper()
	req, err := http.NewRequest(method, r.base+path, strings.NewReader(body))
	require.NoError(r, err)
	for name, value := range header {
		req.Header.Set(name, value)
	}
	resp, err := r.client.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return reply{resp.StatusCode, resp.Header, string(bytes.TrimSpace(text))}, err
}

// call makes a call with the rig's token.
func (r *rig) call(method, path, body string) reply {
	r.Helper()
	a, err := r.try(method, path, body, map[string]string{"Authorization": "Bearer " + r.token, "Content-Type": "application/json"})
	require.NoError(r, err)
	return a
}

// form posts a form to the token endpoint.
func (r *rig) form(values url.Values) reply {
	r.Helper()
	a, err := r.try(http.MethodPost, tokenPath, values.Encode(), map[string]string{"Content-Type": "application/x-www-form-urlencoded"})
	require.NoError(r, err)
	return a
}

func passwordGrant() url.Values {
	return url.Values{
		"grant_type": {"password"}, "client_id": {"up42-sdk"}, "scope": {"openid"},
		"username": {simulator.Username}, "password": {simulator.Password},
	}
}

type tokenAnswer struct {
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	ExpiresIn    int    `json:"expires_in"`
	TokenType    string `json:"token_type"`
}

func (r *rig) signIn() tokenAnswer {
	r.Helper()
	var t tokenAnswer
	r.form(passwordGrant()).into(r, &t)
	r.token = t.AccessToken
	return t
}

func (r *rig) webhooksPath() string { return "/workspaces/" + r.sim.Workspace() + "/webhooks" }

type webhook struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	URL       string   `json:"url"`
	Events    []string `json:"events"`
	Active    bool     `json:"active"`
	Secret    string   `json:"secret"`
	CreatedAt string   `json:"createdAt"`
	UpdatedAt string   `json:"updatedAt"`
}

// register registers an active webhook for all events.
func (r *rig) register(to, secret string) webhook {
	r.Helper()
	body, err := json.Marshal(map[string]any{
		"name": "hook", "url": to, "events": []string{"job.status", "order.status"}, "active": true, "secret": secret,
	})
	require.NoError(r, err)
	return r.webhook(r.call(http.MethodPost, r.webhooksPath(), string(body)), http.StatusCreated)
}

// webhook reads an answer with a webhook.
func (r *rig) webhook(a reply, status int) webhook {
	r.Helper()
	require.Equal(r, status, a.status, a.text)
	var in struct {
		Data  webhook
		Error any
	}
	a.into(r, &in)
	require.Nil(r, in.Error)
	return in.Data
}

// refusal reads an error in UP42's envelope.
func (a reply) refusal(t require.TestingT) (code int, message string) {
	var in struct {
		Data  any
		Error struct {
			Code    int
			Message string
		}
	}
	a.into(t, &in)
	require.Nil(t, in.Data)
	return in.Error.Code, in.Error.Message
}
