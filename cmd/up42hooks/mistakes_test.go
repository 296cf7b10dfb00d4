//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// What has no effect is said at the start.
func TestListenNamesWhatItIgnores(t *testing.T) {
	t.Parallel()
	log := filepath.Join(t.TempDir(), "log.txt")
	env := append(clitest.WithSecret(clitest.Home(t)), "UP42_FORWARD_HEADER=x", "UP42_SERVICE_HOST=10.0.0.1", "UP42_PORT_80_TCP=tcp://10.0.0.1:80")
	p := clitest.Receive(t, env, nil, "--log", log)
	for _, want := range []string{
		`level=WARN msg="UP42_FORWARD_HEADER is not a setting, and is ignored: it may be another program's"`,
		`level=WARN msg="--log is for the dashboard: without one the log goes to stderr" advice="send stderr to a file: 2>>FILE"`,
	} {
		_, ok := p.Stderr.Await(want)
		assert.True(t, ok, "it said: %s", p.Stderr)
	}
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
	assert.NotContains(t, p.Stderr.String(), "10.0.0.1")
	assert.NotContains(t, p.Stderr.String(), "UP42_SERVICE_HOST", "Kubernetes sets it")
	assert.NoFileExists(t, log)

	p = clitest.Receive(t, append(clitest.WithSecret(clitest.Home(t)), "UP42_LOG="+log), nil)
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
	assert.NotContains(t, p.Stderr.String(), "--log", "the variable may be for the dashboard")
}

func TestAListOfSecretsOnALineIsTold(t *testing.T) {
	t.Parallel()
	file := writeFile(t, "dG9vIG1hbnkgc2Vj,cmV0cyBvbiBhIGxp\n")
	p := clitest.Receive(t, bare(t, "HOME="+t.TempDir()), nil, "--secret-file", file)
	_, ok := p.Stderr.Await(`level=WARN msg="` + file + ` line 1 has commas as a list of secrets has, and all of it is used" advice="Write each secret on a line of its own`)
	assert.True(t, ok, "it said: %s", p.Stderr)
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
}

// Nothing is left beside a file of others.
func TestNoLockBesideWhatIsNoStore(t *testing.T) {
	t.Parallel()
	env := clitest.WithSecret(clitest.Home(t))
	for _, command := range []string{"listen --listen 127.0.0.1:0", "events admit --all"} {
		file := writeFile(t, strings.Repeat("root:x:0:0:root:/root:/bin/sh\n", 100))
		_, stderr, code := clitest.Run(t, env, append(strings.Fields(command), "--store", file)...)
		assert.Equal(t, 1, code, stderr)
		assert.Contains(t, stderr, file)
		all, err := os.ReadDir(filepath.Dir(file))
		require.NoError(t, err)
		assert.Len(t, all, 1, "%s: %v", command, all)
	}
}

// An import that fails leaves nothing.
func TestNoLockOfAStoreThatWasNotMade(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	_, stderr, code := clitest.Run(t, clitest.Home(t), "store", "import", writeFile(t, "{"), "--store", filepath.Join(folder, "events.db"))
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, "this is not an export of a store")
	all, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Empty(t, all)
}

// A folder that a user may not write is named, also if it is that of all.
func TestAHomeThatIsNotThere(t *testing.T) {
	t.Parallel()
	user := asAnotherUser(t)
	if user.attr == nil {
		t.Skip("whether this user may write to / is not known")
	}
	p := user.start(t, bare(t, "HOME=/nonexistent"), "listen", "--listen", "127.0.0.1:0", "--secret-file", user.secrets)
	code, ok := p.Wait()
	require.True(t, ok)
	assert.Equal(t, 1, code)
	assert.Contains(t, p.Stderr.String(), "you may not write to the folder /: change its permissions")
}

// A home that the user may not look into is told without the words of the system.
func TestTheLoginsInAHiddenHome(t *testing.T) {
	t.Parallel()
	user := asAnotherUser(t)
	hidden := filepath.Join(user.dir, "home")
	require.NoError(t, os.Mkdir(hidden, 0))
	p := user.start(t, bare(t, "HOME="+hidden), "config")
	code, ok := p.Wait()
	require.True(t, ok)
	assert.Zero(t, code, p.Stderr)
	file := filepath.Join(hidden, ".local", "state", "up42hooks", "logins.json")
	assert.Contains(t, p.Stderr.String(), "warning: read the logins: "+file+" can't be reached: you may not look into the folder "+hidden+": give yourself permission to read it")
	assert.NotContains(t, p.Stderr.String(), "permission denied")
}

func TestAddressesThatAreGivenTwice(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"--listen 127.0.0.1:9888 --admin 127.0.0.1:9888": "admin: 127.0.0.1:9888 is the address of listen, too: choose another port",
		"--listen :9888 --admin 127.0.0.1:9888":          "admin: 127.0.0.1:9888 is the address of listen, too: choose another port",
		"--ssh :9889 --admin [::1]:9889":                 "ssh: :9889 is the address of admin, too: choose another port",
	} {
		_, stderr, code := clitest.Run(t, clitest.Home(t), append([]string{"listen"}, strings.Fields(args)...)...)
		assert.Equal(t, 2, code, args)
		assert.Equal(t, "up42hooks: "+want+"\n", stderr, args)
	}
	stdout, _, code := clitest.Run(t, append(clitest.Home(t), "UP42_API_URL=http://127.0.0.1:1"), "doctor", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--ssh", "127.0.0.2:0")
	assert.Zero(t, code, stdout)
	stdout, _, code = clitest.Run(t, append(clitest.Home(t), "UP42_API_URL=http://127.0.0.1:1"), "doctor", "--listen", "127.0.0.1:1234", "--admin", ":1234")
	assert.Equal(t, 1, code)
	assert.Contains(t, stdout, "admin: :1234 is the address of listen, too: choose another port")
	_, stderr, code := clitest.Run(t, clitest.Home(t), "health", "--listen", "127.0.0.1:1", "--admin", "127.0.0.1:1")
	assert.Equal(t, 1, code, "it takes no address: %s", stderr)
}
