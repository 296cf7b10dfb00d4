//go:build linux

package main

import (
	"encoding/base64"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// mark makes a secret that is found wherever it is.
func mark(name string) string {
	return "MARKED" + strings.ReplaceAll(name, "-", "") + "0123456789abcdef"
}

// marks are all secrets, by their names.
var marks = []string{
	"webhook", "basic", "wrong-basic", "cookie", "path", "query", "forward-password", "forward-secret", "nats", "postgres", "stream", "smtp", "chat", "password", "token", "upstream",
}

// found returns the names of the secrets that a text has, as they are or in base64.
func found(text string) (names []string) {
	for _, name := range marks {
		secret := mark(name)
		forms := []string{secret}
		for start := range 3 { // where it begins among the three bytes that make four characters
			encoded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", start) + secret))
			forms = append(forms, encoded[4:len(encoded)-4])
		}
		if slices.ContainsFunc(forms, func(f string) bool { return strings.Contains(text, f) }) {
			names = append(names, name)
		}
	}
	return names
}

// guarded is a home in which everything is configured that has a secret.
type guarded struct {
	home, out string
	env       []string

	mu    sync.Mutex
	got   strings.Builder // what targets and chats got
	asked strings.Builder // what UP42 got
}

func guard(t *testing.T) *guarded {
	t.Helper()
	writeNoCores(t)
	g := &guarded{out: t.TempDir()}
	target := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { g.note(&g.got, r) }))
	t.Cleanup(target.Close)
	hook := `{"id":"hook-1","name":"mine","url":"https://hooks.example.com/x","events":["order.status"],"active":true,"secret":"` + mark("upstream") + `"}`
	g.env = clitest.WithUP42(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.note(&g.asked, r)
		w.Header().Set("Content-Type", "application/json")
		switch {
		case strings.HasPrefix(r.URL.Path, "/realms/") && r.Method == http.MethodPost:
			_, _ = fmt.Fprintf(w, `{"access_token":%q,"expires_in":300}`, mark("token"))
		case strings.HasPrefix(r.URL.Path, "/realms/"):
			_, _ = io.WriteString(w, `{"sub":"ws"}`)
		case strings.HasSuffix(r.URL.Path, "/webhooks"):
			_, _ = io.WriteString(w, `{"data":[`+hook+`],"error":null}`)
		case strings.HasSuffix(r.URL.Path, "/hook-1"):
			_, _ = io.WriteString(w, `{"data":`+hook+`,"error":null}`)
		default: // it repeats what it got
			w.WriteHeader(http.StatusUnprocessableEntity)
			_, _ = fmt.Fprintf(w, `{"data":null,"error":{"code":422,"message":"no: %s"}}`, r.Header.Get("Authorization"))
		}
	}))
	g.home = strings.TrimPrefix(g.env[0], "HOME=")
	dump := g.file(t, "dump", fmt.Sprintf("#!/bin/sh\n{ env; tr '\\0' ' ' <\"/proc/$$/cmdline\"; cat; } >>'%s/children'\n", g.out), 0o700)
	g.file(t, "bin/cloudflared", fmt.Sprintf("#!/bin/sh\n{ env; tr '\\0' ' ' <\"/proc/$$/cmdline\"; } >>'%s/children'\nexec sleep 100\n", g.out), 0o700)
	g.file(t, ".config/up42hooks/config.yaml", fmt.Sprintf(`
secret: %s
basic-auth: ada:%s
forward-to:
  - %s/%s?key=%s
  - nats://127.0.0.1:1/up42.events
  - postgres://ada@127.0.0.1:1/up42?table=events
forward-creds: %s
forward-secret: %s
exec: %s
log-level: debug
commands: {J: {name: dump, run: [%s]}}
notify:
  - {do: post, url: %s/%s}
  - {do: email, email: {server: "127.0.0.1:1", username: ada, from: a@example.com, to: [b@example.com]}}
`, mark("webhook"), mark("basic"), target.URL, mark("path"), mark("query"), g.file(t, "nats", "ada:"+mark("nats"), 0o600), mark("forward-secret"), dump, dump, target.URL, mark("chat")), 0o600)
	g.file(t, "stream", "ada:"+mark("stream"), 0o600)
	g.env = append(slices.DeleteFunc(g.env, func(v string) bool { return strings.HasPrefix(v, "PATH=") }), "PATH="+filepath.Join(g.home, "bin")+":"+os.Getenv("PATH"),
		"UP42_PASSWORD="+mark("password"), "UP42_FORWARD_AUTH=ada:"+mark("forward-password"), "UP42_SMTP_PASSWORD="+mark("smtp"), "PGPASSWORD="+mark("postgres"),
		"GOTRACEBACK=crash", panicVariable+"=1", "DBUS_SESSION_BUS_ADDRESS=unix:path=/nowhere")
	return g
}

