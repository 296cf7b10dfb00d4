//go:build unix

package main

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/tui/tuitest/hostile"
)

// Secrets that a server gets, and repeats.
const (
	repeatedPassword = "MARKED-password"
	repeatedToken    = "MARKED-token"
	repeatedSecret   = "MARKED-secret"
)

// repeating are servers that play UP42 and repeat the secrets that they got, in each place of their answers.
func repeating() map[string]http.Handler {
	const all = repeatedPassword + " " + repeatedToken + " " + repeatedSecret
	answers := func(signIn, user, list, events string) http.Handler {
		h := http.NewServeMux()
		answer := func(body string) http.HandlerFunc {
			return func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.Header().Set("X-Request-Id", all)
				text, refused := strings.CutPrefix(body, "403")
				if refused {
					w.WriteHeader(http.StatusForbidden)
				}
				_, _ = io.WriteString(w, text)
			}
		}
		h.HandleFunc("POST /realms/", answer(signIn))
		h.HandleFunc("GET /realms/", answer(user))
		h.HandleFunc("GET /webhooks/events", answer(events))
		h.HandleFunc("/", answer(list))
		return h
	}
	const token, workspace, none = `{"access_token":"` + repeatedToken + `","expires_in":300}`, `{"sub":"ws"}`, `{"data":[],"error":null}`
	const refused = `403{"error":{"code":"` + all + `","message":"` + all + `"},"error_description":"` + all + `"}`
	const hook = `{"data":[{"id":"hook-1","name":"` + all + `","url":"http://127.0.0.1:9888/receive-webhooks?` + repeatedPassword + `","events":["` + all + `"],"active":true,"secret":"` + repeatedSecret + `"}],"error":null}`
	return map[string]http.Handler{
		"sign-in":     answers(`403{"error":"`+all+`","error_description":"`+all+`"}`, workspace, none, none),
		"the account": answers(token, `{"sub":"`+repeatedPassword+`"}`, none, none),
		"webhooks":    answers(token, workspace, hook, none),
		"a refusal":   answers(token, workspace, refused, refused),
		"events":      answers(token, workspace, hook, `{"data":[{"name":"`+all+`"}],"error":null}`),
		"a page":      answers(token, "<html>"+all, "<html>"+all, "<html>"+all),
	}
}

// Doctor's findings are pasted into tickets. They have no secret, whatever a server says.
func TestDoctorPrintsNoSecretThatAServerRepeats(t *testing.T) {
	t.Parallel()
	for name, up42 := range repeating() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := httptest.NewServer(up42)
			defer s.Close()
			env := append(clitest.Home(t), "UP42_API_URL="+s.URL, "UP42_AUTH_URL="+s.URL, "UP42_USERNAME=ada", "UP42_WEBHOOK_SECRET="+repeatedSecret)
			credentials := filepath.Join(t.TempDir(), "credentials")
			require.NoError(t, os.WriteFile(credentials, []byte(`{"username":"ada","password":"`+repeatedPassword+`"}`), 0o600))
			for _, account := range [][]string{
				append(env, "UP42_PASSWORD="+repeatedPassword), append(env[:len(env):len(env)], "UP42_TOKEN="+repeatedToken), append(without(env, "UP42_USERNAME"), "UP42_CREDENTIALS="+credentials),
			} {
				for _, form := range []string{"table", "json", "csv"} {
					out, said, _ := clitest.Run(t, account, "doctor", "-o", form, "--listen", "127.0.0.1:0", "--public-url", "http://127.0.0.1:9888")
					assert.Contains(t, out, "sign-in")
					secrets := []string{repeatedSecret, repeatedPassword}
					if strings.Contains(account[len(account)-1], repeatedToken) {
						secrets[1] = repeatedToken
					}
					for _, secret := range secrets {
						assert.NotContains(t, out+said, secret)
					}
				}
			}
		})
	}
}

// without returns an environment without a variable.
func without(env []string, name string) (rest []string) {
	for _, v := range env {
		if !strings.HasPrefix(v, name+"=") {
			rest = append(rest, v)
		}
	}
	return rest
}

// The errors of commands that sign in are one line each, whatever the server is.
func TestCommandsOnAServerThatIsNotUP42(t *testing.T) {
	t.Parallel()
	text := hostile.Texts()[0].Text + "\x1b[2J\x1b]0;owned\x07\u202e"
	servers := map[string]http.HandlerFunc{
		"pages": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>"+text) },
		"texts": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) },
		"refuses": func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, text+repeatedPassword, http.StatusForbidden)
		},
		"raw": func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n"+text+repeatedPassword+"\r\n\r\n")
				_ = conn.Close()
			}
		},
		"long": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, strings.Repeat("x", 20<<20)) },
	}
	for name, up42 := range servers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := httptest.NewServer(up42)
			defer s.Close()
			env := append(clitest.Home(t), "UP42_API_URL="+s.URL, "UP42_AUTH_URL="+s.URL)
			account := append(env, "UP42_USERNAME=ada", "UP42_PASSWORD="+repeatedPassword)
			for _, args := range [][]string{
				{"webhooks", "list"}, {"webhooks", "list", "--json"}, {"webhooks", "get", "x"}, {"webhooks", "events"}, {"webhooks", "test", "x"}, {"webhooks", "delete", "x", "--yes"},
			} {
				out := runsInside(t, account, true, args...)
				harmless(t, strings.Join(args, " "), out)
				assert.NotContains(t, out, repeatedPassword)
				assert.Less(t, len(out), 2000, "%v: %.200s", args, out)
			}
			var out bytes.Buffer
			login := cli.Env{
				Stdin: strings.NewReader(repeatedPassword + "\n"), Stdout: &out, Stderr: &out, Getenv: clitest.Getenv(env), Environ: func() []string { return env },
				Now: time.Now, Program: "up42hooks", Quiet: new(bool),
			}
			assert.Equal(t, 1, cli.Run(t.Context(), login, newRoot(login), []string{"login", "--username", "ada", "--password-stdin"}), "%s", &out)
			harmless(t, "login", out.String())
			assert.Contains(t, out.String(), "nothing is kept")
			assert.NotContains(t, out.String(), repeatedPassword)
			assert.Less(t, out.Len(), 2000)
		})
	}
}

// What a server says although nobody has asked is not printed: net/http logs it by itself.
func TestAServerThatSaysMoreThanItWasAsked(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				in := bufio.NewReader(conn)
				for {
					r, err := http.ReadRequest(in)
					if err != nil {
						return
					}
					_, _ = io.Copy(io.Discard, r.Body)
					_, _ = io.WriteString(conn, "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"+repeatedPassword)
				}
			}()
		}
	}()
	env := append(clitest.Home(t), "UP42_API_URL=http://"+l.Addr().String(), "UP42_AUTH_URL=http://"+l.Addr().String(), "UP42_USERNAME=ada", "UP42_PASSWORD="+repeatedPassword)
	for range 5 {
		out, said, code := clitest.Run(t, env, "doctor", "--listen", "127.0.0.1:0")
		assert.Equal(t, 1, code)
		assert.Contains(t, out, "403")
		assert.Empty(t, said)
	}
}
