package main

import (
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCommandsAskTheTerminalNothing(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"version"}, {"config"}, {"events"}, {"orders"}, {"--help"}} {
		t.Run(args[0], func(t *testing.T) {
			t.Parallel()
			m := onTerminal(t, home(t), 80, 24, args...)
			<-m.done
			assert.Zero(t, m.code())
			assert.NotEmpty(t, m.String())
			m.askedNothing(t)
		})
	}
}

// The first screen of the dashboard needs no answer either; a second dashboard
// watches what the first receives, until that is gone.
func TestDashboardOnAMuteTerminal(t *testing.T) {
	t.Parallel()
	env := home(t)
	first := onTerminal(t, env, 100, 30, "--listen", "127.0.0.1:0")
	_, ok := first.await("No event has come yet")
	require.True(t, ok, "on the screen: %q", first)
	address, ok := first.await(`(127\.0\.0\.1:\d+)`)
	require.True(t, ok)

	second := onTerminal(t, env, 100, 30)
	_, ok = second.await("viewer")
	require.True(t, ok, "on the screen: %q", second)
	secret, err := readGenerated(generatedSecretFile(world{getenv: getenv(env)}))
	require.NoError(t, err)
	status, _, err := deliver(httpClient(t), "http://"+address+"/receive-webhooks", secret, delivery("m1", "order-one", "PLACED"))
	require.NoError(t, err)
	require.Equal(t, 200, status)
	for _, m := range []*mute{first, second} {
		m.key(t, "2")
		_, ok = m.await("order-one")
		require.True(t, ok, "on the screen: %q", m)
	}

	first.key(t, "q")
	first.ends(t)
	_, ok = second.await(`process \d+ is gone`)
	assert.True(t, ok, "on the screen: %q", second)
	third := receive(t, env, nil)
	elsewhere := strings.TrimSuffix(strings.TrimPrefix(third.url, "http://"), "/receive-webhooks")
	_, ok = second.await("viewer of " + regexp.QuoteMeta(elsewhere))
	assert.True(t, ok, "on the screen: %q", second)
	second.key(t, "\x03")
	second.ends(t)
	for _, m := range []*mute{first, second} {
		m.askedNothing(t)
		assert.Contains(t, m.String(), "\x1b[?1049l", "the screen that was there before is back")
		assert.Contains(t, m.String(), "\x1b[?25h", "the cursor is back")
		assert.NotContains(t, m.String(), secret)
	}
}

func TestTheScreenIsDrawnAnewOnCtrlL(t *testing.T) {
	t.Parallel()
	m := onTerminal(t, home(t), 80, 24, "--listen", "127.0.0.1:0")
	_, ok := m.await("No event has come yet")
	require.True(t, ok, "on the screen: %q", m)
	m.key(t, "\x0c")
	_, ok = m.await(`(?s)No event has come yet.*\x1b\[2J.*No event has come yet`)
	assert.True(t, ok, "on the screen: %q", m)
	m.key(t, "q")
	m.ends(t)
	assert.NotContains(t, m.String(), "does nothing here")
}

// Whatever ends the dashboard, it ends in order.
func TestDashboardEndsBySignal(t *testing.T) {
	t.Parallel()
	for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		t.Run(s.String(), func(t *testing.T) {
			t.Parallel()
			m := onTerminal(t, home(t), 80, 24, "watch", "--listen", "127.0.0.1:0")
			_, ok := m.await("No event has come yet")
			require.True(t, ok, "on the screen: %q", m)
			m.signal(s)
			m.ends(t)
			assert.Contains(t, m.String(), "\x1b[?1049l")
		})
	}
}

// A terminal that can't place its cursor gets lines, not a screen.
func TestDumbTerminalListens(t *testing.T) {
	t.Parallel()
	m := onTerminal(t, append(home(t), "TERM=dumb"), 80, 24, "--listen", "127.0.0.1:0")
	_, ok := m.await("receiving deliveries")
	require.True(t, ok, "on the screen: %q", m)
	m.signal(syscall.SIGTERM)
	m.ends(t)
	assert.Contains(t, m.String(), "no dashboard on this terminal (TERM is dumb)")
	assert.NotContains(t, m.String(), "\x1b")
}
