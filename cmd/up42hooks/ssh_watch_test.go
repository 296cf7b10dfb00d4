package main

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/receiver/jetstream/natstest"
)

// watched is a dashboard on a terminal of the server, which is also served over SSH.
type watched struct {
	*clitest.Terminal
	log string // file
}

// logged waits until the log matches a pattern at least so many times, and returns the first group of the
// last match.
func (w *watched) logged(t *testing.T, times int, pattern string) (match string) {
	t.Helper()
	re := regexp.MustCompile(pattern)
	require.Eventually(t, func() bool {
		text, _ := os.ReadFile(w.log)
		all := re.FindAllStringSubmatch(string(text), -1)
		if len(all) < times {
			return false
		}
		last := all[len(all)-1]
		match = last[len(last)-1]
		return true
	}, clitest.Patience, 10*time.Millisecond, "%s", pattern)
	return match
}

const servingSSH = `serving the dashboard" address=127\.0\.0\.1:(\d+)`

// watches starts `watch` with SSH.
func (u *sshUsers) watches(t *testing.T, env []string, args ...string) *watched {
	t.Helper()
	w := &watched{log: filepath.Join(t.TempDir(), "log")}
	w.Terminal = clitest.OnTerminal(t, env, 120, 36, append([]string{"watch", "--listen", "127.0.0.1:0", "--ssh", "127.0.0.1:0", "--log", w.log}, args...)...)
	u.port = w.logged(t, 1, servingSSH)
	u.said = append(u.said, w.String, func() string {
		text, _ := os.ReadFile(w.log)
		return string(text)
	})
	return w
}

// secretless checks that no secret went out.
func (u *sshUsers) secretless(t *testing.T) {
	t.Helper()
	for _, said := range u.said {
		assert.NotContains(t, said(), clitest.Secret)
	}
}

// The dashboard on the server's own terminal, with its receiver, is served too.
func TestWatchOverSSH(t *testing.T) {
	t.Parallel()
	u, keys := newUsers(t)
	w := u.watches(t, clitest.WithSecret(u.env), "--ssh-keys", keys)
	address, ok := w.Await(`(127\.0\.0\.1:\d+)\D`)
	require.True(t, ok, "on the screen: %q", w)
	status, _, err := clitest.Deliver(clitest.HTTPClient(t), "http://"+address+"/receive-webhooks", clitest.Secret, clitest.Delivery("m1", "order-one", "PLACED"))
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, status)

	viewer := u.looks(t, "viewer")
	viewer.Key(t, "3")
	viewer.Sees(t, "order-one")
	viewer.Key(t, "t")
	viewer.Sees(t, "which may not send test events")
	w.Sees(t, "ssh: 1 looking")
	operator := u.looks(t, "operator")
	operator.Key(t, "3")
	operator.Sees(t, "order-one")
	operator.Key(t, "t\r")
	operator.Sees(t, "sent a test event")
	w.Key(t, "3")
	w.Sees(t, "ssh: 2 looking")
	w.logged(t, 1, `did="send test events"`)
	out, errs, code := u.runs(t, "viewer", "", "orders", "--json")
	assert.Zero(t, code, errs)
	assert.Contains(t, out, `"id":"order-one"`)
	_, errs, _ = u.runs(t, "stranger", "")
	assert.Contains(t, errs, "Permission denied (publickey)")

	w.Key(t, "qq") // it ends the receiver, and all sessions with it
	for _, m := range []*clitest.Terminal{w.Terminal, viewer, operator} {
		m.Ends(t)
		assert.Contains(t, m.String(), "\x1b[?1049l", "the terminal is given back")
	}
	u.secretless(t)
}

// A viewer of the receiver of another process is served, and takes its place when it ends.
func TestWatchOverSSHWithAReceiverElsewhere(t *testing.T) {
	t.Parallel()
	u, keys := newUsers(t)
	env := clitest.WithSecret(u.env)
	p := clitest.Receive(t, env, nil, "--forward-to", "http://127.0.0.1:1")
	deliver(t, p, clitest.Secret, clitest.Delivery("m1", "order-one", "PLACED"), http.StatusOK)
	w := u.watches(t, env, "--ssh-keys", keys)
	w.Sees(t, "viewer of 127.0.0.1:")

	viewer := u.looks(t, "viewer")
	viewer.Key(t, "3")
	viewer.Sees(t, "order-one")
	viewer.Sees(t, "viewer of 127.0.0.1:")
	viewer.Key(t, "f")
	viewer.Sees(t, "which may not resend events")
	operator := u.looks(t, "operator")
	operator.Key(t, "3")
	operator.Sees(t, "order-one")
	operator.Key(t, "f")
	operator.Sees(t, "could not be forwarded to http://127.0.0.1:1: connection refused")
	operator.Key(t, "t\r")
	operator.Sees(t, "sent a test event")
	deliver(t, p, clitest.Secret, clitest.Delivery("m2", "order-two", "PLACED"), http.StatusOK)
	viewer.Sees(t, "order-two")
	out, errs, code := u.runs(t, "operator", "", "events", "--json")
	assert.Zero(t, code, errs)
	assert.Contains(t, out, `"messageId":"m2"`)

	p.Signal(syscall.SIGTERM)
	p.Finish(t)
	w.Sees(t, "has ended: this one receives now")
	for _, m := range []*clitest.Terminal{viewer, operator} {
		m.Ends(t)
		assert.Contains(t, m.String(), "\x1b[?1049l", "the terminal is given back")
	}
	u.port = w.logged(t, 2, servingSSH)
	viewer = u.looks(t, "viewer")
	viewer.Key(t, "3")
	viewer.Sees(t, "order-two")
	u.secretless(t)
}

