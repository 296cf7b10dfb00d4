//go:build unix

package main

import (
	"encoding/json"
	"fmt"
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
	"go.yaml.in/yaml/v3"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
)

// instruction is one line of the Dockerfile: its first word, and the rest.
type instruction struct{ name, rest string }

func dockerfile(t *testing.T) (all []instruction) {
	t.Helper()
	for line := range strings.Lines(read(t, ".github/Dockerfile")) {
		if name, rest, ok := strings.Cut(strings.TrimSpace(line), " "); ok && !strings.HasPrefix(name, "#") {
			all = append(all, instruction{name, rest})
		}
	}
	return all
}

// last is the rest of the last instruction of a name.
func last(t *testing.T, name string) (rest string) {
	t.Helper()
	for _, i := range dockerfile(t) {
		if i.name == name {
			rest = i.rest
		}
	}
	require.NotEmpty(t, rest, name)
	return rest
}

// words reads a command of the Dockerfile, which is a list in JSON.
func words(t *testing.T, list string) (all []string) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(list), &all), list)
	return all
}

// healthCheck is the command of the health check.
func healthCheck(t *testing.T) []string {
	t.Helper()
	_, command, found := strings.Cut(last(t, "HEALTHCHECK"), "CMD ")
	require.True(t, found)
	return words(t, command)
}

func TestTheImagesRecipe(t *testing.T) {
	var copied []string
	for _, i := range dockerfile(t) {
		switch {
		case i.name == "COPY" && !strings.HasPrefix(i.rest, "--from"):
			sources := strings.Fields(i.rest)
			copied = append(copied, sources[:len(sources)-1]...)
		case i.name == "ENV":
			for _, v := range strings.Fields(i.rest) {
				if name, _, _ := strings.Cut(v, "="); strings.HasPrefix(name, "UP42_") {
					assert.Contains(t, config.Variables(), name)
				}
			}
		}
	}
	for _, name := range copied {
		assert.FileExists(t, filepath.Join(root, name, "..", "go.mod"), name)
	}
	assert.ElementsMatch(t, []string{"go.mod", "go.sum", "client", "cmd", "receiver", "tui"}, copied, "all that the program is built from")
	assert.Equal(t, "scratch", last(t, "FROM"))
	assert.NotEqual(t, "0", strings.Split(last(t, "USER"), ":")[0])
	assert.Equal(t, "/var/lib/up42hooks", last(t, "VOLUME"))
	program := words(t, last(t, "ENTRYPOINT"))
	assert.Equal(t, program[0], healthCheck(t)[0])
	_, stderr, code := clitest.Run(t, clitest.Home(t), append(healthCheck(t)[1:], "--help")...)
	assert.Zero(t, code, stderr)
	_, stderr, code = clitest.Run(t, clitest.Home(t), append(words(t, last(t, "CMD")), "--help")...)
	assert.Zero(t, code, stderr)
}

// composeFile is what the test looks at.
type composeFile struct {
	Services map[string]struct {
		ReadOnly    bool     `yaml:"read_only"`
		CapDrop     []string `yaml:"cap_drop"`
		Environment map[string]string
		Secrets     []string
		Volumes     []string
		Build       struct{ Context, Dockerfile string }
	}
	Configs  map[string]struct{ Content string }
	Secrets  map[string]struct{ File string }
	Volumes  map[string]any
	Networks map[string]struct {
		IPAM struct{ Config []struct{ Subnet string } } `yaml:"ipam"`
	}
}

func compose(t *testing.T) (c composeFile) {
	t.Helper()
	require.NoError(t, yaml.Unmarshal([]byte(read(t, ".github/compose.yaml")), &c))
	return c
}

// settings are the variables of the receiver in the compose file, for a domain.
func (c composeFile) settings(domain string) (env []string) {
	for name, value := range c.Services["up42hooks"].Environment {
		env = append(env, name+"="+regexp.MustCompile(`\$\{DOMAIN[^}]*\}`).ReplaceAllLiteralString(value, domain))
	}
	slices.Sort(env)
	return env
}

