//go:build unix

package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/receiver/notify/smtptest"
)

// Each event is told: by a line, a post and an e-mail to each address. A rule with `every`
// has one for all.
func TestEachEventIsTold(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	server := smtptest.Start(t, smtptest.Options{Auth: "PLAIN", Username: "ada", Password: "pass word"})
	posts := make(chan string, 100)
	chat := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		posts <- string(body)
	}))
	t.Cleanup(chat.Close)
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		return path
	}
	password := write("password", "pass word\n")
	lines, summary := filepath.Join(dir, "lines"), filepath.Join(dir, "summary")
	c := write("config.yaml", fmt.Sprintf(`
notify:
  - do: [file, post, email]
    file: %s
    line: "{id} {status}"
    url: %s/hidden
    email: {server: %q, ca-file: %s, username: ada, password-file: %s, from: hooks@example.com, to: [a@example.com, b@example.com], subject: "{id} {status}"}
  - do: file
    file: %s
    every: 1s
`, lines, chat.URL, server.Addr, server.CAFile, password, summary))
	doctor, _, _ := clitest.Run(t, clitest.Home(t), "doctor", "--config", c)
	for _, to := range []string{"a@example.com", "b@example.com"} {
		assert.Contains(t, doctor, "the server takes messages (e-mail to "+to+")")
	}
	p := clitest.Receive(t, clitest.WithSecret(clitest.Home(t)), nil, "--config", c)
	client := clitest.HTTPClient(t)
	statuses := []string{"CREATED", "PLACED", "BEING_FULFILLED", "PLACED", "FULFILLED"}
	var want strings.Builder
	for i, s := range statuses {
		code, _, err := clitest.Deliver(client, p.URL, clitest.Secret, clitest.Delivery(fmt.Sprint("m", i), "o1", s))
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, code)
		fmt.Fprintf(&want, "o1 %s\n", s)
	}
	content := func(file string) string {
		text, _ := os.ReadFile(file)
		return string(text)
	}
	require.Eventually(t, func() bool { return content(lines) == want.String() }, clitest.Patience, 10*time.Millisecond, "%s", p.Stderr)
	to := map[string]string{}
	for _, s := range statuses {
		assert.Contains(t, receive(t, posts), "order o1 is "+s)
	}
	for range 2 * len(statuses) {
		m := receive(t, server.Mails)
		assert.True(t, m.Encrypted)
		to[m.To] += regexp.MustCompile(`Subject: (.*\n)`).FindStringSubmatch(m.Data)[1]
	}
	assert.Equal(t, map[string]string{"a@example.com": want.String(), "b@example.com": want.String()}, to)
	require.Eventually(t, func() bool { return strings.Contains(content(summary), "FULFILLED") }, clitest.Patience, 10*time.Millisecond)
	assert.Less(t, strings.Count(content(summary), "\n"), len(statuses))
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
	for _, hidden := range []string{"pass word", "hidden"} {
		assert.NotContains(t, p.Stderr.String(), hidden)
	}
}

func receive[T any](t *testing.T, from <-chan T) (v T) {
	t.Helper()
	select {
	case v = <-from:
	case <-time.After(clitest.Patience):
		require.Fail(t, "nothing comes")
	}
	return v
}

// The password of a mail server comes from a variable, or from a file that it names.
func TestEmailsNeedAPassword(t *testing.T) {
	t.Parallel()
	const rule = `UP42_NOTIFY=[{do: email, email: {server: "smtp.example.com:587", from: a@example.com, to: b@example.com, username: ada}}]`
	env := append(clitest.Home(t), rule)
	_, stderr, code := clitest.Run(t, env, "listen", "--listen", "127.0.0.1:0")
	assert.Equal(t, 2, code)
	assert.Contains(t, stderr, "ada has no password: give password-file, or set UP42_SMTP_PASSWORD")
	clitest.Receive(t, append(env, "UP42_SMTP_PASSWORD=hush"), nil)
}

// The examples for notices are valid.
func TestExamplesOfNoticesAreValid(t *testing.T) {
	t.Parallel()
	examples := regexp.MustCompile("(?s)```yaml\n(# ~/.config/up42hooks/config.yaml\nnotify:.*?)```").FindAllStringSubmatch(read(t, "cmd/up42hooks/README.md"), -1)
	require.Len(t, examples, 2, "the ways, and an e-mail")
	for _, e := range examples {
		file := filepath.Join(t.TempDir(), "config.yaml")
		require.NoError(t, os.WriteFile(file, []byte(e[1]), 0o600))
		_, stderr, code := clitest.Run(t, clitest.Home(t), "config", "--config", file)
		assert.Zero(t, code, stderr)
	}
}

// The store is no file for messages, by whatever name: the receiver would lose its lock on it.
func TestNoMessagesIntoTheStore(t *testing.T) {
	t.Parallel()
	env := clitest.WithSecret(clitest.Home(t))
	store := clitest.StoreOf(env)
	link := filepath.Join(t.TempDir(), "link")
	require.NoError(t, os.Symlink(store, link))
	for _, file := range []string{store, link, store + "-shm"} {
		rule := "UP42_NOTIFY=[{do: file, file: '" + file + "'}]"
		_, stderr, code := clitest.Run(t, append(env, rule), "listen", "--listen=127.0.0.1:0")
		assert.Equal(t, 2, code)
		assert.Regexp(t, "^up42hooks: notify: all events: "+file+" (is the store itself|belongs to the store .*): name another file\n$", stderr)
		stdout, _, _ := clitest.Run(t, append(env, rule), "doctor", "--test=false")
		assert.Contains(t, stdout, "correct the rule in the configuration")
	}
	_, stderr, code := clitest.Run(t, env, "listen", "--listen=127.0.0.1:0", "--secret-file="+store)
	assert.Equal(t, 2, code)
	assert.Equal(t, "up42hooks: secret-file (from --secret-file): "+store+" is the store itself: name another file\n", stderr)
}

