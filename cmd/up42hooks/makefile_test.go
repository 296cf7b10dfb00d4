package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// makes runs make with this project's Makefile in a folder of its own. There,
// bin/up42hooks is this test binary, so that nothing is built.
type makes struct {
	t   *testing.T
	dir string
	env []string
}

func newMakes(t *testing.T) *makes {
	t.Helper()
	if _, err := exec.LookPath("make"); err != nil {
		t.Skip("make is not installed: its targets are not tested")
	}
	m := &makes{t: t, dir: t.TempDir()}
	for _, name := range []string{"Makefile", "config.mk"} {
		text, err := os.ReadFile(filepath.Join("..", "..", name))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(m.dir, name), text, 0o600))
	}
	program, err := exec.LookPath("up42hooks")
	require.NoError(t, err)
	require.NoError(t, os.Mkdir(filepath.Join(m.dir, "bin"), 0o700))
	require.NoError(t, os.Symlink(program, filepath.Join(m.dir, "bin", "up42hooks")))
	tools := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(tools, "go"), []byte("#!/bin/sh\n"), 0o700))
	m.env = append(clitest.Home(t), "PATH="+tools+":"+os.Getenv("PATH"))
	return m
}

// run makes a target, with port 0 and the store in the folder.
func (m *makes) run(args ...string) (out string, ok bool) {
	m.t.Helper()
	// The test's own context has ended when a cleanup stops a receiver.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(m.t.Context()), clitest.Patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "make", append([]string{"PORT=0", "STORE=events.db", "ARGS=--secret-file secrets"}, args...)...)
	cmd.Dir, cmd.Env = m.dir, m.env
	text, err := cmd.CombinedOutput()
	return string(text), err == nil
}

// says makes a target, which must succeed and print what the pattern matches. It
// returns the last group of the match.
func (m *makes) says(target, pattern string) string {
	m.t.Helper()
	out, ok := m.run(target)
	require.True(m.t, ok, "make %s: %s", target, out)
	found := regexp.MustCompile(pattern).FindStringSubmatch(out)
	require.NotNil(m.t, found, "make %s: %s", target, out)
	return found[len(found)-1]
}

func (m *makes) secret(s string) {
	m.t.Helper()
	require.NoError(m.t, os.WriteFile(filepath.Join(m.dir, "secrets"), []byte(s+"\n"), 0o600))
}

func (m *makes) answers(url, secret, message string) int {
	m.t.Helper()
	status, _, err := clitest.Deliver(clitest.HTTPClient(m.t), url, secret, clitest.Delivery(message, "o1", "PLACED"))
	require.NoError(m.t, err)
	return status
}

// A receiver in the background is started, listed, reloaded and stopped.
func TestMakeTargets(t *testing.T) {
	t.Parallel()
	m := newMakes(t)
	m.secret("old")
	m.says("list", "does not run")
	m.says("logs", "nothing was logged yet")
	m.says("stop", "does not run")
	out, ok := m.run("reload")
	assert.False(t, ok, out)

	url := m.says("start", `receiving deliveries" url=(\S+)`)
	t.Cleanup(func() { _, _ = m.run("stop") })
	pid := m.says("list", `up42hooks runs \(process (\d+)\)`)
	assert.Equal(t, pid, m.says("start", `runs already \(process (\d+)\)`))
	assert.Equal(t, url, m.says("list", `url=(\S+)`))
	assert.Equal(t, http.StatusOK, m.answers(url, "old", "m1"))
	out, ok = m.run("clean")
	assert.False(t, ok, out)

	m.secret("new")
	m.says("reload", "reads its secrets again")
	require.Eventually(t, func() bool { return strings.Contains(m.says("logs", `(?s)(.*)`), "msg=reloaded secrets=1") }, clitest.Patience, clitest.Patience/1000)
	assert.Equal(t, http.StatusUnauthorized, m.answers(url, "old", "m2"))
	assert.Equal(t, http.StatusOK, m.answers(url, "new", "m2"))

	url = m.says("restart", `(?s)up42hooks ended.*receiving deliveries" url=(\S+)`)
	assert.NotEqual(t, pid, m.says("list", `process (\d+)`))
	assert.Equal(t, http.StatusOK, m.answers(url, "new", "m1"), "a duplicate: the store is the same")
	m.says("stop", "up42hooks ended")
	m.says("list", "does not run")
	m.says("clean", "")
	assert.NoFileExists(t, filepath.Join(m.dir, "bin", "up42hooks"))
	assert.FileExists(t, filepath.Join(m.dir, "events.db"))
}

