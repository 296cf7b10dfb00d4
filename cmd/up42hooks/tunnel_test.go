package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client/simulator"
	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// cloudflared is a program that prints what cloudflared does. It has its URL before it is
// connected, and it is connected, loses its connection and dies as the files say that appear
// in its folder.
const cloudflared = `#!/bin/sh
cd "$(dirname "$0")"
awaits() { until [ -e "$1" ]; do sleep 0.05; done; rm -f "$1"; }
says() {
  if [ "$TUNNEL_LOG_OUTPUT" != json ]; then echo "2026-11-25T10:00:00Z $1" >&2; return; fi
  echo "$1" | sed -E 's/ (error|connIndex)=/","\1":/; s/ connIndex=/,"connIndex":/; s/":"/":"/; s/("connIndex":[0-9]+).*/\1/;
    s/^INF (.*)/{"level":"info","message":"\1/; s/^ERR (.*)/{"level":"error","message":"\1/; s/([^0-9"])$/\1"/;
    s/$/,"time":"2026-11-25T10:00:00Z"}/' >&2
}
echo run >>runs
name=sea-$(grep -c run runs)
says "INF |  https://$name.trycloudflare.com  |"
says 'ERR Failed to dial a quic connection error="timeout: no recent network activity" connIndex=0 event=0 ip=198.41.192.7'
awaits connect
says 'INF Registered tunnel connection connIndex=0 connection=bb527b3a event=0 ip=198.41.192.7 location=fra08 protocol=quic'
awaits lose
says 'ERR Failed to serve tunnel connection error="accept stream listener encountered a failure while serving" connIndex=0 event=0 ip=198.41.192.7'
says 'INF Retrying connection in up to 1s connIndex=0 event=0 ip=198.41.192.7'
awaits connect
says 'INF Registered tunnel connection connIndex=0 connection=aa527b3a event=0 ip=198.41.192.7 location=fra08 protocol=quic'
awaits die
exit 1
`

// fakeTunnel puts cloudflared first into the path of an environment. The returned function
// makes a file appear.
func fakeTunnel(t *testing.T, env []string) (with []string, appear func(file string)) {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "cloudflared"), []byte(cloudflared), 0o700))
	for _, v := range env {
		if path, ok := strings.CutPrefix(v, "PATH="); ok {
			v = "PATH=" + dir + string(os.PathListSeparator) + path
		}
		with = append(with, v)
	}
	return with, func(file string) { require.NoError(t, os.WriteFile(filepath.Join(dir, file), nil, 0o600)) }
}

// No webhook is pointed at a tunnel before the tunnel carries, and it follows the tunnel.
func TestTheWebhookWaitsForTheTunnel(t *testing.T) {
	for _, output := range []string{"default", "json"} {
		t.Run(output, func(t *testing.T) {
			t.Parallel()
			env, appear := fakeTunnel(t, clitest.WithUP42(t, simulator.New(simulator.Options{Seed: 1, Quiet: true})))
			webhookWaitsForTunnel(t, append(env, "TUNNEL_LOG_OUTPUT="+output), appear)
		})
	}
}

func webhookWaitsForTunnel(t *testing.T, env []string, appear func(string)) {
	webhooks := func() string {
		out, stderr, code := clitest.Run(t, env, "webhooks", "list", "--json")
		require.Zero(t, code, stderr)
		return out
	}
	points := func(at string) {
		t.Helper()
		require.Eventually(t, func() bool {
			return strings.Contains(webhooks(), at+`.trycloudflare.com/receive-webhooks","events":["job.status","order.status"],"active":true`)
		}, clitest.Patience, 20*time.Millisecond)
	}
	p := clitest.Receive(t, env, nil, "--tunnel", "cloudflared", "--tunnel-webhook")
	says := func(pattern string) {
		t.Helper()
		_, ok := p.Stderr.Await(pattern)
		require.True(t, ok, "it said: %s", p.Stderr)
	}
	says(`the tunnel program reports a problem" program=cloudflared line="Failed to dial a quic connection`)
	assert.Empty(t, webhooks())
	appear("connect")
	says("the tunnel is open.*sea-1")
	points("sea-1")
	appear("lose")
	says("the tunnel is not connected; the program connects again")
	points("sea-1")
	appear("connect")
	says("(?s)not connected.*the tunnel is open.*sea-1")
	appear("die")
	says("there is no tunnel; the program is restarted.*cloudflared ended: exit status 1")
	appear("connect")
	points("sea-2")
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
	assert.Empty(t, webhooks())
}

// The screen says whether the tunnel carries, and what its program complains of.
func TestTheScreenShowsWhatATunnelSays(t *testing.T) {
	t.Parallel()
	env, appear := fakeTunnel(t, clitest.WithSecret(clitest.Home(t)))
	m := clitest.OnTerminal(t, env, 150, 30, "--listen", "127.0.0.1:0", "--tunnel", "cloudflared")
	for _, step := range []struct{ appears, shows string }{
		{"", "no tunnel"},
		{"", "UP42 can't reach this receiver.*Failed to dial a quic connection"},
		{"connect", "https://sea-1.trycloudflare.com"},
		{"lose", "Failed to serve tunnel connection"},
	} {
		if step.appears != "" {
			appear(step.appears)
		}
		_, ok := m.Await(step.shows)
		require.True(t, ok, "%s on the screen: %q", step.shows, m)
	}
	m.Key(t, "\x03")
	m.Ends(t)
}
