package main

import (
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client/simulator"
	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// loggedOut is the environment of a user with an account at a simulated UP42, and without
// credentials.
func loggedOut(t *testing.T) []string {
	t.Helper()
	up42 := simulator.New(simulator.Options{Seed: 1, Quiet: true})
	server := httptest.NewServer(up42)
	t.Cleanup(server.Close)
	return append(clitest.Home(t), "UP42_API_URL="+server.URL, "UP42_AUTH_URL="+server.URL)
}

// On a terminal the user name and the password are asked for, and the password is hidden.
// Without a keyring the error says what to do.
func TestLoginOnATerminal(t *testing.T) {
	t.Parallel()
	env := append(loggedOut(t), "DBUS_SESSION_BUS_ADDRESS=unix:path=/nowhere")
	m := clitest.OnTerminal(t, env, 200, 24, "login")
	_, ok := m.Await("user name at UP42: ")
	require.True(t, ok)
	m.Key(t, simulator.Username+"\r")
	_, ok = m.Await("password at UP42: ")
	require.True(t, ok)
	m.Key(t, simulator.Password+"\r")
	<-m.Done
	assert.Equal(t, 1, m.Code())
	assert.NotContains(t, strings.ReplaceAll(m.String(), simulator.Username, ""), simulator.Password)
	assert.Contains(t, m.String(), "the system's keyring can't be used")
	assert.Contains(t, m.String(), "--credentials")
	_, stderr, code := clitest.Run(t, env, "webhooks", "list")
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, "there are no credentials for UP42", "nothing is kept")
}

// With a real Secret Service the values of secret settings are kept, used and removed.
func TestSecretsInASecretService(t *testing.T) {
	t.Parallel()
	const script = `set -e
printf keyring | gnome-keyring-daemon --unlock --components=secrets >/dev/null
printf 'the-first-secret\nthe-second-secret\n' | up42hooks config keep secret
printf 'no password' | up42hooks config keep basic-auth || echo code $?
printf 'ada:hidden-password' | up42hooks config keep basic-auth
up42hooks config | grep keyring
up42hooks verify --now 2026-11-23T10:00:00Z --json </dev/null >/dev/null 2>&1 || true
printf x | UP42_SECRET=other up42hooks config keep secret 2>&1 | grep -c 'also set by'
up42hooks config keep scret || echo code $?
DBUS_SESSION_BUS_ADDRESS=unix:path=/nowhere up42hooks orders || echo orders $?
DBUS_SESSION_BUS_ADDRESS=unix:path=/nowhere up42hooks send || echo send $?
up42hooks config forget basic-auth
up42hooks config forget basic-auth
printf 'ada:hidden-password' | up42hooks config keep basic-auth --json
up42hooks config forget basic-auth --json
up42hooks config forget basic-auth -o csv
up42hooks config | grep keyring
`
	env := clitest.Home(t)
	out := inSecretService(t, env, script)
	for _, want := range []string{
		"secret is in the system's keyring; up42hooks config forget secret removes it", "basic-auth: want USER:PASS", "want secret or basic-auth: did you mean \"secret\"?",
		"nothing was received yet", "secret (from the keyring): the system's keyring can't be used", "ends in _FILE", "send 2", "basic-auth is not in the keyring",
		`{"setting":"basic-auth","kept":true}`, `{"setting":"basic-auth","removed":true}`, "basic-auth,false",
	} {
		assert.Contains(t, out, want)
	}
	assert.Regexp(t, `(?m)^secret +2 set, not shown +keyring$`, out)
	assert.Regexp(t, `(?m)^basic-auth +set, not shown +keyring$`, out)
	assert.NotContains(t, out, "orders 1")
	assert.NotContains(t, out, "hidden-password")
}

// inSecretService runs a script in a session with a keyring of its own.
func inSecretService(t *testing.T, env []string, script string) string {
	t.Helper()
	for _, program := range []string{"dbus-run-session", "gnome-keyring-daemon"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed: the keyring is not tried", program)
		}
	}
	cmd := exec.CommandContext(t.Context(), "dbus-run-session", "--", "sh", "-c", script)
	cmd.Env = append(env, "XDG_RUNTIME_DIR="+strings.TrimPrefix(env[0], "HOME="))
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	return string(out)
}

// With a real Secret Service the password is kept, used and removed.
func TestLoginWithASecretService(t *testing.T) {
	t.Parallel()
	const script = `set -e
printf keyring | gnome-keyring-daemon --unlock --components=secrets >/dev/null
printf %s "$THE_PASSWORD" | up42hooks login --username "$THE_USER" --password-stdin
up42hooks config | grep keyring
up42hooks webhooks list --json
up42hooks doctor --listen 127.0.0.1:0 --test=false | grep 'signed in'
up42hooks logout
up42hooks webhooks list || echo code $?
`
	out := inSecretService(t, append(loggedOut(t), "THE_USER="+simulator.Username, "THE_PASSWORD="+simulator.Password), script)
	for _, want := range []string{
		"signed in as " + simulator.Username, simulator.Username + " is logged out",
		"signed in, workspace", "there are no credentials for UP42", "code 1",
	} {
		assert.Contains(t, out, want)
	}
	assert.Regexp(t, `(?m)^password +set, not shown +keyring$`, out)
	assert.NotContains(t, strings.ReplaceAll(out, simulator.Username, ""), simulator.Password)
}
