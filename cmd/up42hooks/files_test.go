//go:build unix

package main

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// withStore is an environment whose store has an event.
func withStore(t *testing.T) []string {
	t.Helper()
	env := clitest.WithSecret(clitest.Home(t))
	p := clitest.Receive(t, env, nil)
	_, _, err := clitest.Deliver(clitest.HTTPClient(t), p.URL, clitest.Secret, clitest.Delivery("m1", "o1", "PLACED"))
	require.NoError(t, err)
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
	return env
}

// shell runs a script that starts up42hooks.
func shell(t *testing.T, env []string, dir, script string) (stdout, stderr string, code int) {
	t.Helper()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("there is no bash")
	}
	cmd := exec.CommandContext(t.Context(), bash, "-c", script)
	var out, errs strings.Builder
	cmd.Env, cmd.Dir, cmd.Stdout, cmd.Stderr = env, dir, &out, &errs
	_ = cmd.Run()
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// An export goes into what its FILE leads to, and replaces nothing but files.
func TestExportInto(t *testing.T) {
	t.Parallel()
	env, dir := withStore(t), t.TempDir()
	whole, _, code := clitest.Run(t, env, "store", "export")
	require.Zero(t, code)
	for name, script := range map[string]string{
		"a pipe":               `mkfifo pipe; cat pipe >got & up42hooks store export pipe && wait && test -p pipe && cat got`,
		"a process":            `up42hooks store export >(cat >got2); while ! tail -n 1 got2 | grep -q counters; do sleep 0.01; done; cat got2`,
		"standard output":      `up42hooks store export /dev/stdout`,
		"standard output, too": `up42hooks store export /dev/stdout | cat`,
		"a redirected file":    `echo first >out; up42hooks store export /dev/stdout >>out; test "$(head -n 1 out)" = first && tail -n +2 out`,
		"a descriptor":         `exec 7>seven; up42hooks store export /dev/fd/7 && cat seven`,
		"a link":               `mkdir there; echo old >there/a; ln -s there/a link; up42hooks store export link && test -L link && cat there/a`,
		"a link to nothing":    `mkdir empty; ln -s empty/a dangling; up42hooks store export dangling && test -L dangling && cat empty/a`,
		"a file":               `echo old >file; chmod 640 file; up42hooks store export file && test $(stat -c %a file) = 640 && cat file`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, stderr, code := shell(t, env, dir, script)
			assert.Zero(t, code, "it said: %s", stderr)
			assert.Equal(t, whole, out)
		})
	}
}

// A device is written into, and a full one is blamed itself.
func TestFullDevice(t *testing.T) {
	t.Parallel()
	env := withStore(t)
	for _, script := range []string{
		"up42hooks store export /dev/full", "up42hooks store export >/dev/full", "up42hooks config >/dev/full", "up42hooks events >/dev/full",
		"up42hooks events --json >/dev/full", "up42hooks orders >/dev/full", "up42hooks store info >/dev/full", "up42hooks version >/dev/full",
		"up42hooks completion bash >/dev/full", "up42hooks --help >/dev/full", "up42hooks help events >/dev/full", "up42hooks doctor >/dev/full", "up42hooks events get 1 >/dev/full",
	} {
		_, stderr, code := shell(t, env, t.TempDir(), script)
		assert.Equal(t, 1, code, script)
		assert.Regexp(t, `^up42hooks: (.*: )?(standard output|/dev/full) can't be written: no space is left on its device: free some there, or name a file elsewhere\n$`, stderr, script)
		info, err := os.Stat("/dev/full")
		require.NoError(t, err)
		require.NotZero(t, info.Mode()&os.ModeDevice, script)
	}
}

// A store whose link leads nowhere yet is made there.
func TestStoreBehindALinkToNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	link, file := filepath.Join(dir, "link.db"), filepath.Join(dir, "not", "yet", "events.db")
	require.NoError(t, os.Symlink("not/yet/events.db", link))
	p := clitest.Receive(t, clitest.WithSecret(clitest.Home(t)), nil, "--store", link)
	_, _, err := clitest.Deliver(clitest.HTTPClient(t), p.URL, clitest.Secret, clitest.Delivery("m1", "o1", "PLACED"))
	require.NoError(t, err)
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
	info, err := os.Lstat(file)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode())
	info, err = os.Lstat(link)
	require.NoError(t, err)
	assert.NotZero(t, info.Mode()&os.ModeSymlink)
}