// file makes a file in the home, and returns its name.
func (g *guarded) file(t *testing.T, name, content string, mode fs.FileMode) string {
	t.Helper()
	path := filepath.Join(g.home, name)
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(t, os.WriteFile(path, []byte(content), mode))
	return path
}

func (g *guarded) note(where *strings.Builder, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	g.mu.Lock()
	defer g.mu.Unlock()
	_ = r.Header.Write(where)
	fmt.Fprintf(where, "%s\n%s\n", r.URL, body)
}

// has reports whether a target got a secret.
func (g *guarded) has(name string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Contains(found(g.got.String()), name)
}

// feed delivers in each way, and asks the receiver for all that it tells.
func (g *guarded) feed(t *testing.T, url string) (told string) {
	t.Helper()
	client := clitest.HTTPClient(t)
	for i, secret := range []string{mark("webhook"), mark("webhook"), "wrong"} {
		status, answer, err := clitest.Deliver(client, url, secret, clitest.Delivery(fmt.Sprint("m", i), "o1", "PLACED"))
		require.NoError(t, err)
		told += fmt.Sprint(status, answer)
	}
	for _, password := range []string{mark("basic"), mark("wrong-basic")} {
		r, err := http.NewRequest(http.MethodPost, url+"?x=y", strings.NewReader(string(clitest.Delivery("by "+password[:9], "o2", "PLACED"))))
		require.NoError(t, err)
		r.SetBasicAuth("ada", password)
		r.Header.Set("Cookie", "session="+mark("cookie"))
		told += answerTo(t, client, r)
	}
	for _, path := range []string{"/dump-webhooks", "/ping", "/nowhere"} {
		r, err := http.NewRequest(http.MethodGet, strings.TrimSuffix(url, "/receive-webhooks")+path, nil)
		require.NoError(t, err)
		r.SetBasicAuth("ada", mark("basic"))
		told += answerTo(t, client, r)
	}
	return told
}

