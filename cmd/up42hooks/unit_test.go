//go:build unix

package main

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// unit is the text of the systemd unit in the documents.
func unit(t *testing.T) string {
	t.Helper()
	_, text, found := strings.Cut(read(t, "cmd/up42hooks/README.md"), "```ini\n# /etc/systemd/system/up42hooks.service\n")
	require.True(t, found)
	text, _, _ = strings.Cut(text, "```")
	return text
}

// unitValues are the values of the keys that occur once in the unit.
func unitValues(t *testing.T) map[string]string {
	t.Helper()
	values := map[string]string{}
	for line := range strings.Lines(unit(t)) {
		if key, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
			values[key] = value
		}
	}
	return values
}

// unitKeys are the keys that the unit may have: systemd ignores others.
var unitKeys = map[string][]string{
	"Unit": {"Description", "After", "Wants", "StartLimitIntervalSec"},
	"Service": {
		"Type", "User", "Environment", "EnvironmentFile", "ExecStart", "ExecReload", "StandardOutput", "StandardError", "StateDirectory", "StateDirectoryMode", "Restart",
		"RestartSec", "RestartPreventExitStatus", "LimitCORE",
		"UMask", "NoNewPrivileges", "CapabilityBoundingSet", "ProtectSystem", "ProtectHome", "ProtectProc", "ProtectClock", "ProtectHostname",
		"ProtectControlGroups", "ProtectKernelLogs", "ProtectKernelModules", "ProtectKernelTunables", "PrivateTmp", "PrivateDevices",
		"RestrictAddressFamilies", "RestrictNamespaces", "RestrictRealtime", "RestrictSUIDSGID", "LockPersonality", "MemoryDenyWriteExecute",
		"SystemCallArchitectures", "SystemCallFilter", "SystemCallErrorNumber",
	},
	"Install": {"WantedBy"},
}

func TestTheUnitHasKnownKeysAndFlags(t *testing.T) {
	section := ""
	for line := range strings.Lines(unit(t)) {
		line = strings.TrimSpace(line)
		if name, ok := strings.CutPrefix(line, "["); ok {
			section = strings.TrimSuffix(name, "]")
			continue
		}
		if key, _, ok := strings.Cut(line, "="); ok {
			assert.Contains(t, unitKeys[section], key)
		}
	}
	values := unitValues(t)
	assert.Equal(t, "yes", values["ProtectHome"])
	assert.Equal(t, "/bin/kill -HUP $MAINPID", values["ExecReload"])
	assert.Equal(t, "journal", values["StandardError"]) // of itself it goes to where standard output goes
	flags := flagsOf(t)
	for _, word := range strings.Fields(values["ExecStart"]) {
		if name, ok := strings.CutPrefix(word, "--"); ok {
			assert.Contains(t, flags, name)
		}
	}
}

// systemd finds no fault with the unit, and calls its exposure low.
func TestSystemdAcceptsTheUnit(t *testing.T) {
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("systemd-analyze is not installed: only the keys of the unit were checked")
	}
	program, err := exec.LookPath("up42hooks")
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "up42hooks.service")
	text := strings.ReplaceAll(unit(t), "/usr/local/bin/up42hooks", program)
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	said, err := exec.Command(analyze, "verify", file).CombinedOutput()
	assert.NoError(t, err, "%s", said)
	assert.Empty(t, string(said))
	said, err = exec.Command(analyze, "--no-pager", "security", "--offline=yes", file).CombinedOutput()
	require.NoError(t, err, "%s", said)
	score := regexp.MustCompile(`exposure level for up42hooks.service: ([0-9.]+)`).FindSubmatch(said)
	require.NotNil(t, score, "%s", said)
	exposure, err := strconv.ParseFloat(string(score[1]), 64)
	require.NoError(t, err)
	assert.Less(t, exposure, 3.0)
}