func TestTheComposeFile(t *testing.T) {
	c := compose(t)
	for name, s := range c.Services {
		assert.True(t, s.ReadOnly, name)
		assert.Equal(t, []string{"ALL"}, s.CapDrop, name)
		for _, v := range s.Volumes {
			volume, _, _ := strings.Cut(v, ":")
			assert.Contains(t, c.Volumes, volume)
		}
		for _, secret := range s.Secrets {
			assert.Contains(t, c.Secrets, secret)
		}
	}
	s := c.Services["up42hooks"]
	assert.FileExists(t, filepath.Join(root, ".github", s.Build.Context, s.Build.Dockerfile))
	assert.Equal(t, []string{"store:" + last(t, "VOLUME")}, s.Volumes)
	assert.Equal(t, c.Networks["default"].IPAM.Config[0].Subnet, s.Environment["UP42_TRUSTED_PROXY"])
	assert.Equal(t, "/run/secrets/"+s.Secrets[0], s.Environment["UP42_SECRET_FILE"])
	for name := range s.Environment {
		assert.Contains(t, config.Variables(), name)
	}
	stdout, stderr, code := clitest.Run(t, append(clitest.Home(t), c.settings("hooks.example.com")...), "config")
	assert.Zero(t, code, stderr)
	assert.Regexp(t, `(?m)^public-url +https://hooks\.example\.com +UP42_PUBLIC_URL$`, stdout)

	// caddy's settings are those that the documents give.
	_, documented, _ := strings.Cut(read(t, "cmd/up42hooks/README.md"), "```caddy\n# /etc/caddy/Caddyfile\n")
	documented, _, _ = strings.Cut(documented, "```")
	caddyfile := strings.NewReplacer("${DOMAIN}", "hooks.example.com", "up42hooks:9888", "127.0.0.1:9888").Replace(c.Configs["caddyfile"].Content)
	assert.Equal(t, documented, caddyfile)
	if caddy, err := exec.LookPath("caddy"); err == nil {
		file := writeFile(t, caddyfile)
		out, err := exec.Command(caddy, "adapt", "--adapter", "caddyfile", "--config", file).CombinedOutput()
		assert.NoError(t, err, "%s", out)
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	env := clitest.WithSecret(clitest.Home(t))
	_, stderr, code := clitest.Run(t, env, "health", "--listen", "127.0.0.1:1")
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, "no receiver answers on 127.0.0.1:1: nothing listens there; start one with: up42hooks\n")
	p := clitest.Receive(t, env, nil, "--admin", "127.0.0.1:0")
	stdout, stderr, code := clitest.Run(t, env, "health")
	assert.Zero(t, code, stderr)
	assert.Regexp(t, `^the receiver on 127\.0\.0\.1:\d+ is well\n$`, stdout)
	_, stderr, code = clitest.Run(t, env, "health", "--listen", "127.0.0.1:1")
	assert.Equal(t, 1, code, "another address is asked for")
	assert.Contains(t, stderr, "no receiver answers on 127.0.0.1:1")
	url, ok := p.Stderr.Await(`showing health and metrics" url=http://(\S+)`)
	require.True(t, ok)
	_, stderr, code = clitest.Run(t, env, "health", "--admin", url)
	assert.Zero(t, code, stderr)
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
	_, _, code = clitest.Run(t, env, "health", "--admin", url)
	assert.Equal(t, 1, code)
}

