package client_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client"
)

// clock is a clock that a test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func TestATokenIsUsedUntilShortlyBeforeItsEnd(t *testing.T) {
	u := newUP42(t, map[string][]answer{"GET " + hooks: {ok(`[]`)}})
	at := &clock{now: time.Now()}
	c := u.client(func(o *client.Options) { o.Now = at.Now })
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			_, err := c.Webhooks(t.Context())
			assert.NoError(t, err)
		})
	}
	all.Wait()
	assert.Equal(t, []string{"password"}, u.signIns)

	at.pass(269 * time.Second)
	_, err := c.Webhooks(t.Context())
	require.NoError(t, err)
	assert.Len(t, u.signIns, 1)
	at.pass(time.Second)
	_, err = c.Webhooks(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"password", "refresh_token"}, u.signIns, "30 s before its end")
}

func TestARefusedRefreshTokenIsReplaced(t *testing.T) {
	u := newUP42(t, map[string][]answer{"GET " + hooks: {ok(`[]`)}})
	u.refuse = func(grant string) *answer {
		if grant == "refresh_token" {
			return &answer{status: 400, body: `{"error":"invalid_grant","error_description":"Session not active"}`}
		}
		return nil
	}
	at := &clock{now: time.Now()}
	c := u.client(func(o *client.Options) { o.Now = at.Now })
	for range 2 {
		_, err := c.Webhooks(t.Context())
		require.NoError(t, err)
		at.pass(time.Hour)
	}
	assert.Equal(t, []string{"password", "refresh_token", "password"}, u.signIns)
}

func TestARefusedTokenIsRenewedOnce(t *testing.T) {
	expired := answer{status: 401, body: `{"data":null,"error":{"code":401,"message":"expired"}}`}
	u := newUP42(t, map[string][]answer{"GET " + hooks: {expired, ok(`[]`), expired}})
	c := u.client(inWorkspace)
	_, err := c.Webhooks(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"Bearer token-I", "Bearer token-II"}, []string{u.of("GET", hooks)[0].authorization, u.of("GET", hooks)[1].authorization})

	_, err = c.Webhooks(t.Context())
	assert.True(t, client.Unauthorized(err))
	assert.Len(t, u.of("GET", hooks), 4, "once, not for ever")
}

func TestAConfiguredTokenIsNotRenewed(t *testing.T) {
	u := newUP42(t, map[string][]answer{"GET " + hooks: {ok(`[]`), {status: 401}}})
	c := u.client(func(o *client.Options) { o.Credentials = client.Credentials{Token: "mine"} })
	_, err := c.Webhooks(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "Bearer mine", u.of("GET", hooks)[0].authorization)
	_, err = c.Webhooks(t.Context())
	assert.True(t, client.Unauthorized(err))
	assert.Contains(t, client.Advice(err), "sign in again")
	assert.Empty(t, u.signIns)
}

func TestAWrongPassword(t *testing.T) {
	u := newUP42(t, nil)
	c := u.client(func(o *client.Options) { o.Credentials.Password = "wrong" })
	_, err := c.Workspace(t.Context())
	require.Error(t, err)
	assert.Equal(t, "sign in: UP42 answered 401 Unauthorized: it does not accept the username or the password", err.Error())
	assert.Equal(t, "check username and password", client.Advice(err))
	assert.Len(t, u.signIns, 1, "a wrong password does not become right")
}

func TestAWrongPasswordIsTriedOnceByAll(t *testing.T) {
	u := newUP42(t, nil)
	at := &clock{now: time.Now()}
	c := u.client(inWorkspace, func(o *client.Options) { o.Credentials.Password, o.Now = "wrong", at.Now })
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			_, err := c.Webhooks(t.Context())
			assert.True(t, client.Unauthorized(err), "%v", err)
		})
	}
	all.Wait()
	assert.Len(t, u.signIns, 1, "many tries can lock an account")
}

