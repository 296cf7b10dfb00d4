//go:build unix

package main

import (
	"bufio"
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// bare is an environment with nothing but what a process needs, and these variables.
func bare(t *testing.T, variables ...string) []string {
	t.Helper()
	env := slices.DeleteFunc(clitest.Home(t), func(v string) bool { return strings.HasPrefix(v, "HOME=") || strings.HasPrefix(v, "LANG=") })
	return append(env, variables...)
}

func writeFile(t *testing.T, content string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(name, []byte(content), 0o600))
	return name
}

// A file that a variable names is private like any other with a secret.
func TestDoctorWarnsOfReadableValueFiles(t *testing.T) {
	t.Parallel()
	file := writeFile(t, "ada:lovelace\n")
	require.NoError(t, os.Chmod(file, 0o644))
	stdout, _, _ := clitest.Run(t, append(clitest.Home(t), "UP42_BASIC_AUTH_FILE="+file, "UP42_API_URL=http://127.0.0.1:1"), "doctor", "--listen", "127.0.0.1:0")
	assert.Contains(t, stdout, file+" can be read or written by other users (0644)")
	assert.NotContains(t, stdout, "lovelace")
}

// A receiver is configured by variables alone, as in a container.
func TestVariablesConfigureAReceiver(t *testing.T) {
	t.Parallel()
	store := filepath.Join(t.TempDir(), "events.db")
	p := clitest.Receive(t, bare(t, "UP42_STORE="+store, "UP42_SECRET_FILE="+writeFile(t, "one\ntwo\n"), "UP42_PATH=/in",
		"UP42_REQUIRE_DIGEST=true", "UP42_BASIC_AUTH_FILE="+writeFile(t, "ada:lovelace\n"), "UP42_FILTER=is:succeeded"), nil)
	assert.True(t, strings.HasSuffix(p.URL, "/in"), p.URL)
	for i, status := range []string{"PLACED", "FULFILLED"} {
		code, answer, err := clitest.Deliver(clitest.HTTPClient(t), p.URL, []string{"one", "two"}[i], clitest.Delivery(status, "o1", status))
		require.NoError(t, err)
		assert.Equal(t, 200, code, answer)
	}
	code, _ := postWithPassword(t, p.URL, "ada", "lovelace", clitest.Delivery("m3", "o1", "PLACED"))
	assert.Equal(t, 200, code)
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
	assert.Equal(t, 1, strings.Count(p.Stdout.String(), "\n"), "what UP42_FILTER selects: %s", p.Stdout)
	_, stderr, exit := clitest.Run(t, bare(t, "UP42_REQUIRE_DIGEST=perhaps"), "listen", "--store", store)
	assert.Equal(t, 2, exit)
	assert.Equal(t, `up42hooks: require-digest: "perhaps" (from UP42_REQUIRE_DIGEST): want true or false`+"\n", stderr)
}

func TestAMistypedVariableIsRefused(t *testing.T) {
	t.Parallel()
	for _, command := range [][]string{{"listen"}, {"events"}, {"webhooks", "list"}, {"config"}, {"verify", "/dev/null"}} {
		_, stderr, code := clitest.Run(t, append(clitest.Home(t), "UP42_REQUIRE_DIGETS=true", "UP42_PROJECT_ID=1"), command...)
		assert.Equal(t, 2, code, command)
		assert.Equal(t, "up42hooks: UP42_REQUIRE_DIGETS is not a setting; did you mean UP42_REQUIRE_DIGEST?\n", stderr, command)
	}
	stdout, stderr, code := clitest.Run(t, append(clitest.Home(t), "UP42_REQUIRE_DIGETS=true", "UP42_PROJECT_ID=1", "UP42_API_URL=http://127.0.0.1:1"), "doctor", "--listen", "127.0.0.1:0")
	assert.Equal(t, 1, code, stderr)
	assert.Contains(t, stdout, "UP42_REQUIRE_DIGETS is not a setting; did you mean UP42_REQUIRE_DIGEST?")
	assert.Contains(t, stdout, "UP42_PROJECT_ID is not a setting, and is ignored")
	for _, command := range []string{"version", "completion"} {
		_, stderr, code := clitest.Run(t, append(clitest.Home(t), "UP42_REQUIRE_DIGETS=true"), command)
		assert.Zero(t, code, "%s has no settings: %s", command, stderr)
	}
}

// The variables that a program of --exec gets are not settings.
func TestVariablesOfAProgramAreNotSettings(t *testing.T) {
	t.Parallel()
	env := append(clitest.Home(t), "UP42_SEQ=7", "UP42_EVENT=order.status", "UP42_STATUS=PLACED", "UP42_FINAL=true", "UP42_KIND=order", "UP42_ID=o1")
	stdout, stderr, code := clitest.Run(t, env, "config")
	assert.Zero(t, code, stderr)
	assert.Regexp(t, `(?m)^final +false +default$`, stdout)
}

