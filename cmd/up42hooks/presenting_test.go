package main

import (
	"net/http"
	"os"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
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

// A viewer that presents shows nothing real when its receiver ends: whether it receives then, or another
// viewer does.
func TestPresentingWhileAnotherReceives(t *testing.T) {
	t.Parallel()
	env := clitest.WithSecret(clitest.Home(t))
	p := clitest.Receive(t, env, nil)
	deliver(t, p, clitest.Secret, clitest.Delivery("m1", "order-nightfall", "PLACED"), http.StatusOK)
	var viewers [2]*clitest.Terminal
	var before [2]int
	var ids [2]string
	id := regexp.MustCompile(`id-\w{10}`)
	for i := range viewers {
		m := clitest.OnTerminal(t, env, 132, 36, "watch", "--listen", "127.0.0.1:0")
		m.Sees(t, "viewer of "+hostOf(p))
		m.Key(t, "P2")
		ids[i] = id.FindString(m.Matches(t, id.String()))
		viewers[i], before[i] = m, len(m.String())
	}
	end(t, p)
	receives := regexp.MustCompile(`● 127\.0\.0\.1:\d+`)
	require.Eventually(t, func() bool {
		return receives.MatchString(viewers[0].String()[before[0]:]) || receives.MatchString(viewers[1].String()[before[1]:])
	}, clitest.Patience, 10*time.Millisecond)
	for i, m := range viewers {
		shown := m.Matches(t, `(?s)^[^\n]*▀.* duplicates\s*\n up42hooks  (●|○ viewer of) 127\.0\.0\.1:\d+.*id-\w{10}`)
		assert.NotContains(t, shown, "viewer of "+hostOf(p))
		assert.Equal(t, ids[i], id.FindString(shown))
		assert.NotContains(t, m.String()[before[i]:], "nightfall")
		m.Key(t, "P")
		m.Sees(t, "order-nightfall")
	}
	for _, m := range viewers {
		m.Key(t, "\x03")
		m.Ends(t)
	}
}
