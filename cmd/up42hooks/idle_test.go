package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
)

// Options of a team without a team would do nothing. They are refused, by commands that work as well
// without a team only on the command line: variables and the file are also for others.
func TestOptionsOfATeamWithoutATeam(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "config.yaml")
	for name, value := range map[string]string{
		"stream-ack": "team", "stream-name": "UP42", "stream-replicas": "3", "stream-keep": "90d", "stream-member": "me", "stream-creds": "/c", "stream-nkey": "/n",
		"stream-login": "/l", "stream-ca": "/ca", "stream-cert": "/c", "stream-key": "/k",
	} {
		require.NoError(t, os.WriteFile(file, []byte(name+": "+value+"\n"), 0o600))
		variable := "UP42_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
		flag, inFile, set := []string{"--" + name, value}, []string{"--config", file}, variable+"="+value
		refused := func(origin string, env []string, args ...string) {
			t.Helper()
			out, errs, code := clitest.Run(t, env, args...)
			assert.NotZero(t, code, args)
			want := name + " (from " + origin + ") does nothing without a team: name its server by --stream URL, or leave " + name + " out"
			assert.Equal(t, 1, strings.Count(out+errs, want), "%s: %s%s", args, out, errs)
		}
		fresh := func(more ...string) []string { return append(clitest.Home(t), more...) }
		listen := []string{"listen", "--listen", "127.0.0.1:0"}
		refused("--"+name, fresh(), append(listen, flag...)...)
		refused(file+":1", fresh(), append(listen, inFile...)...)
		refused(variable, fresh(set), listen...)
		refused(variable, fresh(set), "doctor")
		if slices.Contains(config.StreamFlags(), name) {
			for _, command := range []string{"events", "orders", "jobs"} {
				refused("--"+name, fresh(), append([]string{command}, flag...)...)
			}
			refused("--"+name, fresh(), append([]string{"forward", "--to", "http://127.0.0.1:1/"}, flag...)...)
		}
		for _, others := range [][]string{append([]string{"events"}, inFile...), {"config"}} {
			_, errs, code := clitest.Run(t, fresh(set), others...)
			assert.Zero(t, code, "%s: %s", others, errs)
		}
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