func TestTheNamedConfigurationFile(t *testing.T) {
	t.Parallel()
	file := writeFile(t, "listen: :1\n")
	stdout, _, code := clitest.Run(t, clitest.Home(t), "config", "--config", file)
	assert.Zero(t, code)
	assert.Regexp(t, `(?m)^listen +:1 +`+file+`:1$`, stdout)
	assert.Regexp(t, `(?m)^config +`+file+` +--config$`, stdout)
	stdout, _, _ = clitest.Run(t, append(clitest.Home(t), "UP42_CONFIG="+file), "config")
	assert.Regexp(t, `(?m)^listen +:1 `, stdout)
	link := filepath.Join(t.TempDir(), "link.yaml")
	require.NoError(t, os.Symlink("/gone", link))
	for name, want := range map[string]string{
		link:                                    "is a symbolic link to a file that is not there: make that, or name another file",
		filepath.Join(t.TempDir(), "none.yaml"): "does not exist: name a file that does",
		t.TempDir():                             "is a folder: name a file in it",
		writeFile(t, "config: other.yaml\n"):    `unknown setting "config"`,
	} {
		for _, command := range []string{"listen", "events", "config"} {
			_, stderr, code := clitest.Run(t, clitest.Home(t), command, "--config", name)
			assert.Equal(t, 2, code, command)
			assert.Contains(t, stderr, want, command)
			assert.Contains(t, stderr, name, command)
		}
	}
}

// Each command that has settings takes them from the named file.
func TestEachCommandWithSettingsHasConfig(t *testing.T) {
	var visit func(c *cobra.Command)
	visit = func(c *cobra.Command) {
		for _, name := range []string{"store", "secret", "region"} {
			if own := c.Flags().Lookup(name); own != nil && strings.Contains(own.Usage, "[UP42_") {
				assert.NotNil(t, c.Flags().Lookup("config"), c.CommandPath())
			}
		}
		for _, sub := range c.Commands() {
			visit(sub)
		}
	}
	visit(newRoot(cli.System("")))
}

// A default that is not used is not asked for; one that is needed says which setting to
// give.
func TestWithoutAHome(t *testing.T) {
	t.Parallel()
	store, secrets := filepath.Join(t.TempDir(), "events.db"), writeFile(t, clitest.Secret+"\n")
	p := clitest.Receive(t, bare(t), nil, "--store", store, "--secret-file", secrets)
	code, _, err := clitest.Deliver(clitest.HTTPClient(t), p.URL, clitest.Secret, clitest.Delivery("m1", "o1", "PLACED"))
	require.NoError(t, err)
	assert.Equal(t, 200, code)
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
	for _, command := range []string{"config", "version", "events --store " + store, "orders --store " + store, "store info --store " + store, "store verify --store " + store} {
		_, stderr, code := clitest.Run(t, bare(t), strings.Fields(command)...)
		assert.Zero(t, code, "%s: %s", command, stderr)
	}
	for command, want := range map[string]string{
		"listen":                  "give --store or set UP42_STORE",
		"events":                  "give --store or set UP42_STORE",
		"store info":              "give --store or set UP42_STORE",
		"forward --to http://a.b": "give --store or set UP42_STORE",
	} {
		_, stderr, code := clitest.Run(t, bare(t), strings.Fields(command)...)
		assert.Equal(t, 2, code, command)
		assert.Contains(t, stderr, want, command)
	}
	_, stderr, code := clitest.Run(t, bare(t), "listen", "--store", store)
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, "give --secret-file, or set UP42_SECRET_FILE, UP42_SECRET or HOME")
	stdout, _, code := clitest.Run(t, bare(t, "UP42_API_URL=http://127.0.0.1:1"), "doctor", "--listen", "127.0.0.1:0")
	assert.Equal(t, 1, code)
	assert.Contains(t, stdout, "to do: give --store or set UP42_STORE")
	m := clitest.OnTerminal(t, bare(t), 80, 24, "--store", store, "--secret-file", secrets)
	<-m.Done
	assert.Contains(t, m.String(), "give --log or set UP42_LOG")
}

