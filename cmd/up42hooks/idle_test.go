package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
)

// refusesIdle requires that a command refuses an option of a team that does nothing, once.
func refusesIdle(t *testing.T, env []string, name, origin string, args ...string) {
	t.Helper()
	out, errs, code := clitest.Run(t, env, args...)
	assert.NotZero(t, code, args)
	want := name + " (from " + origin + ") does nothing without a team: name its server by --stream URL, or leave " + name + " out"
	assert.Equal(t, 1, strings.Count(out+errs, want), "%s: %s%s", args, out, errs)
}

// Options of a team without a team would do nothing. They are refused.
func TestOptionsOfATeamWithoutATeam(t *testing.T) {
	t.Parallel()
	env := clitest.Home(t)
	for name, value := range map[string]string{
		"stream-ack": "team", "stream-name": "UP42", "stream-replicas": "3", "stream-keep": "90d", "stream-member": "me", "stream-creds": "/c", "stream-nkey": "/n",
		"stream-login": "/l", "stream-ca": "/ca", "stream-cert": "/c", "stream-key": "/k",
	} {
		refusesIdle(t, env, name, "--"+name, "listen", "--listen", "127.0.0.1:0", "--"+name, value)
	}
}

// Commands that work as well without a team refuse them only on the command line: variables and the file
// are also for others.
func TestWhereOptionsOfATeamComeFrom(t *testing.T) {
	t.Parallel()
	const name, variable = "stream-ca", "UP42_STREAM_CA"
	file := filepath.Join(t.TempDir(), "config.yaml")
	require.NoError(t, os.WriteFile(file, []byte(name+": /ca\n"), 0o600))
	require.Contains(t, config.StreamFlags(), name)
	env := clitest.Home(t)
	set := append(env[:len(env):len(env)], variable+"=/ca")
	refusesIdle(t, env, name, file+":1", "listen", "--listen", "127.0.0.1:0", "--config", file)
	refusesIdle(t, set, name, variable, "listen", "--listen", "127.0.0.1:0")
	refusesIdle(t, set, name, variable, "doctor")
	for _, command := range [][]string{{"events"}, {"orders"}, {"jobs"}, {"forward", "--to", "http://127.0.0.1:1/"}} {
		refusesIdle(t, env, name, "--"+name, append(command, "--"+name, "/ca")...)
	}
	for _, command := range [][]string{{"events", "--config", file}, {"events"}, {"config"}} {
		_, errs, code := clitest.Run(t, set, command...)
		assert.Zero(t, code, "%s: %s", command, errs)
	}
}

// A screen that only watches the receiver of another process reads no option of the team, but refuses
// one that is given to it.
func TestAViewerRefusesOptionsOfATeamWithoutATeam(t *testing.T) {
	t.Parallel()
	env := clitest.WithSecret(clitest.Home(t))
	p := clitest.Receive(t, env, nil)
	clitest.OnTerminal(t, env, 100, 30, "watch", "--only-watch", "--stream-member", "me").Sees(t, "stream-member (from --stream-member) does nothing without a team")
	viewer := clitest.OnTerminal(t, append(env, "UP42_STREAM_MEMBER=me"), 100, 30, "watch", "--only-watch")
	viewer.Sees(t, "Overview")
	viewer.Key(t, "q")
	viewer.Ends(t)
	p.Signal(os.Interrupt)
	p.Finish(t)
}
