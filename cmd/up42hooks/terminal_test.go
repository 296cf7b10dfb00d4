package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/sqlite"
	"github.com/up42/up42-webhooks/tui/remembered"
)

func TestCommandsAskTheTerminalNothing(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"version"}, {"config"}, {"events"}, {"orders"}, {"--help"}} {
		t.Run(args[0], func(t *testing.T) {
			t.Parallel()
			m := clitest.OnTerminal(t, clitest.Home(t), 80, 24, args...)
			<-m.Done
			assert.Zero(t, m.Code())
			assert.NotEmpty(t, m.String())
			m.AskedNothing(t)
		})
	}
}

// The dashboard needs no answers from the terminal either. A second dashboard shows
// what the first one receives, until that ends.
func TestDashboardAndViewer(t *testing.T) {
	t.Parallel()
	env := clitest.Home(t)
	first := clitest.OnTerminal(t, env, 100, 30, "--listen", "127.0.0.1:0")
	_, ok := first.Await("No event has come yet")
	require.True(t, ok, "on the screen: %q", first)
	address, ok := first.Await(`(127\.0\.0\.1:\d+)\D`)
	require.True(t, ok)

	second := clitest.OnTerminal(t, env, 100, 30)
	_, ok = second.Await("viewer")
	require.True(t, ok, "on the screen: %q", second)
	secret, err := config.ReadGenerated(config.GeneratedSecretFile(cli.Env{Getenv: clitest.Getenv(env)}))
	require.NoError(t, err)
	status, _, err := clitest.Deliver(clitest.HTTPClient(t), "http://"+address+"/receive-webhooks", secret, clitest.Delivery("m1", "order-one", "PLACED"))
	require.NoError(t, err)
	require.Equal(t, 200, status)
	for _, m := range []*clitest.Terminal{first, second} {
		m.Key(t, "2")
		_, ok = m.Await("order-one")
		require.True(t, ok, "on the screen: %q", m)
	}

	first.Key(t, "qq")
	first.Ends(t)
	_, ok = second.Await(`process \d+ is gone`)
	assert.True(t, ok, "on the screen: %q", second)
	third := clitest.Receive(t, env, nil)
	elsewhere := strings.TrimSuffix(strings.TrimPrefix(third.URL, "http://"), "/receive-webhooks")
	_, ok = second.Await("viewer of " + regexp.QuoteMeta(elsewhere))
	assert.True(t, ok, "on the screen: %q", second)
	second.Key(t, "\x03")
	second.Ends(t)
	for _, m := range []*clitest.Terminal{first, second} {
		m.AskedNothing(t)
		assert.Contains(t, m.String(), "\x1b[?1049l", "the earlier screen is back")
		assert.Contains(t, m.String(), "\x1b[?25h", "the cursor is back")
		assert.NotContains(t, m.String(), secret)
	}
}

func TestCtrlLRedrawsTheScreen(t *testing.T) {
	t.Parallel()
	m := clitest.OnTerminal(t, clitest.Home(t), 80, 24, "--listen", "127.0.0.1:0")
	_, ok := m.Await("No event has come yet")
	require.True(t, ok, "on the screen: %q", m)
	m.Key(t, "\x0c")
	_, ok = m.Await(`(?s)No event has come yet.*\x1b\[2J.*No event has come yet`)
	assert.True(t, ok, "on the screen: %q", m)
	m.Key(t, "\x03")
	m.Ends(t)
	assert.NotContains(t, m.String(), "does nothing here")
}

// Each signal ends the dashboard with the terminal restored.
func TestDashboardEndsBySignal(t *testing.T) {
	t.Parallel()
	for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		t.Run(s.String(), func(t *testing.T) {
			t.Parallel()
			m := clitest.OnTerminal(t, clitest.Home(t), 80, 24, "watch", "--listen", "127.0.0.1:0")
			_, ok := m.Await("No event has come yet")
			require.True(t, ok, "on the screen: %q", m)
			m.Signal(s)
			m.Ends(t)
			assert.Contains(t, m.String(), "\x1b[?1049l")
		})
	}
}

// On a terminal that can't move its cursor, up42hooks prints events.
func TestDumbTerminalListens(t *testing.T) {
	t.Parallel()
	m := clitest.OnTerminal(t, append(clitest.Home(t), "TERM=dumb"), 80, 24, "--listen", "127.0.0.1:0")
	_, ok := m.Await("receiving deliveries")
	require.True(t, ok, "on the screen: %q", m)
	m.Signal(syscall.SIGTERM)
	m.Ends(t)
	assert.Contains(t, m.String(), "no dashboard on this terminal (TERM is dumb)")
	assert.NotContains(t, m.String(), "\x1b")
}

// The screen reaches the oldest of more events than it ever keeps.
func TestTheOldestEventsAreOnTheScreen(t *testing.T) {
	t.Parallel()
	env := clitest.Home(t)
	require.NoError(t, os.MkdirAll(filepath.Dir(clitest.StoreOf(env)), 0o700))
	l, err := sqlite.Open(t.Context(), clitest.StoreOf(env), sqlite.Options{})
	require.NoError(t, err)
	events := []*receiver.Event{receivertest.Order("the-first-order", "CREATED"), receivertest.Order("the-first-order", "PLACED")}
	for i := range 3000 {
		events = append(events, receivertest.Order("order-"+strconv.Itoa(i), "CREATED"))
	}
	_, err = l.AppendAll(t.Context(), events)
	require.NoError(t, err)
	require.NoError(t, l.Close())

	m := clitest.OnTerminal(t, env, 120, 30, "--listen", "127.0.0.1:0")
	m.Matches(t, `0 Overview`)
	m.Key(t, "2")
	m.Matches(t, `1/3,001`)
	m.Key(t, "G")
	m.Matches(t, `(?s)the-first-order.*3,001/3,001`)
	m.Key(t, "e")
	m.Matches(t, `(?s)the-first-order.*PLACED.*the-first-order.*CREATED.*2 of 3,002`)
	m.Key(t, "\x1b")
	m.Matches(t, `(?s)the-first-order.*3,001/3,001`)
	m.Key(t, "3")
	m.Matches(t, `/3,002`)
	m.Key(t, "g")
	m.Matches(t, ` 1/3,002`)
	m.Key(t, "G")
	m.Matches(t, `(?s)the-first-order.*PLACED.*the-first-order.*CREATED.*3,002/3,002`)
	m.Key(t, "/nothing has this\r")
	m.Matches(t, `Nothing matches the filter`)
	m.Key(t, "\x1b")
	m.Matches(t, `/3,002`)
	m.Key(t, "\x03")
	m.Ends(t)
	left, err := remembered.Read(clitest.StoreOf(env) + ".screen")
	require.NoError(t, err)
	assert.Equal(t, "events", left.Page)
}
