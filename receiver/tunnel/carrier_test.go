//go:build unix

package tunnel_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/tunnel"
)

// plays starts a tunnel whose program prints these pieces, see scriptVariable.
func plays(t *testing.T, p tunnel.Program, openTimeout, lostTimeout time.Duration, pieces ...string) *rig {
	t.Helper()
	script := filepath.Join(t.TempDir(), "script")
	require.NoError(t, os.WriteFile(script, []byte(strings.Join(pieces, "\x00")), 0o600))
	t.Setenv(scriptVariable, script)
	return start(t, p, "plays", func(o tunnel.Options) tunnel.Options { return o.WithTimeouts(openTimeout, lostTimeout) })
}

const (
	quickURL = "https://sea.trycloudflare.com"
	ngrokURL = "https://sea.ngrok-free.app"
)

func theBox(name string) string { return fmt.Sprintf(box, name) }
func theUp(conn int) string     { return fmt.Sprintf(up, conn) }
func theServed(conn int) string { return fmt.Sprintf(served, conn) }
func theRetry(conn int) string  { return fmt.Sprintf(retries, conn) }

// A URL is no tunnel: cloudflared prints it before it is connected.
func TestATunnelIsOpenWhenItIsConnected(t *testing.T) {
	for name, connected := range map[string]string{
		"now":         theUp(0),
		"formerly":    "2022-11-25T10:00:02Z INF Connection bb527b3a-8a27-467b-9fca-84972898be5c registered connIndex=0 location=FRA\n",
		"no line end": strings.TrimSuffix(theUp(3), "\n"),
	} {
		t.Run(name, func(t *testing.T) {
			r := plays(t, tunnel.Cloudflared, time.Hour, time.Hour,
				banner, theBox("sea"), "2026-11-25T10:00:01Z ERR Failed to dial a quic connection error=\"timeout\x1b[2J\" connIndex=0\n", "WAIT", connected)
			s := r.next()
			assert.Empty(t, s.URL)
			assert.Equal(t, quickURL, s.Last)
			require.EqualError(t, s.Err, `Failed to dial a quic connection error="timeout?[2J" connIndex=0`)
			note("go")
			assert.Equal(t, tunnel.State{URL: quickURL, Last: quickURL}, r.next())
			r.stop()
			assert.Equal(t, 1, strings.Count(r.log.String(), "the tunnel is open"))
			assert.Contains(t, r.log.String(), "Failed to dial")
			assert.NotContains(t, r.log.String(), "\\x1b")
		})
	}
}

func TestAProgramThatIsNeverConnectedIsRestarted(t *testing.T) {
	r := plays(t, tunnel.Cloudflared, time.Second, time.Hour, theBox("sea"), "2026-11-25T10:00:01Z WRN Failed to dial error=\"no route\" connIndex=0\n")
	for range 2 {
		assert.Equal(t, `cloudflared was not connected within 1s: Failed to dial error="no route" connIndex=0`, r.ended())
	}
	r.stop()
	assert.NotContains(t, r.log.String(), "the tunnel is open")
}

func TestATunnelIsOpenWhileOneConnectionIsLeft(t *testing.T) {
	r := plays(t, tunnel.Cloudflared, time.Hour, time.Hour, theBox("sea"), theUp(0), theUp(1), theServed(0), theRetry(0), "WAIT", theServed(1), theRetry(1), "WAIT", theUp(1))
	assert.Equal(t, quickURL, r.next().URL)
	s := r.next()
	assert.Equal(t, quickURL, s.URL)
	assert.NoError(t, s.Err)
	assert.ErrorContains(t, s.Trouble.Err, "Failed to serve tunnel connection", "a problem of one connection")
	note("go")
	s = r.next()
	assert.Empty(t, s.URL)
	assert.Equal(t, quickURL, s.Last, "it may be back")
	assert.ErrorContains(t, s.Err, "Failed to serve tunnel connection")
	note("go")
	assert.Equal(t, tunnel.State{URL: quickURL, Last: quickURL}, r.next())
	r.stop()
	assert.Contains(t, r.log.String(), "the tunnel is not connected; the program connects again")
	assert.Equal(t, 2, strings.Count(r.log.String(), "the tunnel is open"))
}

func TestAProgramThatIsNotConnectedAgainIsRestarted(t *testing.T) {
	r := plays(t, tunnel.Cloudflared, time.Hour, 2*time.Second, theBox("sea"), theUp(0), theRetry(0), `2026-11-25T10:00:01Z ERR Register tunnel error from server side error="Unauthorized: Tunnel not found" connIndex=0`+"\n")
	assert.Contains(t, r.ended(), `cloudflared was not connected within 2s: Register tunnel error from server side error="Unauthorized: Tunnel not found"`)
}

// A request that fails is no lost connection.
func TestAFailedRequestClosesNothing(t *testing.T) {
	r := plays(t, tunnel.Cloudflared, time.Hour, time.Hour, theBox("sea"), theUp(0),
		`2026-11-25T10:00:01Z ERR  error="Unable to reach the origin service. The service may be down: connection refused" connIndex=0 event=1 ingressRule=0 originService=http://127.0.0.1:9888`+"\n")
	assert.Equal(t, quickURL, r.next().URL)
	s := r.next()
	assert.Equal(t, quickURL, s.URL)
	assert.ErrorContains(t, s.Trouble.Err, "Unable to reach the origin service")
}