// One that only watches stays when the receiver ends.
func TestWatchOnlyOverSSH(t *testing.T) {
	t.Parallel()
	u, keys := newUsers(t)
	env := clitest.WithSecret(u.env)
	p := clitest.Receive(t, env, nil)
	w := u.watches(t, env, "--ssh-keys", keys, "--only-watch")
	viewer := u.looks(t, "viewer")
	viewer.Sees(t, "viewer of 127.0.0.1:")
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
	viewer.Sees(t, "nothing comes in")
	again := clitest.Receive(t, env, nil)
	viewer.Sees(t, "viewer of "+strings.TrimSuffix(strings.TrimPrefix(again.URL, "http://"), "/receive-webhooks"))
	deliver(t, again, clitest.Secret, clitest.Delivery("m1", "order-one", "PLACED"), http.StatusOK)
	viewer.Key(t, "2")
	viewer.Sees(t, "order-one")
	w.Key(t, "q")
	w.Ends(t)
	viewer.Ends(t)
}

// A receiver and a viewer have the same settings: the receiver serves, and the viewer only shows.
func TestTwoWithTheSameSSHAddress(t *testing.T) {
	t.Parallel()
	u, keys := newUsers(t)
	env := clitest.WithSecret(u.env)
	p := u.serveSSH(t, env, "--ssh-keys", keys)
	deliver(t, p, clitest.Secret, clitest.Delivery("m1", "order-one", "PLACED"), http.StatusOK)
	w := &watched{log: filepath.Join(t.TempDir(), "log")}
	w.Terminal = clitest.OnTerminal(t, append(env, "UP42_SSH=127.0.0.1:"+u.port, "UP42_SSH_KEYS="+keys), 120, 36, "watch", "--log", w.log)
	w.Sees(t, "0 Overview")
	w.Key(t, "2")
	w.Sees(t, "order-one")
	assert.Contains(t, w.logged(t, 1, `(this viewer serves no dashboard" error=.*)`), "is taken by")
	w.Key(t, "q")
	w.Ends(t)

	out, errs, code := clitest.Run(t, env, "watch", "--ssh", "127.0.0.1:"+u.port, "--ssh-keys", keys, "--listen", "127.0.0.1:0")
	assert.NotZero(t, code, "without a terminal: "+errs+out)
	asked := clitest.OnTerminal(t, env, 120, 36, "watch", "--log", w.log, "--ssh", "127.0.0.1:"+u.port, "--ssh-keys", keys)
	<-asked.Done
	assert.Equal(t, 1, asked.Code(), "the flag asks for it")
	assert.Contains(t, asked.String(), "is taken by")
}

// Who looks at a member of a team sees what other members have received.
func TestWatchOverSSHInATeam(t *testing.T) {
	t.Parallel()
	u, keys := newUsers(t)
	nats := natstest.Start(t)
	office := clitest.Receive(t, append(clitest.WithSecret(clitest.Home(t)), "UP42_STREAM="+nats.URL(), "UP42_STREAM_MEMBER=office"), nil, "--stream-ack", "team")
	deliverToTeam(t, office, clitest.Delivery("m1", "order-one", "PLACED"))
	w := u.watches(t, clitest.WithSecret(u.env), "--ssh-keys", keys, "--stream", nats.URL(), "--stream-member", "laptop")

	viewer := u.looks(t, "viewer")
	viewer.Key(t, "2")
	viewer.Sees(t, "order-one")
	deliverToTeam(t, office, clitest.Delivery("m2", "order-two", "PLACED"))
	viewer.Sees(t, "order-two")
	operator := u.looks(t, "operator")
	operator.Key(t, "2")
	operator.Sees(t, "order-two")
	out, errs, code := u.runs(t, "viewer", "", "events", "--json")
	assert.Zero(t, code, errs)
	assert.Equal(t, 2, strings.Count(out, `"receivedBy":"office"`), out)
	nats.Stop()
	viewer.Sees(t, "no server answers")
	w.Key(t, "qq")
	w.Ends(t)
	viewer.Ends(t)
	operator.Ends(t)
	u.secretless(t)
}