// The program of the image is built by the image's recipe, and runs as the image's user,
// as process 1, with a root that it can't write to.
func TestTheImageRuns(t *testing.T) {
	if os.Getenv("CI") == "" {
		t.Skip("it builds the program, which takes longer than all other tests here: set CI=true")
	}
	t.Parallel()
	c := newContainer(t)
	env := append(strings.Fields(last(t, "ENV")), compose(t).settings("hooks.example.com")...)
	env = append(env, "UP42_LISTEN=127.0.0.1:0", "UP42_ADMIN=127.0.0.1:0", "UP42_LOG_FORMAT=text", clitest.QuickEnd)
	p := c.start(t, env, words(t, last(t, "CMD"))...)
	url, ok := p.Stderr.Await(`receiving deliveries" url=(\S+) store=/var/lib/up42hooks/events.db`)
	require.True(t, ok, "it said: %s", p.Stderr)
	code, answer, err := clitest.Deliver(clitest.HTTPClient(t), url, clitest.Secret, clitest.Delivery("m1", "o1", "PLACED"))
	require.NoError(t, err)
	assert.Equal(t, 200, code, answer)
	health := c.start(t, env, healthCheck(t)[1:]...)
	health.Finish(t)
	assert.Contains(t, health.Stdout.String(), "is well")
	require.NoError(t, syscall.Kill(processOne(t, p), syscall.SIGTERM))
	p.Finish(t)
	assert.Contains(t, p.Stdout.String(), `"messageId":"m1"`)
	info, err := os.Stat(filepath.Join(c.state, "events.db"))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

// What programs of --exec leave behind is no zombie when it has ended.
func TestProcessOneReapsOrphans(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	program, orphan := filepath.Join(dir, "program"), filepath.Join(dir, "orphan")
	require.NoError(t, os.WriteFile(program, fmt.Appendf(nil, "#!/bin/sh\n(echo done >%s) >/dev/null 2>&1 &\n", orphan), 0o700))
	if _, err := exec.Command("unshare", "--pid", "--fork", "--mount-proc", "true").CombinedOutput(); err != nil {
		t.Skip("this machine does not let the test have a process 1 of its own")
	}
	path, err := exec.LookPath("up42hooks")
	require.NoError(t, err)
	cmd := exec.Command("unshare", "--pid", "--fork", "--mount-proc", "--kill-child", path, "listen", "--listen", "127.0.0.1:0", "--exec", program)
	cmd.Env = clitest.WithSecret(clitest.Home(t))
	p := clitest.StartCommand(t, cmd)
	url, ok := p.Stderr.Await(`receiving deliveries" url=(\S+)`)
	require.True(t, ok, "it said: %s", p.Stderr)
	for i := range 3 {
		_, _, err := clitest.Deliver(clitest.HTTPClient(t), url, clitest.Secret, clitest.Delivery(fmt.Sprint("m", i), fmt.Sprint("o", i), "PLACED"))
		require.NoError(t, err)
	}
	one := processOne(t, p)
	require.Eventually(t, func() bool {
		_, err := os.Stat(orphan)
		return err == nil && len(children(one)) == 1
	}, clitest.Patience, 10*time.Millisecond, "process 1 has only the receiver as a child")
	require.NoError(t, syscall.Kill(one, syscall.SIGTERM))
	p.Finish(t)
}

// processOne is the process that unshare started.
func processOne(t *testing.T, p *clitest.Process) int {
	t.Helper()
	all := children(p.Cmd.Process.Pid)
	require.Len(t, all, 1)
	return all[0]
}

// children are the processes that the threads of a process have started, or that it got
// when others ended.
func children(pid int) (all []int) {
	threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, file := range threads {
		text, _ := os.ReadFile(file)
		for _, word := range strings.Fields(string(text)) {
			if n, err := strconv.Atoi(word); err == nil {
				all = append(all, n)
			}
		}
	}
	return all
}

// container is a root folder with what the image has.
type container struct{ root, state, user string }

// newContainer builds the image's program and makes a root folder with it. It skips the
// test if this machine does not allow containers.
func newContainer(t *testing.T) *container {
	t.Helper()
	for _, name := range []string{"unshare", "chroot", "mount"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skip(name + " is not installed")
		}
	}
	if _, err := exec.Command("unshare", "--mount", "--pid", "--fork", "mount", "--bind", "/", "/").CombinedOutput(); err != nil || os.Getuid() != 0 {
		t.Skip("this machine does not let the test mount anything")
	}
	dir, err := os.MkdirTemp("", "up42hooks-container-")
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	c := &container{root: filepath.Join(dir, "root"), state: filepath.Join(dir, "state"), user: last(t, "USER")}
	for _, name := range []string{"proc", "run/secrets", last(t, "VOLUME")} {
		require.NoError(t, os.MkdirAll(filepath.Join(c.root, name), 0o755))
	}
	require.NoError(t, os.Mkdir(c.state, 0o700))
	secret := filepath.Join(c.root, compose(t).Services["up42hooks"].Environment["UP42_SECRET_FILE"])
	require.NoError(t, os.WriteFile(secret, []byte(clitest.Secret+"\n"), 0o600))
	id, err := strconv.Atoi(strings.Split(c.user, ":")[0])
	require.NoError(t, err)
	for _, name := range []string{c.state, secret} {
		require.NoError(t, os.Chown(name, id, id))
	}
	c.build(t)
	require.NoError(t, os.Chmod(dir, 0o755))
	return c
}

// build runs the command of the recipe that builds the program.
func (c *container) build(t *testing.T) {
	t.Helper()
	to := words(t, last(t, "ENTRYPOINT"))[0]
	for _, i := range dockerfile(t) {
		if i.name == "RUN" && strings.Contains(i.rest, "go build") {
			command := strings.Replace(i.rest, "-o "+to+" ", "-o "+filepath.Join(c.root, to)+" ", 1)
			require.NotEqual(t, i.rest, command)
			cmd := exec.Command("sh", "-c", command)
			cmd.Dir, cmd.Env = root, append(os.Environ(), "VERSION=test", "GOFLAGS=")
			out, err := cmd.CombinedOutput()
			require.NoError(t, err, "%s", out)
			return
		}
	}
	t.Fatal("the recipe builds nothing")
}

// start runs the program in the container, as process 1.
func (c *container) start(t *testing.T, env []string, args ...string) *clitest.Process {
	t.Helper()
	const script = `set -e
root=$1 state=$2 volume=$3 user=$4 program=$5; shift 5
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --bind "$state" "$root$volume"
mount -o remount,ro,bind "$root"
exec chroot --userspec="$user" "$root" "$program" "$@"`
	arguments := append([]string{"--mount", "--pid", "--fork", "--kill-child", "sh", "-c", script, "container", c.root, c.state, last(t, "VOLUME"), c.user, words(t, last(t, "ENTRYPOINT"))[0]}, args...)
	cmd := exec.Command("unshare", arguments...)
	cmd.Env = append(env, "PATH="+os.Getenv("PATH"))
	return clitest.StartCommand(t, cmd)
}