// Messages that can't be sent are sent after the next start, however the program ended.
func TestUnsentMessagesOutliveTheReceiver(t *testing.T) {
	t.Parallel()
	for _, end := range []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL} {
		t.Run(end.String(), func(t *testing.T) {
			t.Parallel()
			var down atomic.Bool
			down.Store(true)
			tried, posts := make(chan struct{}, 100), make(chan string, 100)
			chat := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if down.Load() {
					w.WriteHeader(http.StatusServiceUnavailable)
					tried <- struct{}{}
					return
				}
				body, _ := io.ReadAll(r.Body)
				posts <- string(body)
			}))
			t.Cleanup(chat.Close)
			env := append(clitest.WithSecret(clitest.Home(t)), "UP42_NOTIFY=[{do: post, url: '"+chat.URL+"/hidden'}]")
			p := clitest.Receive(t, env, nil)
			for _, id := range []string{"m1", "m2"} {
				code, _, err := clitest.Deliver(clitest.HTTPClient(t), p.URL, clitest.Secret, clitest.Delivery(id, "order-"+id, "PLACED"))
				require.NoError(t, err)
				require.Equal(t, http.StatusOK, code)
			}
			receive(t, tried)
			_, ok := p.Stderr.Await("it is tried again until it is sent")
			require.True(t, ok, p.Stderr)
			file := clitest.StoreOf(env) + ".notices"
			require.Eventually(t, func() bool { _, err := os.Stat(file); return err == nil }, clitest.Patience, 5*time.Millisecond)
			p.Signal(end)
			<-p.Done
			if end == syscall.SIGTERM {
				assert.Regexp(t, `the program ends before all messages are sent; the next start sends them".* deliveries=2 `, p.Stderr)
			}
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			assert.NotContains(t, string(text), "hidden")

			down.Store(false)
			next := clitest.Receive(t, env, nil)
			assert.Contains(t, receive(t, posts), "order order-m1 is PLACED")
			assert.Contains(t, receive(t, posts), "order order-m2 is PLACED")
			_, ok = next.Stderr.Await(`messages that the last run did not send are sent now".* deliveries=2`)
			assert.True(t, ok, next.Stderr)
			next.Signal(syscall.SIGTERM)
			next.Finish(t)
			assert.NoFileExists(t, file)
			assert.Empty(t, posts)
		})
	}
}

// Desktop notices get through a tmux that passes them on. Otherwise the bell rings, and that
// is said.
func TestDesktopNoticesBehindTmux(t *testing.T) {
	t.Parallel()
	term := newTerminal(t, 120, 30, append(clitest.WithSecret(clitest.Home(t)), "UP42_NOTIFY=[{do: desktop}]")...)
	shown := attach(t, term.socket)
	const advice = "put `set -g allow-passthrough on` into ~/.tmux.conf"
	term.runs("up42hooks --listen 127.0.0.1:0")
	term.sees("put `set -g allow-passthrough on` into")
	term.press("q", "q")
	term.sees(`ended with 0`)
	term.runs("clear; up42hooks doctor --test=false | tr -d '\\n'")
	// Where the terminal breaks the line, a space is lost.
	term.until("says what to do", func(s string) bool { return strings.Contains(squeezed(s), squeezed(advice)) })

	require.Eventually(t, func() bool { return shown() != "" }, clitest.Patience, 20*time.Millisecond, "it is attached")
	term.tmux("set-option", "-g", "allow-passthrough", "on")
	term.runs("clear; up42hooks --listen 127.0.0.1:0")
	url := "http://" + term.receives() + "/receive-webhooks"
	code, _, err := clitest.Deliver(clitest.HTTPClient(t), url, clitest.Secret, clitest.Delivery("m1", "o1", "PLACED"))
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, code)
	require.Eventually(t, func() bool { return strings.Contains(shown(), "\x1b]777;notify;up42hooks;order o1 is PLACED") }, clitest.Patience, 20*time.Millisecond)
	term.press("q", "q")
	term.sees(`ended with 0`)
}

// squeezed returns a text without white space.
func squeezed(s string) string { return strings.Join(strings.Fields(s), "") }

// attach shows a tmux on a terminal that knows OSC 777. The returned function returns what
// the terminal got.
func attach(t *testing.T, socket string) (shown func() string) {
	t.Helper()
	outside := exec.Command("tmux", "-S", socket, "attach")
	outside.Env = append(os.Environ(), "TERM=rxvt-unicode", "LC_ALL=C.UTF-8", "TMUX=")
	f, err := pty.StartWithSize(outside, &pty.Winsize{Cols: 120, Rows: 30})
	require.NoError(t, err)
	var mu sync.Mutex
	var got bytes.Buffer
	done := make(chan struct{})
	go func() {
		defer close(done)
		for b := make([]byte, 4096); ; {
			n, err := f.Read(b)
			mu.Lock()
			got.Write(b[:n])
			mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() {
		_ = outside.Process.Kill()
		_ = outside.Wait()
		_ = f.Close()
		<-done
	})
	return func() string {
		mu.Lock()
		defer mu.Unlock()
		return got.String()
	}
}