func TestAWrongPasswordIsTriedAFewTimesOnly(t *testing.T) {
	u := newUP42(t, map[string][]answer{"GET " + hooks: {ok(`[]`)}})
	at := &clock{now: time.Now()}
	credentials := client.Credentials{Username: "ada", Password: "wrong"}
	c := u.client(inWorkspace, func(o *client.Options) {
		o.Credentials, o.Now, o.Reread = credentials, at.Now, func() (client.Credentials, error) { return credentials, nil }
	})
	ask := func() error { _, err := c.Webhooks(t.Context()); return err }
	began := at.Now()
	var tries []time.Duration
	for range 48 * 60 {
		err := ask()
		require.True(t, client.PasswordRefused(err), "%v", err)
		if len(u.signIns) > len(tries) {
			tries = append(tries, at.Now().Sub(began))
		}
		if len(tries) < 5 {
			assert.Contains(t, client.NextSignIn(err), "the password is tried again at ")
		} else {
			assert.Equal(t, "the password is not tried again until it changes", client.NextSignIn(err))
		}
		at.pass(time.Minute)
	}
	assert.Equal(t, []time.Duration{0, time.Minute, 6 * time.Minute, 26 * time.Minute, 86 * time.Minute}, tries)

	credentials.Password = "wrong, too"
	require.Error(t, ask())
	assert.Len(t, u.signIns, 6, "another one is tried at once")
	credentials.Password = hidden
	require.NoError(t, ask())
	assert.Len(t, u.signIns, 7)
	require.NoError(t, c.Use(client.Credentials{Username: "ada", Password: "wrong"}, nil))
	assert.True(t, client.PasswordRefused(ask()), "the token of other credentials is not used")
}

func TestARefusedClientIDIsNoWrongPassword(t *testing.T) {
	u := newUP42(t, nil)
	u.refuse = func(string) *answer { return &answer{status: 401, body: `{"error":"invalid_client"}`} }
	at := &clock{now: time.Now()}
	c := u.client(inWorkspace, func(o *client.Options) { o.Now = at.Now })
	for range 10 {
		_, err := c.Webhooks(t.Context())
		assert.True(t, client.ClientRefused(err), "%v", err)
		assert.Empty(t, client.NextSignIn(err))
		at.pass(10 * time.Second)
	}
	assert.Len(t, u.signIns, 10, "no password was checked")
}

func TestShortAndUnknownLifetimes(t *testing.T) {
	for life, served := range map[int]time.Duration{20: 9 * time.Second, 0: 4 * time.Minute} {
		u := newUP42(t, map[string][]answer{"GET " + hooks: {ok(`[]`)}})
		u.lifetime = life
		at := &clock{now: time.Now()}
		c := u.client(inWorkspace, func(o *client.Options) { o.Now = at.Now })
		for range 2 {
			_, err := c.Webhooks(t.Context())
			require.NoError(t, err)
			at.pass(served)
		}
		assert.Len(t, u.signIns, 1, "expires_in %d", life)
		at.pass(served)
		_, err := c.Webhooks(t.Context())
		require.NoError(t, err)
		assert.Len(t, u.signIns, 2, "expires_in %d", life)
	}
}

func TestErrorsOfTheSignIn(t *testing.T) {
	for name, tc := range map[string]struct {
		answer
		message, advice string
	}{
		"disabled":   {answer{status: 400, body: `{"error":"invalid_grant","error_description":"Account disabled"}`}, "the username or the password: Account disabled", "check username and password"},
		"repeats it": {answer{status: 403, body: `{"error":"odd","error_description":"got password=pass+word%2Fhidden or ` + hidden + `"}`}, "got password=******** or ********", "workspace"},
		"not there":  {answer{status: 404, body: `{"error":"Realm does not exist"}`}, "Realm does not exist", "UP42_AUTH_URL"},
		"a page":     {answer{status: 401, header: map[string]string{"Content-Type": "text/html"}, body: "<html>"}, "an HTML page", "UP42_AUTH_URL"},
	} {
		t.Run(name, func(t *testing.T) {
			u := newUP42(t, nil)
			u.refuse = func(string) *answer { return &tc.answer }
			_, err := u.client(inWorkspace).Webhook(t.Context(), "a")
			require.ErrorContains(t, err, tc.message)
			assert.Contains(t, client.Advice(err), tc.advice)
			assert.False(t, client.NotFound(err), "nobody has looked for the webhook")
		})
	}
}

func TestASignInIsRepeatedIfItsAnswerBreaksOff(t *testing.T) {
	for broken, fails := range map[int]bool{1: false, 100: true} {
		synctest.Test(t, func(t *testing.T) {
			net := &breaking{left: broken}
			c, err := client.New(client.Options{
				APIURL: "https://api.example", AuthURL: "https://auth.example", Workspace: "w", Transport: net,
				Credentials: client.Credentials{Username: "ada", Password: hidden},
			})
			require.NoError(t, err)
			_, err = c.Webhooks(t.Context())
			if !fails {
				require.NoError(t, err)
				assert.Equal(t, 2, net.signIns)
				return
			}
			require.ErrorIs(t, err, io.ErrUnexpectedEOF)
			assert.Contains(t, client.Advice(err), "UP42_AUTH_URL")
			assert.NotContains(t, err.Error(), "tok")
		})
	}
}

// breaking is a transport on which a number of answers to a sign-in break off.
type breaking struct{ left, signIns int }

