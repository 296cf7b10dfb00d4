package login

import (
	"bytes"
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	system "github.com/zalando/go-keyring"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/client/simulator"
	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config/keyring"
	"github.com/up42/up42-webhooks/cmd/up42hooks/webhooks"
	"github.com/up42/up42-webhooks/receiver/receivertest/testmain"
)

func TestMain(m *testing.M) { testmain.Run(m) }

// user is a user with a simulated UP42 and a keyring in memory.
type user struct {
	*clitest.Sandbox
	t *testing.T
}

func newUser(t *testing.T) *user {
	t.Helper()
	system.MockInit()
	up42 := simulator.New(simulator.Options{Seed: 1, Quiet: true})
	server := httptest.NewServer(up42)
	t.Cleanup(server.Close)
	s := clitest.NewSandbox(t, NewCommand, NewLogoutCommand, NewKeepCommand, NewForgetCommand, config.NewCommand, webhooks.NewCommand)
	s.Env["UP42_API_URL"], s.Env["UP42_AUTH_URL"] = server.URL, server.URL+"/"
	return &user{s, t}
}

// run runs a command that must end with a code, with this input.
func (u *user) run(code int, stdin string, args ...string) (out, errs string) {
	u.t.Helper()
	u.Stdin = stdin
	got, out, errs := u.Run(u.t.Context(), args...)
	require.Equal(u.t, code, got, "%s%s", out, errs)
	assert.NotContains(u.t, strings.ReplaceAll(out+errs, simulator.Username, ""), simulator.Password)
	return out, errs
}

func (u *user) logIn() {
	u.t.Helper()
	u.run(0, simulator.Password+"\n", "login", "--username", simulator.Username, "--password-stdin")
}

func (u *user) file() string { return filepath.Join(u.Home, ".local/state/up42hooks/logins.json") }

func TestLoginAndLogout(t *testing.T) {
	u := newUser(t)
	_, errs := u.run(1, "", "webhooks", "list")
	assert.Contains(t, errs, "or run up42hooks login")
	u.logIn()
	content, err := os.ReadFile(u.file())
	require.NoError(t, err)
	assert.Contains(t, string(content), simulator.Username)
	assert.NotContains(t, strings.ReplaceAll(string(content), simulator.Username, ""), simulator.Password)
	info, err := os.Stat(u.file())
	require.NoError(t, err)
	if runtime.GOOS != "windows" { // where Go makes up the permissions
		assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	}

	u.run(0, "", "webhooks", "list")
	out, _ := u.run(0, "", "config")
	assert.Regexp(t, `(?m)^username +`+simulator.Username+` +keyring$`, out)
	assert.Regexp(t, `(?m)^password +set, not shown +keyring$`, out)
	out, _ = u.run(0, "", "config", "--auth-url", "https://auth.example.com")
	assert.NotContains(t, out, "keyring", "the login is for one sign-in")
	u.run(1, "", "webhooks", "list", "--auth-url", "http://127.0.0.1:1")

	u.logIn() // again is no error
	out, errs = u.run(0, simulator.Password, "login", "--json", "--username", simulator.Username, "--password-stdin")
	assert.Equal(t, `{"authUrl":"`+u.Env["UP42_AUTH_URL"]+`","username":"`+simulator.Username+`","kept":true}`+"\n", out)
	assert.Empty(t, errs)
	out, _ = u.run(0, "", "logout", "--json")
	assert.Equal(t, `{"authUrl":"`+u.Env["UP42_AUTH_URL"]+`","username":"`+simulator.Username+`","removed":true}`+"\n", out)
	out, _ = u.run(0, "", "logout", "--json")
	assert.Contains(t, out, `"username":"","removed":false}`)
	u.logIn()
	_, errs = u.run(0, "", "logout")
	assert.Contains(t, errs, simulator.Username+" is logged out")
	assert.NoFileExists(t, u.file())
	u.run(1, "", "webhooks", "list")
	_, errs = u.run(0, "", "logout")
	assert.Contains(t, errs, "nobody is logged in")
	out, _ = u.run(0, "", "config")
	assert.Regexp(t, `(?m)^username +none +default$`, out)
}

func TestKeepAndForgetAsJSON(t *testing.T) {
	u := newUser(t)
	const first, second = "a-secret-of-a-webhook", "another-of-a-webhook"
	for _, form := range [][]string{{"--json"}, {"-o", "json"}} {
		out, errs := u.run(0, first+"\n"+second+"\n", append([]string{"keep", "secret"}, form...)...)
		assert.Equal(t, `{"setting":"secret","kept":true}`+"\n", out)
		assert.Empty(t, errs)
	}
	out, _ := u.run(0, "", "config", "--json")
	assert.Contains(t, out, `"name":"secret"`)
	assert.Contains(t, out, `"origin":"keyring"`)
	assert.NotContains(t, out, first)
	out, errs := u.run(0, "ada:"+second, "keep", "basic-auth", "-o", "csv")
	assert.Equal(t, "setting,kept\r\nbasic-auth,true\r\n", strings.ReplaceAll(strings.ReplaceAll(out, "\r", ""), "\n", "\r\n"))
	assert.Empty(t, errs)
	out, errs = u.run(0, "'"+first+"'", "keep", "secret", "--json")
	assert.Equal(t, `{"setting":"secret","kept":true}`+"\n", out)
	assert.Contains(t, errs, "quotation marks", "warnings are texts on stderr")
	_, errs = u.run(0, first+"\n\n"+second+" \n", "keep", "secret")
	assert.Contains(t, errs, "value 2 begins or ends with white space")
	assert.NotContains(t, errs, "line end")
	_, errs = u.run(0, "short\r\n", "keep", "secret")
	assert.Contains(t, errs, "the value has 5 characters")
	_, errs = u.run(0, "ada:'"+second+"'", "keep", "basic-auth")
	assert.Contains(t, errs, "quotation marks")
	out, _ = u.run(2, "no colon", "keep", "basic-auth", "--json")
	assert.Empty(t, out)
	for _, want := range []string{"true", "false"} {
		out, errs = u.run(0, "", "forget", "secret", "--json")
		assert.Equal(t, `{"setting":"secret","removed":`+want+"}\n", out)
		assert.Empty(t, errs)
	}
	out, _ = u.run(0, "", "forget", "basic-auth", "--csv")
	assert.Contains(t, out, "basic-auth,true")
}