// So is the secret.
func TestSecretBehindALinkToNothing(t *testing.T) {
	t.Parallel()
	env := clitest.Home(t)
	state := filepath.Dir(clitest.StoreOf(env))
	require.NoError(t, os.MkdirAll(state, 0o700))
	require.NoError(t, os.Symlink("not/yet/secret", filepath.Join(state, "secret")))
	p := clitest.Receive(t, env, nil)
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
	info, err := os.Lstat(filepath.Join(state, "not", "yet", "secret"))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode())
}

// What is no place for a file is blamed, and nothing is made there.
func TestPathsOfFiles(t *testing.T) {
	t.Parallel()
	env, dir := withStore(t), t.TempDir()
	file, pipe := filepath.Join(dir, "file"), filepath.Join(dir, "pipe")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	require.NoError(t, os.Symlink("no/file", filepath.Join(dir, "dangling")))
	require.NoError(t, os.Symlink("circle", filepath.Join(dir, "circle")))
	socket, err := net.Listen("unix", filepath.Join(dir, "socket"))
	require.NoError(t, err)
	defer socket.Close()
	long := strings.Repeat("n", 300)
	const listen = "listen --listen 127.0.0.1:0 "
	for args, want := range map[string]string{
		listen + "--store " + file + "/events.db":     "store " + file + "/events.db can't be there: " + file + " is a file, not a folder: name another file, with --store FILE",
		listen + "--store " + dir:                     "store " + dir + " is not a file: name another one, with --store FILE",
		listen + "--store " + dir + "/new/":           "want the name of a file, but it ends with a slash",
		listen + "--store " + pipe:                    "store " + pipe + " is not a file",
		listen + "--store /dev/full":                  "store /dev/full is not a file",
		listen + "--store " + dir + "/" + long:        "has a name that is too long for the system",
		listen + "--secret-file " + dir:               "secret-file: read the secrets: " + dir + " is a folder",
		listen + "--config " + dir:                    "configuration file (from --config): " + dir + " is a folder: name a file in it",
		"store export " + dir:                         dir + " is a folder: name a file in it",
		"store export " + dir + "/dangling":           "there is no folder " + dir + "/no: make it, or name another file",
		"store export " + dir + "/circle":             "leads nowhere: its symbolic links go in a circle",
		"store info --store " + dir + "/circle":       "circle: its symbolic links go in a circle",
		"store export " + clitest.StoreOf(env):        "is a database (SQLite), perhaps a store: name another file",
		"store export " + dir + "/socket":             "is a socket, not a file: name another file",
		"store import " + dir + "/socket":             "is a socket, not a file: name another file",
		"store export " + dir + "/no/file":            "there is no folder " + dir + "/no: make it, or name another file",
		"store export " + file + "/x":                 file + " is a file, not a folder",
		"store export " + dir + "/" + long:            "has a name that is too long for the system",
		listen + "--config /dev/zero":                 "/dev/zero has more than 1 MiB: name another file",
		listen + "--secret-file /dev/zero":            "secret-file: read the secrets: /dev/zero has more than 1 MiB",
		"webhooks list --credentials /dev/zero":       "/dev/zero has more than 1 MiB",
		"listen --listen 192.0.2.1:0":                 "192.0.2.1:0 is no address of this machine: choose one with --listen",
		"store import " + dir:                         dir + " is a folder: name a file in it",
		"store import " + dir + "/no":                 dir + "/no does not exist: name a file that does",
		"store import --store " + file + "/x " + file: file + " is a file, not a folder",
	} {
		_, stderr, code := clitest.Run(t, env, strings.Fields(args)...)
		assert.NotZero(t, code, args)
		assert.Contains(t, stderr, want, args)
		assert.Equal(t, 1, strings.Count(stderr, "\n"), args)
	}
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, entries, 5, "nothing was made")
}