func (b *breaking) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Host != "auth.example" {
		return response(200, `{"data":[],"error":null}`), nil
	}
	b.signIns++
	if b.left--; b.left < 0 {
		return response(200, `{"access_token":"token","expires_in":300}`), nil
	}
	res := response(200, "")
	res.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"access_token":"tok`), iotest.ErrReader(io.ErrUnexpectedEOF)))
	return res, nil
}

func TestAdviceNamesTheSettingOfTheSignIn(t *testing.T) {
	for name, a := range map[string]answer{
		"a page":    {status: 200, body: "<html></html>"},
		"no token":  {status: 200, body: "{}"},
		"elsewhere": {status: 307, header: map[string]string{"Location": "https://evil.example/token"}},
	} {
		u := newUP42(t, nil)
		u.refuse = func(string) *answer { return &a }
		_, err := u.client(inWorkspace).CreateWebhook(t.Context(), client.Webhook{})
		require.Error(t, err, name)
		assert.Contains(t, client.Advice(err), "see whether UP42_AUTH_URL is right", name)
		assert.Len(t, u.signIns, 1, name)
	}
}

func TestWaitingForASignInEndsWithTheContext(t *testing.T) {
	begun, end := make(chan struct{}), make(chan struct{})
	u := newUP42(t, nil)
	u.refuse = func(string) *answer {
		return &answer{do: func(w http.ResponseWriter, r *http.Request) {
			close(begun)
			select {
			case <-end:
			case <-r.Context().Done():
			}
		}}
	}
	c := u.client()
	first, giveUp := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, err := c.Workspace(first)
		done <- err
	}()
	<-begun
	impatient, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := c.Workspace(impatient)
	require.ErrorIs(t, err, context.Canceled)
	giveUp()
	require.ErrorIs(t, <-done, context.Canceled)
	close(end)
}

func TestTheWorkspaceIsReadOnce(t *testing.T) {
	const userinfo = "/realms/public/protocol/openid-connect/userinfo"
	u := newUP42(t, map[string][]answer{"GET " + userinfo: {{status: 200, body: `{"name":"Ada"}`}, {status: 200, body: `{"sub":"w"}`}}})
	c := u.client()
	_, err := c.Workspace(t.Context())
	assert.ErrorContains(t, err, "no account id")
	var all sync.WaitGroup
	for range 5 {
		all.Go(func() {
			id, err := c.Workspace(t.Context())
			assert.NoError(t, err)
			assert.Equal(t, "w", id)
		})
	}
	all.Wait()
	assert.Len(t, u.of("GET", userinfo), 2)
	id, err := u.client(inWorkspace).Workspace(t.Context())
	require.NoError(t, err)
	assert.Equal(t, workspace, id)
	assert.Len(t, u.of("GET", userinfo), 2)
}

// A sign-in that is under way when other credentials are given is not theirs.
func TestTheTokenOfFormerCredentialsIsNotKept(t *testing.T) {
	u := newUP42(t, map[string][]answer{"GET " + hooks: {ok(`[]`)}})
	c := u.client(inWorkspace)
	u.refuse = func(string) *answer {
		return &answer{do: func(w http.ResponseWriter, r *http.Request) {
			if r.FormValue("username") == "ada" {
				assert.NoError(t, c.Use(client.Credentials{Username: "bob", Password: "his"}, nil))
			}
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"access_token":"of-`+r.FormValue("username")+`","expires_in":300,"token_type":"bearer"}`)
		}}
	}
	for range 3 {
		_, err := c.Webhooks(t.Context())
		require.NoError(t, err)
	}
	var tokens []string
	for _, call := range u.of("GET", hooks) {
		tokens = append(tokens, call.authorization)
	}
	assert.Equal(t, []string{"Bearer of-ada", "Bearer of-bob", "Bearer of-bob"}, tokens)
}

// Another token may be that of another account.
func TestTheWorkspaceOfAnotherTokenIsRead(t *testing.T) {
	const userinfo = "/realms/public/protocol/openid-connect/userinfo"
	u := newUP42(t, map[string][]answer{"GET " + userinfo: {{status: 200, body: `{"sub":"first"}`}, {status: 200, body: `{"sub":"second"}`}}})
	c := u.client(func(o *client.Options) { o.Credentials = client.Credentials{Token: "one"} })
	for _, want := range []string{"first", "first"} {
		id, err := c.Workspace(t.Context())
		require.NoError(t, err)
		assert.Equal(t, want, id)
	}
	require.NoError(t, c.Use(client.Credentials{Token: "two"}, nil))
	id, err := c.Workspace(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "second", id)
}
