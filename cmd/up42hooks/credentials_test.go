package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client/simulator"
	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// A password that UP42 refuses is not tried again and again. A changed one is used at once:
// from the credentials file by itself, from other files at SIGHUP.
func TestARefusedPasswordWaitsForAnother(t *testing.T) {
	t.Parallel()
	for how, tc := range map[string]struct{ variable, text string }{
		"credentials file": {"UP42_CREDENTIALS", `{"username":"` + simulator.Username + `","password":"%s"}`},
		"password file":    {"UP42_PASSWORD_FILE", "%s"},
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			simulated := simulator.New(simulator.Options{Seed: 1, Quiet: true})
			var signIns atomic.Int64
			env := clitest.WithUP42(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, "/token") {
					signIns.Add(1)
				}
				simulated.ServeHTTP(w, r)
			}))
			file := filepath.Join(t.TempDir(), "file")
			write := func(password string) {
				require.NoError(t, os.WriteFile(file, fmt.Appendf(nil, tc.text, password), 0o600))
			}
			write("wrong")
			env = env[:len(env)-1] // UP42_PASSWORD
			if tc.variable == "UP42_CREDENTIALS" {
				env = env[:len(env)-1] // UP42_USERNAME
			}
			p := clitest.Receive(t, append(clitest.WithSecret(env), tc.variable+"="+file), nil)
			_, ok := p.Stderr.Await(`can't read the workspace's webhooks.*the password is tried again at \d\d:\d\d, or once it changes`)
			require.True(t, ok, p.Stderr)
			p.Signal(syscall.SIGHUP)
			_, ok = p.Stderr.Await("reloaded")
			require.True(t, ok, p.Stderr)
			assert.EqualValues(t, 1, signIns.Load(), "it is the same password")

			write(simulator.Password)
			if tc.variable != "UP42_CREDENTIALS" {
				p.Signal(syscall.SIGHUP)
			}
			_, ok = p.Stderr.Await("accepting the secrets of the workspace's webhooks")
			assert.True(t, ok, p.Stderr)
			assert.EqualValues(t, 2, signIns.Load())
		})
	}
}

// A receiver that is restarted again and again does not ask each time with a password that
// was refused. A changed one is used at once.
func TestARefusedPasswordIsRememberedAcrossStarts(t *testing.T) {
	t.Parallel()
	simulated := simulator.New(simulator.Options{Seed: 1, Quiet: true})
	var signIns atomic.Int64
	env := clitest.WithSecret(clitest.WithUP42(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/token") {
			signIns.Add(1)
		}
		simulated.ServeHTTP(w, r)
	})))
	start := func(password, says string) {
		p := clitest.Receive(t, append(env, "UP42_PASSWORD="+password), nil)
		_, ok := p.Stderr.Await(says)
		require.True(t, ok, p.Stderr)
		p.Signal(syscall.SIGTERM)
		p.Finish(t)
	}
	const refused = `can't read the workspace's webhooks.*the username or the password.*the password is tried again at \d\d:\d\d, or once it changes`
	for range 3 {
		start("wrong", refused)
	}
	assert.EqualValues(t, 1, signIns.Load())
	start("wrong, too", refused)
	assert.EqualValues(t, 2, signIns.Load(), "it is another password")
	file := filepath.Join(filepath.Dir(clitest.StoreOf(env)), "sign-in.json")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.NotContains(t, string(text), "wrong")
	start(simulator.Password, "accepting the secrets of the workspace's webhooks")
	assert.NoFileExists(t, file)
}

// Credentials that can't be read keep nobody from reading the secrets again.
func TestAReloadWithBrokenCredentials(t *testing.T) {
	t.Parallel()
	env := clitest.WithUP42(t, simulator.New(simulator.Options{Seed: 1, Quiet: true}))
	env = env[:len(env)-2] // username and password
	dir := t.TempDir()
	file, secrets := filepath.Join(dir, "credentials.json"), filepath.Join(dir, "secrets")
	require.NoError(t, os.WriteFile(file, []byte(`{"username":"`+simulator.Username+`","password":"`+simulator.Password+`"}`), 0o600))
	require.NoError(t, os.WriteFile(secrets, []byte("old\n"), 0o600))
	p := clitest.Receive(t, env, nil, "--credentials", file, "--secret-file", secrets)
	require.NoError(t, os.WriteFile(file, []byte("{"), 0o600))
	require.NoError(t, os.WriteFile(secrets, []byte("new\n"), 0o600))
	p.Signal(syscall.SIGHUP)
	_, ok := p.Stderr.Await("the credentials for UP42 stay as they were")
	require.True(t, ok, p.Stderr)
	_, ok = p.Stderr.Await("reloaded")
	require.True(t, ok, p.Stderr)
	status, _, err := clitest.Deliver(clitest.HTTPClient(t), p.URL, "new", clitest.Delivery("m1", "o1", "PLACED"))
	require.NoError(t, err)
	assert.Equal(t, 200, status)
}