// The command of the unit runs as a system user without a home, with the environment that
// systemd gives it: it says when it is ready, stores, reloads, and says when it ends.
func TestTheUnitsCommandRuns(t *testing.T) {
	t.Parallel()
	user := asAnotherUser(t)
	here := strings.NewReplacer("%S", filepath.Join(user.dir, "state"), "/etc/up42hooks/secrets", user.secrets, "/etc", user.dir, "127.0.0.1:9889", "127.0.0.1:0")
	values := unitValues(t)
	require.NoError(t, os.Mkdir(filepath.Join(user.dir, "home"), 0)) // ProtectHome=yes
	socket := filepath.Join(user.dir, "notify")
	l, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	require.NoError(t, err)
	defer l.Close()
	require.NoError(t, os.Chmod(socket, 0o777))
	env := bare(t, append(strings.Fields(here.Replace(values["Environment"])),
		"HOME="+filepath.Join(user.dir, "home", "up42hooks"), "USER=up42hooks", "LOGNAME=up42hooks", "NOTIFY_SOCKET="+socket, "UP42_LISTEN=127.0.0.1:0")...)
	state := filepath.Join(user.dir, "state", values["StateDirectory"])
	require.NoError(t, os.Mkdir(state, 0o700)) // StateDirectory=
	if user.attr != nil {
		require.NoError(t, os.Chown(state, serviceID, serviceID))
	}

	p := user.start(t, env, strings.Fields(here.Replace(values["ExecStart"]))[1:]...)
	assert.Equal(t, "READY=1", told(t, l), "it said: %s", p.Stderr)
	url, ok := p.Stderr.Await(`receiving deliveries" url=(\S+)`)
	require.True(t, ok)
	deliver := func(secret, id string) int {
		code, _, err := clitest.Deliver(clitest.HTTPClient(t), url, secret, clitest.Delivery(id, "o1", "PLACED"))
		require.NoError(t, err)
		return code
	}
	assert.Equal(t, 200, deliver(clitest.Secret, "m1"))
	require.NoError(t, os.WriteFile(user.secrets, []byte("another\n"), 0o600))
	p.Signal(syscall.SIGHUP)
	assert.Equal(t, []string{"RELOADING=1", "READY=1"}, []string{told(t, l), told(t, l)})
	assert.Equal(t, 200, deliver("another", "m2"))
	p.Signal(syscall.SIGTERM)
	assert.Equal(t, "STOPPING=1", told(t, l))
	p.Finish(t)
	assert.NotContains(t, p.Stderr.String(), "level=WARN msg=\"the configuration file")
	info, err := os.Stat(filepath.Join(state, "events.db"))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

// told reads what a process told systemd.
func told(t *testing.T, l *net.UnixConn) string {
	t.Helper()
	require.NoError(t, l.SetReadDeadline(time.Now().Add(clitest.Patience)))
	b := make([]byte, 256)
	n, err := l.Read(b)
	require.NoError(t, err)
	return string(b[:n])
}

// systemd starts a receiver again that crashed, and does not start one again that refuses its settings.
// The memory of a crash is not written.
func TestTheUnitStartsACrashedReceiverAgain(t *testing.T) {
	t.Parallel()
	user := asAnotherUser(t)
	values := unitValues(t)
	assert.Equal(t, "0", values["LimitCORE"])
	writeNoCores(t)
	here := strings.NewReplacer("%S", filepath.Join(user.dir, "state"), "/etc/up42hooks/secrets", user.secrets, "/etc", user.dir, "127.0.0.1:9889", "127.0.0.1:0")
	env := bare(t, append(strings.Fields(here.Replace(values["Environment"])), panicVariable+"=1", "UP42_LISTEN=127.0.0.1:0", "UP42_STORE="+filepath.Join(user.dir, "state", "events.db"))...)
	// final reports whether systemd leaves it at that.
	final := func(s *os.ProcessState) bool {
		return slices.Contains(strings.Fields(values["RestartPreventExitStatus"]), strconv.Itoa(s.ExitCode()))
	}
	args := strings.Fields(here.Replace(values["ExecStart"]))[1:]

	crashed := user.start(t, env, args...)
	_, ok := crashed.Stderr.Await("receiving deliveries")
	require.True(t, ok, "%s", crashed.Stderr)
	crashed.Signal(panicSignal)
	_, ok = crashed.Wait()
	require.True(t, ok)
	assert.Contains(t, crashed.Stderr.String(), "panic: forced")
	assert.False(t, final(crashed.Cmd.ProcessState), "%s", crashed.Cmd.ProcessState)

	refused := user.start(t, append(env, "UP42_LISTEN=nonsense"), args...)
	_, ok = refused.Wait()
	require.True(t, ok)
	assert.True(t, final(refused.Cmd.ProcessState), "%s: %s", refused.Cmd.ProcessState, refused.Stderr)
}

// writeNoCores lets the processes that this one starts write no core files.
func writeNoCores(t *testing.T) {
	t.Helper()
	var limit syscall.Rlimit
	require.NoError(t, syscall.Getrlimit(syscall.RLIMIT_CORE, &limit))
	limit.Cur = 0
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_CORE, &limit))
}

// The unit's configuration file is where the documents say it is.
func TestTheUnitsConfigurationFile(t *testing.T) {
	t.Parallel()
	here := strings.NewReplacer("%S", "/var/lib")
	env := bare(t, strings.Fields(here.Replace(unitValues(t)["Environment"]))...)
	stdout, stderr, code := clitest.Run(t, env, "config")
	require.Zero(t, code, stderr)
	text := read(t, "cmd/up42hooks/README.md")
	for _, path := range []string{"/etc/up42hooks/config.yaml", "/var/lib/up42hooks/events.db"} {
		assert.Contains(t, stdout, path)
		assert.Contains(t, text, path)
	}
	assert.True(t, slices.Contains(strings.Fields(unitValues(t)["ExecStart"]), "/etc/up42hooks/secrets"))
	folders := strings.ReplaceAll(here.Replace(unitValues(t)["Environment"]), " GOTRACEBACK=crash", "")
	assert.Contains(t, text, "sudo -u up42hooks env "+folders+" up42hooks doctor")
}