// cloudflared may be configured to log JSON.
func TestALogInJSONIsRead(t *testing.T) {
	r := plays(t, tunnel.Cloudflared, time.Hour, time.Hour,
		`{"level":"info","time":"2026-11-25T10:00:01Z","message":"|  https://sea.trycloudflare.com                 |"}`+"\n",
		`{"level":"info","error":7,"connIndex":"none","time":1764064801,"message":"Your version is old"}`+"\n", // other types
		`{"level":"info","connIndex":0,"location":"fra08","time":"2026-11-25T10:00:01Z","message":"Registered tunnel connection"}`+"\n",
		`{"level":"error","error":"no route","connIndex":0,"time":"2026-11-25T10:00:01Z","message":"Connection terminated"}`+"\n")
	assert.Equal(t, quickURL, r.next().URL)
	assert.EqualError(t, r.next().Err, `Connection terminated error="no route" connIndex=0`)
}

func TestAProgramThatPrintsItsURLAndDiesWasNeverOpen(t *testing.T) {
	r := plays(t, tunnel.Cloudflared, time.Hour, time.Hour, theBox("sea"), "2026-11-25T10:00:01Z FTL it can't go on", "END")
	assert.Equal(t, "cloudflared ended: exit status 1: it can't go on", r.ended())
	r.stop()
	assert.NotContains(t, r.log.String(), "the tunnel is open")
}

func TestAnotherURLOfARunIsTold(t *testing.T) {
	r := plays(t, tunnel.Cloudflared, time.Hour, time.Hour, theBox("sea"), theUp(0), theBox("land"))
	assert.Equal(t, quickURL, r.next().URL)
	assert.Equal(t, "https://land.trycloudflare.com", r.next().URL)
}

func TestAnNgrokSessionThatIsLost(t *testing.T) {
	started := `{"addr":"http://127.0.0.1:9888","lvl":"info","msg":"started tunnel","name":"command_line","obj":"tunnels","url":"` + ngrokURL + `"}` + "\n"
	session := `{"lvl":"info","msg":"client session established","obj":"tunnels.session"}` + "\n"
	for name, lost := range map[string]string{
		"closed":    `{"err":"read EOF from remote peer","lvl":"eror","msg":"session closed, starting reconnect loop","obj":"tunnels.session"}`,
		"heartbeat": `{"lvl":"warn","msg":"heartbeat timeout, terminating session","obj":"tunnels.session"}`,
		"refused":   `{"err":"authentication failed: Your account is limited to 1 simultaneous session. Your authtoken: 2abcSECRET\r\n\r\nERR_NGROK_108\r\n","lvl":"eror","msg":"failed to reconnect session","obj":"tunnels.session"}`,
	} {
		t.Run(name, func(t *testing.T) {
			r := plays(t, tunnel.Ngrok, time.Hour, time.Hour, session, started, "WAIT", lost+"\n", "WAIT", session)
			assert.Equal(t, ngrokURL, r.next().URL)
			note("go")
			s := r.next()
			assert.Empty(t, s.URL)
			assert.Equal(t, ngrokURL, s.Last)
			assert.ErrorContains(t, s.Err, map[string]string{"closed": "read EOF", "heartbeat": "heartbeat timeout", "refused": "ERR_NGROK_108: see https://ngrok.com/docs/errors/err_ngrok_108"}[name])
			note("go")
			assert.Equal(t, ngrokURL, r.next().URL)
			r.stop()
			assert.NotContains(t, r.log.String(), "SECRET")
		})
	}
}

// A flood of errors is not logged as a whole.
func TestAFloodOfProblemsIsCut(t *testing.T) {
	r := plays(t, tunnel.Cloudflared, time.Hour, time.Hour, theBox("sea"), strings.Repeat(theServed(7), 5000), theUp(0))
	for r.next().URL == "" {
	}
	r.stop()
	assert.Less(t, strings.Count(r.log.String(), "\n"), 50)
}

// Whoever has a named tunnel hears how to use it.
func TestNamedTunnelsAreAdvised(t *testing.T) {
	for file, want := range map[string]string{
		".cloudflared/config.yml": "is the configuration of a named tunnel, and its rules also apply",
		".cloudflared/cert.pem":   "cloudflared is signed in",
	} {
		r := plays(t, tunnel.Cloudflared, time.Hour, time.Hour, "WAIT", "Use `cloudflared tunnel run` to start tunnel 7f3a\n", "END")
		path := filepath.Join(os.Getenv("HOME"), file)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, nil, 0o600))
		note("go")
		assert.Contains(t, tunnel.Cloudflared.Advice(), "with --public-url https://HOST instead of --tunnel")
		got := r.ended()
		assert.Contains(t, got, "Use `cloudflared tunnel run` to start tunnel 7f3a")
		assert.Contains(t, got, want)
		assert.Empty(t, tunnel.Ngrok.Advice())
		r.stop()
	}
}
