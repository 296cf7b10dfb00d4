package client_test

import (
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client"
)

func TestARefusedSignInSaysWhatIsWrong(t *testing.T) {
	for name, tc := range map[string]struct {
		answer
		message, advice  string
		client, password bool
	}{
		"invalid client": {
			answer{status: 401, body: `{"error":"invalid_client","error_description":"Invalid client or Invalid client credentials"}`},
			"it does not let the client id my-client sign in", "--client-id", true, false,
		},
		"unauthorized client": {
			answer{status: 400, body: `{"error":"unauthorized_client","error_description":"Client not allowed for direct access grants"}`},
			"it does not let the client id my-client sign in", "UP42_CLIENT_ID", true, false,
		},
		"wrong password":   {answer{status: 401, body: `{"error":"invalid_grant","error_description":"Invalid user credentials"}`}, "the username or the password", "check username and password", false, true},
		"without a code":   {answer{status: 401}, "the username or the password", "check username and password", false, true},
		"a malformed call": {answer{status: 400, body: `{"error":"invalid_request"}`}, "invalid_request", "change what UP42 complains of", false, false},
		"no description":   {answer{status: 401, body: `{"error":"invalid_client"}`}, "the client id my-client", "--client-id", true, false},
		"down":             {answer{status: 503, body: `{"error":"invalid_client"}`}, "503", "UP42 has a problem", false, false},
		"a page":           {answer{status: 401, body: "<html>"}, "an HTML page", "UP42_AUTH_URL", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			u := newUP42(t, nil)
			u.refuse = func(string) *answer { return &tc.answer }
			_, err := u.client(inWorkspace, func(o *client.Options) { o.ClientID = "my-client" }).Webhooks(t.Context())
			require.ErrorContains(t, err, tc.message)
			assert.Contains(t, client.Advice(err), tc.advice)
			assert.Equal(t, tc.client, client.ClientRefused(err))
			assert.Equal(t, tc.password, client.PasswordRefused(err))
		})
	}
}

func TestTheClientIDIsSentWithEachSignIn(t *testing.T) {
	for given, want := range map[string]string{"": "up42-sdk", "up42-api": "up42-api"} {
		u := newUP42(t, map[string][]answer{"GET " + hooks: {ok(`[]`)}})
		var sent []string
		u.refuse = func(grant string) *answer {
			return &answer{do: func(w http.ResponseWriter, r *http.Request) {
				sent = append(sent, grant+" "+r.FormValue("client_id"))
				w.Header().Set("Content-Type", "application/json")
				_, _ = w.Write([]byte(`{"access_token":"a","refresh_token":"r","expires_in":300,"token_type":"bearer"}`))
			}}
		}
		at := &clock{now: time.Now()}
		c := u.client(inWorkspace, func(o *client.Options) { o.ClientID, o.Now = given, at.Now })
		for range 2 {
			_, err := c.Webhooks(t.Context())
			require.NoError(t, err)
			at.pass(6 * time.Minute)
		}
		assert.Equal(t, []string{"password " + want, "refresh_token " + want}, sent)
	}
}

// The next client remembers a refused password: it asks after the same pauses, then once an
// hour, and at once with another password. A sign-in that succeeds ends that.
func TestARefusedPasswordIsRemembered(t *testing.T) {
	u := newUP42(t, map[string][]answer{"GET " + hooks: {ok(`[]`)}})
	asked := 0
	right := false
	u.refuse = func(string) *answer {
		asked++
		if right {
			return nil
		}
		return &answer{status: 401, body: `{"error":"invalid_grant"}`}
	}
	at := &clock{now: time.Now()}
	file := filepath.Join(t.TempDir(), "new", "sign-in.json")
	next := func(password client.Secret) error {
		_, err := u.client(inWorkspace, func(o *client.Options) {
			o.RefusedFile, o.Now, o.Credentials.Password = file, at.Now, password
		}).Webhooks(t.Context())
		return err
	}
	for i, wait := range []time.Duration{time.Minute, 5 * time.Minute, 20 * time.Minute, time.Hour, time.Hour, time.Hour} {
		require.Error(t, next("wrong"))
		require.Equal(t, i+1, asked)
		at.pass(wait - time.Second)
		err := next("wrong")
		require.True(t, client.PasswordRefused(err), err)
		assert.Contains(t, client.NextSignIn(err), "tried again at")
		require.Equal(t, i+1, asked, "it is too early")
		at.pass(time.Second)
	}
	require.Error(t, next("wrong"))
	require.Error(t, next("another"))
	require.Equal(t, 8, asked)
	right = true
	require.NoError(t, next(hidden))
	require.NoFileExists(t, file)
}
