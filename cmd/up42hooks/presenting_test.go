package main

import (
	"net/http"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// presents switches to the presenter's mode and back, and looks for a pattern in the header of both.
func presents(t *testing.T, m *clitest.Terminal, pattern string) {
	t.Helper()
	m.Matches(t, `^ up42hooks [^\n]*`+pattern)
	m.Key(t, "P")
	m.Matches(t, `(?s)^[^\n]*[▀▄█].* duplicates\s*\n up42hooks [^\n]*`+pattern)
	m.Key(t, "P")
	m.Matches(t, `^ up42hooks [^\n]*`+pattern)
}

// That nothing can be stored is said in both modes.
func TestPresentingWhileNothingCanBeStored(t *testing.T) {
	t.Parallel()
	env := clitest.WithSecret(clitest.Home(t))
	m := clitest.OnTerminal(t, env, 132, 36, "watch", "--listen", "127.0.0.1:0")
	address, ok := m.Await(`(127\.0\.0\.1:\d+)\D`)
	require.True(t, ok, "on the screen: %q", m)
	file := clitest.StoreOf(env)
	require.NoError(t, os.Rename(file, file+".gone"))
	another, err := os.ReadFile(file + ".gone")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, another, 0o600))
	status, _, err := clitest.Deliver(clitest.HTTPClient(t), "http://"+address+"/receive-webhooks", clitest.Secret, clitest.Delivery("m1", "order-one", "PLACED"))
	require.NoError(t, err)
	require.Equal(t, http.StatusServiceUnavailable, status)
	presents(t, m, "can't store")
	m.Key(t, "\x03")
	<-m.Done
}

// That nothing comes in is said in both modes, and where a receiver that has moved is.
func TestPresentingAViewer(t *testing.T) {
	t.Parallel()
	env := clitest.WithSecret(clitest.Home(t))
	p := clitest.Receive(t, env, nil)
	m := clitest.OnTerminal(t, env, 132, 36, "watch", "--only-watch")
	presents(t, m, "viewer of "+hostOf(p))
	end(t, p)
	presents(t, m, "stopped")
	p = clitest.Receive(t, env, nil)
	presents(t, m, "viewer of "+hostOf(p))
	m.Key(t, "\x03")
	m.Ends(t)
}