// A configuration file in a home that a service can't see is not missed, unless it is
// named.
func TestTheConfigurationFileInAHiddenHome(t *testing.T) {
	t.Parallel()
	user := asAnotherUser(t)
	hidden := filepath.Join(user.dir, "home")
	require.NoError(t, os.Mkdir(hidden, 0))
	env := bare(t, "HOME="+filepath.Join(hidden, "up42hooks"))
	args := []string{"--listen", "127.0.0.1:0", "--store", filepath.Join(user.dir, "state", "events.db"), "--secret-file", user.secrets}
	p := user.start(t, env, append([]string{"listen"}, args...)...)
	warning, ok := p.Stderr.Await(`level=WARN msg="(the configuration file is not used: .*)"$`)
	require.True(t, ok, "it said: %s", p.Stderr)
	assert.Contains(t, warning, "you may not look into the folder "+hidden+": change its permissions, or name another file, with --config or UP42_CONFIG")
	_, ok = p.Stderr.Await(`receiving deliveries`)
	require.True(t, ok, "it said: %s", p.Stderr)
	p.Signal(syscall.SIGTERM)
	p.Finish(t)

	p = user.start(t, env, "listen", "--config", filepath.Join(hidden, "config.yaml"))
	code, ok := p.Wait()
	assert.True(t, ok)
	assert.Equal(t, 2, code)
	assert.Contains(t, p.Stderr.String(), "you may not look into the folder "+hidden)
	p = user.start(t, bare(t, "HOME=/dev/null"), append([]string{"listen"}, args...)...)
	_, ok = p.Stderr.Await(`receiving deliveries`)
	require.True(t, ok, "it said: %s", p.Stderr)
	assert.NotContains(t, p.Stderr.String(), "WARN")
}

// A configuration file that is there is used, or nothing is done: a receiver with the defaults in
// its place has other secrets.
func TestAConfigurationFileThatCantBeRead(t *testing.T) {
	t.Parallel()
	user := asAnotherUser(t)
	folder := filepath.Join(user.dir, "etc", "up42hooks")
	file := filepath.Join(folder, "config.yaml")
	require.NoError(t, os.MkdirAll(folder, 0o755))
	require.NoError(t, os.WriteFile(file, []byte("secret: "+clitest.Secret+"\n"), 0o600))
	require.NoError(t, os.Chmod(file, 0o644))
	env := bare(t, "XDG_CONFIG_HOME="+filepath.Dir(folder), "XDG_STATE_HOME="+filepath.Join(user.dir, "state"),
		"UP42_LISTEN=127.0.0.1:0", "UP42_API_URL=http://127.0.0.1:1")

	p := user.start(t, env, "listen")
	advice, ok := p.Stderr.Await(`level=WARN msg="` + file + ` can be read or written by other users \(0644\)" advice="([^"]*)"`)
	require.True(t, ok, "it said: %s", p.Stderr)
	if user.attr != nil {
		assert.Equal(t, "as root: chown 64123 "+file+" && chmod 600 "+file, advice, "chmod alone would make it unreadable")
	}
	p.Signal(syscall.SIGTERM)
	p.Finish(t)

	unreadable := func(want string) {
		t.Helper()
		for args, code := range map[string]int{
			"listen": 2, "watch": 2, "": 2, "events": 2, "config": 2, "webhooks list": 2, "store info": 2, "verify /dev/null": 2, "doctor": 1,
			"version": 0, "--help": 0, "help listen": 0, "completion bash": 0, "__complete listen --theme d": 0,
		} {
			p := user.start(t, env, strings.Fields(args)...)
			got, ok := p.Wait()
			require.True(t, ok, args)
			assert.Equal(t, code, got, "%s: %s", args, p.Stderr)
			switch code {
			case 2:
				assert.Equal(t, "up42hooks: configuration file: "+want+", with --config or UP42_CONFIG\n", p.Stderr.String(), args)
			case 1:
				assert.Contains(t, p.Stdout.String(), "fail configuration configuration file: "+want)
			default:
				assert.NotContains(t, p.Stderr.String(), "configuration file", args)
			}
		}
	}
	closed := os.FileMode(0o600)
	if user.attr == nil {
		closed = 0
	}
	require.NoError(t, os.Chmod(file, closed))
	unreadable(file + " may not be read by you: change its permissions, or name another file")
	require.NoError(t, os.Chmod(folder, closed))
	t.Cleanup(func() { _ = os.Chmod(folder, 0o700) })
	unreadable(file + " can't be reached: you may not look into the folder " + folder + ": change its permissions, or name another file")
}

// A link to nothing is a file that can't be read.
func TestAConfigurationFileThatIsALinkToNothing(t *testing.T) {
	t.Parallel()
	env := clitest.Home(t)
	file := filepath.Join(strings.TrimPrefix(env[0], "HOME="), ".config", "up42hooks", "config.yaml")
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o700))
	require.NoError(t, os.Symlink(filepath.Join(t.TempDir(), "gone.yaml"), file))
	_, stderr, code := clitest.Run(t, env, "config")
	assert.Equal(t, 2, code)
	assert.Equal(t, "up42hooks: configuration file: "+file+" is a symbolic link to a file that is not there: make that, or remove the link\n", stderr)
}