// A configuration file that is a folder is named with what to do.
// A file of a setting that never ends, or that nobody writes, is an error that names it.
func TestSettingsInWhatDoesNotEnd(t *testing.T) {
	t.Parallel()
	env, dir := clitest.Home(t), t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	var runs sync.WaitGroup
	defer runs.Wait()
	for _, args := range []string{
		"config --config PIPE", "listen --secret-file PIPE", "listen --config PIPE", "webhooks list --credentials PIPE",
		"config --config /dev/zero", "listen --secret-file /dev/zero", "webhooks list --credentials /dev/zero", "send --body /dev/zero --secret s",
	} {
		runs.Go(func() {
			_, stderr, code := clitest.Run(t, env, strings.Fields(strings.ReplaceAll(args, "PIPE", pipe))...)
			assert.NotZero(t, code, args)
			assert.Regexp(t, `^up42hooks: .*(`+pipe+` is a pipe that nobody writes into: start the program|/dev/zero has more than \d+ MiB: name another file)`, stderr, args)
		})
	}
	out, stderr, code := shell(t, env, dir, `up42hooks config --config <(sleep 0.1; echo 'max-age: 7m') | grep max-age`)
	assert.Zero(t, code, stderr)
	assert.Regexp(t, `max-age +7m`, out)
}

// What is typed at a terminal has no end that anybody knows of.
func TestSettingsFromATerminal(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"config", "--config", "/dev/stdin"}, {"listen", "--secret-file", "/dev/tty"}, {"webhooks", "list", "--credentials", "/dev/fd/0"}} {
		m := clitest.OnTerminal(t, clitest.Home(t), 100, 30, args...)
		_, ok := m.Await(args[len(args)-1] + ` is a terminal: name a file, or a pipe that ends`)
		assert.True(t, ok, "%s: %s", args, m)
		<-m.Done
		assert.NotZero(t, m.Code())
	}
}

func TestConfigurationFileIsAFolder(t *testing.T) {
	t.Parallel()
	env := clitest.Home(t)
	file := filepath.Join(strings.TrimPrefix(env[0], "HOME="), ".config", "up42hooks", "config.yaml")
	require.NoError(t, os.MkdirAll(file, 0o700))
	_, stderr, code := clitest.Run(t, env, "config")
	assert.Equal(t, 2, code)
	assert.Equal(t, "up42hooks: configuration file: "+file+" is a folder: name a file in it, with --config or UP42_CONFIG\n", stderr)
}

// A folder that may not be written is blamed.
func TestFolderThatMayNotBeWritten(t *testing.T) {
	t.Parallel()
	user := asAnotherUser(t)
	env := bare(t, "HOME="+filepath.Join(user.dir, "state"))
	closed := filepath.Join(user.dir, "closed")
	require.NoError(t, os.Mkdir(closed, 0o555))
	for args, want := range map[string]string{
		"listen --listen 127.0.0.1:0 --store " + closed + "/events.db":     "you may not write to the folder " + closed,
		"listen --listen 127.0.0.1:0 --store " + closed + "/new/events.db": "you may not write to the folder " + closed,
	} {
		p := user.start(t, env, strings.Fields(args)...)
		code, ok := p.Wait()
		require.True(t, ok)
		assert.Equal(t, 1, code)
		assert.Contains(t, p.Stderr.String(), want, args)
	}
}

// A store on a network file system is told of.
func TestStoreOnANetworkFileSystem(t *testing.T) {
	t.Parallel()
	bindfs, err := exec.LookPath("bindfs")
	if err != nil {
		t.Skip("there is no bindfs")
	}
	from, at := t.TempDir(), t.TempDir()
	if out, err := exec.CommandContext(t.Context(), bindfs, from, at).CombinedOutput(); err != nil {
		t.Skipf("no file system can be mounted: %s", out)
	}
	t.Cleanup(func() { require.NoError(t, exec.Command("fusermount", "-u", at).Run()) })
	env := clitest.WithSecret(clitest.Home(t))
	file := filepath.Join(at, "new", "events.db")
	p := clitest.Receive(t, env, nil, "--store", file)
	_, ok := p.Stderr.Await(`level=WARN msg="the store is on a network file system.*fileSystem="?FUSE.*advice="choose a file on a local disk with --store`)
	assert.True(t, ok, "it said: %s", p.Stderr)
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
	out, _, _ := clitest.Run(t, env, "doctor", "--store", file)
	assert.Contains(t, out, "the store is on a network file system (FUSE")
}