// A pid file may name a process of another program.
func TestMakeStopLeavesOthersAlone(t *testing.T) {
	t.Parallel()
	m := newMakes(t)
	other := exec.Command("cat")
	in, err := other.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, other.Start())
	t.Cleanup(func() { _ = in.Close() })
	require.NoError(t, os.Mkdir(filepath.Join(m.dir, "state"), 0o700))
	pidfile := filepath.Join(m.dir, "state", "up42hooks.pid")
	require.NoError(t, os.WriteFile(pidfile, fmt.Appendln(nil, other.Process.Pid), 0o600))
	m.says("list", "does not run")
	m.says("stop", "does not run")
	require.NoError(t, in.Close())
	assert.NoError(t, other.Wait(), "it ended by itself")
}

func TestMakeWithoutATargetPrintsHelp(t *testing.T) {
	t.Parallel()
	m := newMakes(t)
	help := m.says("help", `(?s).*`)
	for _, target := range []string{"run", "demo", "build", "install", "test", "lint", "fmt", "bench", "start", "stop", "restart", "reload", "logs", "list", "clean"} {
		assert.Regexp(t, `(?m)^  make `+target+` +\S`, help)
	}
	starts := map[int]bool{} // the columns in which descriptions start
	for _, at := range regexp.MustCompile(`(?m)^  make \S+ +`).FindAllStringIndex(help, -1) {
		starts[at[1]-at[0]] = true
	}
	assert.Len(t, starts, 1, help)
	out, ok := m.run()
	assert.True(t, ok)
	assert.Equal(t, help, out)
}

// A log in another form, with fewer lines, is no hindrance.
func TestMakeStartWithAnotherLog(t *testing.T) {
	t.Parallel()
	m := newMakes(t)
	m.secret("one")
	m.env = append(m.env, "UP42_LOG_FORMAT=json", "UP42_LOG_LEVEL=error")
	m.says("start", `"receiving deliveries","url":"http`)
	t.Cleanup(func() { _, _ = m.run("stop") })
	m.says("list", `receiving: "url":"http`)
	m.says("stop", "up42hooks ended")
}

// A number without a unit is minutes, and what would try nothing is refused.
func TestAmountsOfMake(t *testing.T) {
	t.Parallel()
	m := newMakes(t)
	for args, want := range map[string]string{
		"torture": "UP42_TORTURE=1m ", "torture TIME=10": "UP42_TORTURE=10m ", "torture TIME=1h30m": "UP42_TORTURE=1h30m ",
		"team-torture TIME=0.5": "UP42_TEAM_TORTURE=0.5m ", "siege TIME=400ms": "UP42_SIEGE=400ms ", "bench TIME=2": "UP42_BENCH=2m ",
		"soak TIME=60 RATE=5": "UP42_SOAK=60m UP42_SOAK_RATE=5 ", "mutants N=7": "UP42_MUTANTS=7 ", "repeat TIMES=3": "-count=3 ",
	} {
		out, ok := m.run(append([]string{"-n"}, strings.Fields(args)...)...)
		assert.True(t, ok, "make %s: %s", args, out)
		assert.Contains(t, out, want, "make %s", args)
	}
	for _, args := range []string{
		"torture TIME=0", "team-torture TIME=0s", "soak TIME=0.0", "siege TIME=-5s", "bench TIME=soon", "bench-team TIME=1..5", "fuzz TIME=5x",
		"soak RATE=0", "bench ROUNDS=0", "hostile ROUNDS=x", "powercuts CUTS=-1", "mutants N=1e6", "damages N=abc", "fulldisks TIMES=0", "repeat TIMES=-3",
	} {
		_, amount, _ := strings.Cut(args, " ")
		out, ok := m.run(append([]string{"-n"}, strings.Fields(args)...)...)
		assert.False(t, ok, "make %s: %s", args, out)
		assert.Contains(t, out, amount+": use a number", "make %s", args)
	}
}