// Every line on stderr is JSON: the log, what is said, and errors at the end.
func TestTheLogAsJSON(t *testing.T) {
	t.Parallel()
	lines := func(text string) (all []map[string]any) {
		s := bufio.NewScanner(strings.NewReader(text))
		for s.Scan() {
			var line map[string]any
			require.NoError(t, json.Unmarshal(s.Bytes(), &line), "%q", s.Text())
			for _, key := range []string{"time", "level", "msg"} {
				assert.Contains(t, line, key)
			}
			all = append(all, line)
		}
		return all
	}
	last := func(text string) map[string]any {
		all := lines(text)
		require.NotEmpty(t, all)
		return all[len(all)-1]
	}
	env := append(clitest.WithSecret(clitest.Home(t)), "UP42_LOG_FORMAT=json")
	p, err := clitest.Start(env, nil, "listen", "--listen", "127.0.0.1:0", "--statuses", "FULFILED", "--forward-to", "http://127.0.0.1:1/x", "--exec", "true")
	require.NoError(t, err)
	url, ok := p.Stderr.Await(`"msg":"receiving deliveries","url":"([^"]+)"`)
	require.True(t, ok, "%s", p.Stderr)
	for _, path := range []string{"/receive-webhooks", "/\u009b31mred"} {
		_, _, err = clitest.Deliver(clitest.HTTPClient(t), strings.TrimSuffix(url, "/receive-webhooks")+path, "wrong", clitest.Delivery("m1", "o1", "PLACED"))
		require.NoError(t, err)
	}
	_, ok = p.Stderr.Await(`"msg":"got a request to an unknown path","path":"/[^"]*31mred"`)
	require.True(t, ok, "%s", p.Stderr)
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
	all := lines(p.Stderr.String())
	assert.NotContains(t, p.Stderr.String(), "\u009b")
	says := func(field, value string) bool {
		return slices.ContainsFunc(all, func(line map[string]any) bool { return line[field] == value })
	}
	assert.True(t, says("reason", "signature-mismatch"), "%s", p.Stderr)
	assert.True(t, says("level", "WARN"))
	assert.Contains(t, p.Stderr.String(), "FULFILED", "the doubt about a status is a line too")

	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	for command, code := range map[string]int{
		"listen --listen " + l.Addr().String(): 1,
		"listen --listen here":                 2,
		"listen --bogus":                       2,
		"listen --max-age":                     2,
		"listen more":                          2,
		"--listen here":                        2,
		"watch --listen here":                  2,
	} {
		_, stderr, exit := clitest.Run(t, env, strings.Fields(command)...)
		assert.Equal(t, code, exit, command)
		line := last(stderr)
		assert.Equal(t, "ERROR", line["level"], command)
		assert.EqualValues(t, code, line["exit"], command)
	}
	_, stderr, _ := clitest.Run(t, clitest.Home(t), "listen", "--log-format=json", "--listen", "here")
	assert.Equal(t, "ERROR", last(stderr)["level"])
	_, stderr, _ = clitest.Run(t, clitest.Home(t), "listen", "--config", writeFile(t, "log-format: json\nlisten: here\n"))
	assert.Equal(t, "ERROR", last(stderr)["level"])
	_, stderr, _ = clitest.Run(t, env, "events", "--bogus")
	assert.Equal(t, "up42hooks: unknown flag --bogus", strings.SplitN(stderr, ";", 2)[0], "other commands speak to people")
}

func TestTheLevelOfTheLog(t *testing.T) {
	t.Parallel()
	env := clitest.WithSecret(clitest.Home(t))
	p := clitest.Receive(t, env, nil, "--log-level", "debug")
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
	q, err := clitest.Start(append(env, "UP42_LOG_LEVEL=error"), nil, "listen", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0")
	require.NoError(t, err)
	awaitReceiver(t, env)
	q.Signal(syscall.SIGTERM)
	q.Finish(t)
	assert.Empty(t, q.Stderr.String())
}

// The dashboard's log has the same form.
func TestTheDashboardsLogAsJSON(t *testing.T) {
	t.Parallel()
	env := clitest.WithSecret(clitest.Home(t))
	file := filepath.Join(t.TempDir(), "log")
	m := clitest.OnTerminal(t, env, 100, 30, "--listen", "127.0.0.1:0", "--log-format", "json", "--log", file, "--admin", "127.0.0.1:0")
	var line map[string]any
	require.Eventually(t, func() bool {
		text, err := os.ReadFile(file)
		return err == nil && json.Unmarshal([]byte(strings.SplitN(string(text), "\n", 2)[0]), &line) == nil
	}, clitest.Patience, 10*time.Millisecond)
	assert.Equal(t, "showing health and metrics", line["msg"])
	m.Signal(syscall.SIGTERM)
	m.Ends(t)
}