// What UP42 refuses is not kept.
func TestAWrongPasswordIsNotKept(t *testing.T) {
	u := newUser(t)
	_, errs := u.run(1, "wrong", "login", "--username", simulator.Username, "--password-stdin")
	assert.Contains(t, errs, "nothing is kept")
	assert.NoFileExists(t, u.file())
	_, errs = u.run(1, `"`+simulator.Password+`" `, "login", "--username", simulator.Username+" ", "--password-stdin")
	assert.Contains(t, errs, "the password begins or ends with white space")
	assert.Contains(t, errs, "the password is within quotation marks")
	assert.Contains(t, errs, "the user name begins or ends with white space")
}

// Other credentials are used before the keyring, which is not asked then.
func TestTheKeyringIsTheLastOrigin(t *testing.T) {
	u := newUser(t)
	u.logIn()
	system.MockInitWithError(errors.New("it was asked"))
	_, errs := u.run(2, "", "webhooks", "list")
	assert.Contains(t, errs, "it was asked")
	assert.Contains(t, errs, "--credentials")
	out, _ := u.run(0, "", "config")
	assert.Regexp(t, `(?m)^username +\S+ +keyring$`, out, "config does not ask it")

	credentials := filepath.Join(u.Home, "sdk.json")
	require.NoError(t, os.WriteFile(credentials, []byte(`{"username":"`+simulator.Username+`","password":"`+simulator.Password+`"}`), 0o600))
	u.run(0, "", "webhooks", "list", "--credentials", credentials)
	u.Env["UP42_USERNAME"], u.Env["UP42_PASSWORD"] = simulator.Username, simulator.Password
	u.run(0, "", "webhooks", "list")
	out, _ = u.run(0, "", "config")
	assert.NotContains(t, out, "keyring")
	system.MockInit()
	_, errs = u.run(0, simulator.Password, "login", "--username", simulator.Username, "--password-stdin")
	assert.Contains(t, errs, "other credentials are set, and are used before the keyring")
}

func TestWithoutAKeyringNothingIsKept(t *testing.T) {
	u := newUser(t)
	system.MockInitWithError(errors.New("no bus"))
	_, errs := u.run(1, simulator.Password, "login", "--username", simulator.Username, "--password-stdin")
	assert.Contains(t, errs, "no bus")
	assert.Contains(t, errs, "a file with mode 0600, and give it with --credentials")
	assert.NoFileExists(t, u.file())
}

func TestThePasswordIsGoneFromTheKeyring(t *testing.T) {
	u := newUser(t)
	u.logIn()
	system.MockInit() // an empty one
	_, errs := u.run(2, "", "webhooks", "list")
	assert.Contains(t, errs, "log in again with up42hooks login")
	u.run(0, "", "logout")
	assert.NoFileExists(t, u.file())
	require.NoError(t, os.WriteFile(u.file(), []byte("{"), 0o600))
	_, errs = u.run(1, "", "webhooks", "list")
	assert.Contains(t, errs, "remove the file, and log in again")
}

func TestLoginUsage(t *testing.T) {
	u := newUser(t)
	for want, args := range map[string][]string{
		"needs --username":   {"--password-stdin"},
		"is no terminal":     {"--username", "ada"},
		"is empty":           {"--username", "ada", "--password-stdin"},
		"HOME or XDG_STATE_": {"--username", "ada", "--password-stdin"},
	} {
		if want == "HOME or XDG_STATE_" {
			delete(u.Env, "HOME")
		} else {
			u.Env["HOME"] = u.Home
		}
		_, errs := u.run(2, "", append([]string{"login"}, args...)...)
		assert.Contains(t, errs, want)
	}
}

// A program that runs uses a new login at once, after UP42 refused the old one.
func TestANewLoginIsUsedAtOnce(t *testing.T) {
	system.MockInit()
	server := httptest.NewServer(simulator.New(simulator.Options{Seed: 1, Quiet: true}))
	t.Cleanup(server.Close)
	env, _ := clitest.Configured(t, new(bytes.Buffer), "UP42_API_URL", server.URL, "UP42_AUTH_URL", server.URL)
	login := keyring.Login{AuthURL: server.URL, Username: simulator.Username}
	require.NoError(t, keyring.Save(config.LoginFile(env.Getenv), login, "wrong"))
	c, _, err := config.Load(new(pflag.FlagSet), env)
	require.NoError(t, err)
	account, err := config.Account(env, c)
	require.NoError(t, err)
	t.Cleanup(account.Close)
	for range 2 {
		_, err = account.Webhooks(t.Context())
		assert.True(t, client.PasswordRefused(err), "%v", err)
	}
	require.NoError(t, keyring.Save(config.LoginFile(env.Getenv), login, simulator.Password))
	_, err = account.Webhooks(t.Context())
	assert.NoError(t, err)
}
