package simulator_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client/simulator"
)

func TestSignIn(t *testing.T) {
	r := newRig(t, simulator.Options{Quiet: true})
	tests := []struct {
		name   string
		change url.Values // what differs from a valid password grant
		status int
		want   string
	}{
		{"wrong password", url.Values{"password": {"guess"}}, 401, `{"error":"invalid_grant","error_description":"Invalid user credentials"}`},
		{"wrong user", url.Values{"username": {"you"}}, 401, `"invalid_grant"`},
		{"no client", url.Values{"client_id": nil}, 401, `"invalid_client"`},
		{"another client", url.Values{"client_id": {"mine"}}, 401, `"invalid_client"`},
		{"another client and a wrong password", url.Values{"client_id": {"mine"}, "password": {"guess"}}, 401, `"invalid_client"`},
		{"no grant", url.Values{"grant_type": nil}, 400, `"invalid_request"`},
		{"other grant", url.Values{"grant_type": {"client_credentials"}}, 400, `"unsupported_grant_type"`},
		{"refresh with nothing", url.Values{"grant_type": {"refresh_token"}}, 400, `"invalid_grant"`},
		{"too long", url.Values{"password": {strings.Repeat("x", 70<<10)}}, 413, `"invalid_request"`},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			values := passwordGrant()
			for name, value := range tc.change {
				values[name] = value
			}
			a := r.form(values)
			assert.Equal(t, tc.status, a.status)
			assert.Contains(t, a.text, tc.want)
		})
	}

	other := passwordGrant()
	other.Set("client_id", "up42-api")
	assert.Equal(t, http.StatusOK, r.form(other).status, "UP42's API documentation has this one")

	a := r.form(passwordGrant())
	assert.Equal(t, http.StatusOK, a.status)
	assert.Equal(t, "no-store", a.header.Get("Cache-Control"))
	var got tokenAnswer
	a.into(t, &got)
	assert.Equal(t, 300, got.ExpiresIn)
	assert.Equal(t, "Bearer", got.TokenType)

	a, err := r.try(http.MethodPost, "/realms/other/protocol/openid-connect/token", "", nil)
	require.NoError(t, err)
	assert.Equal(t, http.StatusNotFound, a.status)
	assert.Contains(t, a.text, "Realm does not exist")
}

func TestUserInfoNamesTheWorkspace(t *testing.T) {
	r := newRig(t, simulator.Options{Quiet: true})
	var who struct{ Sub, Email string }
	r.call(http.MethodGet, userInfoPath, "").into(t, &who)
	assert.Equal(t, r.sim.Workspace(), who.Sub)
	assert.Equal(t, simulator.Username, who.Email)

	r.token = "unknown"
	a := r.call(http.MethodGet, userInfoPath, "")
	assert.Equal(t, http.StatusUnauthorized, a.status)
	assert.Contains(t, a.text, "invalid_token")
}

func TestTokensExpire(t *testing.T) {
	var ahead atomic.Int64
	now := func() time.Time { return time.Unix(1790000000+ahead.Load(), 0) }
	r := newRig(t, simulator.Options{Quiet: true, Now: now})
	status := func() int { return r.call(http.MethodGet, "/webhooks/events", "").status }
	refresh := func(token string) reply {
		return r.form(url.Values{"grant_type": {"refresh_token"}, "client_id": {"up42-sdk"}, "refresh_token": {token}})
	}
	first := r.signIn()
	ahead.Store(299)
	assert.Equal(t, 200, status())
	ahead.Store(300)
	assert.Equal(t, 401, status(), "after five minutes")

	a := refresh(first.RefreshToken)
	require.Equal(t, 200, a.status, a.text)
	var second tokenAnswer
	a.into(t, &second)
	r.token = second.AccessToken
	assert.Equal(t, 200, status())
	assert.NotEqual(t, first.RefreshToken, second.RefreshToken)
	assert.Equal(t, 400, refresh(first.RefreshToken).status, "a refresh token is valid once")

	ahead.Store(300 + 1800)
	assert.Equal(t, 400, refresh(second.RefreshToken).status, "and it expires")

	third := r.signIn()
	assert.Equal(t, 200, status())
	r.sim.ExpireTokens()
	assert.Equal(t, 401, status())
	assert.Equal(t, 400, refresh(third.RefreshToken).status)
	r.signIn()
	assert.Equal(t, 200, status())
}