func answerTo(t *testing.T, client *http.Client, r *http.Request) string {
	t.Helper()
	res, err := client.Do(r)
	require.NoError(t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res.Status + string(text)
}

// kept are the files that have secrets, as the documents say.
var kept = map[string][]string{
	".config/up42hooks/config.yaml": {"webhook", "basic", "path", "query", "forward-secret", "chat"}, "nats": {"nats"}, "stream": {"stream"},
}

// A secret is where its owner has put it, and goes to whom it is for. It is in no output, page, log,
// metric, export, recording and backup, not in the store, not in the environment or the command line of a
// program that is run, and not in the trace of a crash.
func TestSecretsAreWhereTheyBelong(t *testing.T) {
	t.Parallel()
	g := guard(t)
	none := func(what, text string) {
		t.Helper()
		assert.Empty(t, found(text), what)
	}
	formats := []string{"json"}
	if everything() {
		formats = []string{"text", "json"}
	}
	for _, format := range formats {
		p := receiveLogging(t, g.env, format, "--admin", "127.0.0.1:0", "--tunnel", "cloudflared")
		none("answers", g.feed(t, p.URL))
		require.Eventually(t, func() bool { return g.has("forward-password") && g.has("path") && g.has("query") && g.has("chat") }, clitest.Patience, 10*time.Millisecond, "%s", p.Stderr)
		admin, ok := p.Stderr.Await(`showing health and metrics.*url\W+(http://[0-9.:]+)`)
		require.True(t, ok, "%s", p.Stderr)
		for _, path := range []string{"/metrics", "/readyz", "/healthz"} {
			r, err := http.NewRequest(http.MethodGet, admin+path, nil)
			require.NoError(t, err)
			none(path, answerTo(t, clitest.HTTPClient(t), r))
		}
		p.Signal(syscall.SIGHUP)
		for _, args := range [][]string{{"health"}, {"store", "info"}, {"events"}, {"doctor", "--test=false"}} {
			none(args[0], runsInside(t, g.env, format == "text", args...))
		}
		p.Signal(panicSignal)
		code, ok := p.Wait()
		require.True(t, ok)
		assert.Equal(t, -1, code, "it ended by a signal")
		assert.Contains(t, p.Stderr.String(), "panic: forced")
		assert.Contains(t, p.Stderr.String(), "goroutine ")
		none("the output", p.Stdout.String())
		none("the log as "+format, p.Stderr.String())
	}
	g.look(t, none)
	g.runEach(t, none)
	children, err := os.ReadFile(filepath.Join(g.out, "children"))
	require.NoError(t, err)
	assert.Contains(t, string(children), "UP42_SEQ=", "a program of --exec ran")
	assert.Contains(t, string(children), "cloudflared", "a tunnel ran")
	g.searchFiles(t)
	shown := runsInside(t, g.env, false, "webhooks", "list", "--show-secrets")
	assert.Equal(t, []string{"upstream"}, found(shown), "who asks for it gets it: %s", shown)
}

// A mistake in the settings is told without the value.
func TestSecretsAreNotInErrorsOfSettings(t *testing.T) {
	t.Parallel()
	secret := mark("webhook")
	for _, text := range []string{
		"secret: !" + secret, "secret: ! " + secret, "secret: *" + secret, "secret: &" + secret, "{secret:" + secret + "}", "{secret=" + secret + "}", "secret:" + secret + ": x",
		"secret: \"\\q" + secret + "\"", "secret: " + secret + "\x00", "notify: [{do: post, url:https://h/" + secret + "}]", "commands: {J:\"jq --token " + secret + "\"}",
		"notify: [{when: \"is:failed\", password:" + secret + "}]",
	} {
		env := bare(t, "HOME="+t.TempDir(), "UP42_CONFIG="+writeFile(t, text+"\n"), "UP42_API_URL=http://127.0.0.1:1")
		for _, args := range [][]string{{"config"}, {"doctor", "--test=false", "--json"}} {
			stdout, stderr, code := clitest.Run(t, env, args...)
			assert.NotZero(t, code, "%s: %s", text, args[0])
			assert.Contains(t, stdout+stderr, ":1: ", "its line: %s", text)
			assert.Empty(t, found(stdout+stderr), "%s: %s", text, args[0])
		}
	}
}

// runEach runs each command.
func (g *guarded) runEach(t *testing.T, none func(what, text string)) {
	t.Helper()
	request := g.file(t, "request", "POST /receive-webhooks HTTP/1.1\r\nHost: h\r\nAuthorization: Basic eDp5\r\n\r\n{}", 0o600)
	out := t.TempDir()
	eachUse(func(n int, use string, form ...string) {
		args := arguments(use, map[string]string{"file": request, "out": out, "text": "text"})
		none(strings.Join(append([]string{use}, form...), " "), runsInside(t, g.env, n%4 < 2, append(args, form...)...))
	})
	require.NoError(t, filepath.WalkDir(out, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			none(path, string(text))
		}
		return err
	}))
}

// look shows every page, runs a program of a key, and lets the dashboard crash.
func (g *guarded) look(t *testing.T, none func(what, text string)) {
	t.Helper()
	// A receiver without the stream of its team does not forward, so only this one is in a team.
	m := clitest.OnTerminal(t, g.env, 160, 50, "watch", "--listen", "127.0.0.1:0", "--record", filepath.Join(g.out, "talk.rec"),
		"--stream", "nats://127.0.0.1:1", "--stream-login", filepath.Join(g.home, "stream"))
	screen := m.Sees(t, "Overview")
	for _, page := range []struct{ key, shows string }{{"1", "Jobs"}, {"2", "JOURNEY"}, {"3", "VERDICT"}, {"4", "mine"}, {"5", "Undelivered"}} {
		m.Key(t, page.key)
		screen += m.Sees(t, page.shows)
	}
	m.Key(t, "3\r")
	screen += m.Sees(t, "Verdict")
	m.Key(t, "J?")
	screen += m.Sees(t, "On stage")
	require.Eventually(t, func() bool {
		children, _ := os.ReadFile(filepath.Join(g.out, "children"))
		return strings.Contains(string(children), "UP42_VERDICT=")
	}, clitest.Patience, 10*time.Millisecond)
	none("the screen", screen)
	m.Signal(panicSignal)
	<-m.Done
	assert.Equal(t, -1, m.Code(), "it ended by a signal")
	none("all that came to the terminal", m.String())
}

// searchFiles looks into all files that there are.
func (g *guarded) searchFiles(t *testing.T) {
	t.Helper()
	seen := 0
	for _, root := range []string{g.home, g.out} {
		require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			seen++
			name, _ := filepath.Rel(g.home, path)
			assert.ElementsMatch(t, kept[name], found(string(text)), path)
			return nil
		}))
	}
	assert.Greater(t, seen, 8, "config, secrets, store, log, recording, what children got")
}
