package webhooks

import (
	"io"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/term"

	"github.com/up42/up42-webhooks/client/simulator"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/tui/roundtrip"
)

// On a terminal the name is asked for.
func TestDeleteAsks(t *testing.T) {
	t.Parallel()
	env := clitest.WithUP42(t, simulator.New(simulator.Options{Seed: 1, Quiet: true}))
	_, said, code := clitest.Run(t, env, "webhooks", "create", "--name", "mine", "--url", "https://hooks.example.com", "--events", "order.status")
	require.Zero(t, code, said)
	for _, tc := range []struct {
		typed, answer string
		code          int
	}{
		{"yes\r", "that is not its name: nothing was deleted", 1},
		{"\r", "that is not its name: nothing was deleted", 1},
		{"\x04", "that is not its name: nothing was deleted", 1},
		{"mine\r", `deleted \S+ \(mine\)`, 0},
	} {
		m := clitest.OnTerminal(t, env, 80, 24, "webhooks", "delete", "mine")
		_, ok := m.Await("Type its name to delete it: ")
		require.True(t, ok, "on the screen: %q", m)
		m.Key(t, tc.typed)
		_, ok = m.Await(tc.answer)
		assert.True(t, ok, "on the screen: %q", m)
		<-m.Done
		assert.Equal(t, tc.code, m.Code())
		m.AskedNothing(t)
	}
}

func TestATypedSecretIsNotShown(t *testing.T) {
	t.Parallel()
	env := clitest.WithUP42(t, simulator.New(simulator.Options{Seed: 1, Quiet: true}))
	m := clitest.OnTerminal(t, env, 80, 24, "webhooks", "create", "--name", "mine", "--url", "https://hooks.example.com",
		"--events", "order.status", "--secret", "-")
	_, ok := m.Await("secret: ")
	require.True(t, ok, "on the screen: %q", m)
	m.Key(t, "hush hush\r")
	<-m.Done
	assert.Zero(t, m.Code(), "on the screen: %q", m)
	assert.NotContains(t, m.String(), "hush")
	stdout, _, _ := clitest.Run(t, env, "webhooks", "get", "mine", "--json", "--show-secrets")
	assert.Contains(t, stdout, `"secret":"hush hush"`)
}

// Whatever ends the prompt for a secret, the terminal is restored.
func TestThePromptForASecretRestoresTheTerminal(t *testing.T) {
	t.Parallel()
	env := clitest.WithUP42(t, simulator.New(simulator.Options{Seed: 1, Quiet: true}))
	master, fresh, err := pty.Open()
	require.NoError(t, err)
	t.Cleanup(func() { _, _ = fresh.Close(), master.Close() })
	for name, tc := range map[string]struct {
		end  func(*clitest.Terminal)
		code int
	}{
		"ctrl+c":  {func(m *clitest.Terminal) { m.Key(t, "hu\x03") }, 130},
		"SIGINT":  {func(m *clitest.Terminal) { m.Signal(syscall.SIGINT) }, 130},
		"SIGTERM": {func(m *clitest.Terminal) { m.Signal(syscall.SIGTERM) }, 143},
		"nothing": {func(m *clitest.Terminal) { m.Key(t, "hu\x15\r") }, 2},
	} {
		t.Run(name, func(t *testing.T) {
			m := clitest.OnTerminal(t, env, 80, 24, "webhooks", "create", "--name", "mine", "--url", "https://hooks.example.com",
				"--events", "order.status", "--secret", "-")
			_, ok := m.Await("secret: ")
			require.True(t, ok, "on the screen: %q", m)
			tc.end(m)
			<-m.Done
			assert.Equal(t, tc.code, m.Code(), "on the screen: %q", m)
			assert.NotContains(t, m.String(), "hu")
			assert.Equal(t, settings(t, fresh), settings(t, m.In.(*os.File)))
		})
	}
	stdout, _, _ := clitest.Run(t, env, "webhooks", "list", "--json")
	assert.Empty(t, stdout)
}

func settings(t *testing.T, terminal *os.File) *term.State {
	t.Helper()
	s, err := term.GetState(int(terminal.Fd()))
	require.NoError(t, err)
	return s
}

// The terminal hides what is typed before the question appears.
func TestTheTerminalIsHiddenBeforeTheQuestion(t *testing.T) {
	master, terminal, err := pty.Open()
	require.NoError(t, err)
	t.Cleanup(func() { _, _ = terminal.Close(), master.Close() })
	before := settings(t, terminal)
	asked := writerFunc(func(p []byte) (int, error) {
		if strings.Contains(string(p), "secret: ") {
			assert.NotEqual(t, before, settings(t, terminal))
			_, err := io.WriteString(master, "hüsch\x7f\x7f\x7fsh hush\r")
			assert.NoError(t, err)
		}
		return len(p), nil
	})
	typed, err := cli.Env{Stdin: terminal, Stderr: asked}.ReadHidden("secret: ")
	require.NoError(t, err)
	assert.Equal(t, "hüsh hush", typed)
	assert.Equal(t, before, settings(t, terminal))
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

func TestReportOfATestEvent(t *testing.T) {
	for name, tc := range map[string]struct {
		event roundtrip.Event
		want  []string
	}{
		"at once":   {roundtrip.Event{Verdict: receiver.Verified, Digest: "sha-256", Covered: true, Took: 999 * time.Microsecond}, []string{"after <1 ms,", "sha-256, covered by"}},
		"later":     {roundtrip.Event{Verdict: receiver.Partial, Took: time.Millisecond}, []string{"after 1 ms,", "digest     none\n"}},
		"unknown":   {roundtrip.Event{Verdict: receiver.Rejected, Reason: signature.SignatureMismatch}, []string{"digest     not checked\n"}},
		"changed":   {roundtrip.Event{Verdict: receiver.Rejected, Reason: signature.DigestMismatch, Digest: "sha-256"}, []string{"digest     does not match the body\n"}},
		"no digest": {roundtrip.Event{Verdict: receiver.Rejected, Reason: signature.DigestRequired}, []string{"digest     none\n"}},
	} {
		t.Run(name, func(t *testing.T) {
			tc.event.Arrived = true
			out := &report{}
			reportEvent(out, tc.event)
			for _, want := range tc.want {
				assert.Contains(t, out.String(), want)
			}
		})
	}
}

// An interrupt ends a call that hangs.
func TestInterruptEndsACall(t *testing.T) {
	t.Parallel()
	p, code := clitest.Interrupt(t, "webhooks", "list")
	assert.Equal(t, 1, code)
	assert.Equal(t, "up42hooks: interrupted\n", p.Stderr.String())
}

// Text of UP42 is printed on one line and without control characters.
func TestTextOfUP42IsCleaned(t *testing.T) {
	t.Parallel()
	const odd = `\u001b]0;x\u0007\u202e\nnext`
	up42 := http.NewServeMux()
	up42.HandleFunc("POST /realms/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"access_token":"t","expires_in":300}`)
	})
	up42.HandleFunc("GET /realms/", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"sub":"ws"}`) })
	hook := `{"id":"i` + odd + `","name":"n` + odd + `","url":"u` + odd + `","events":["e` + odd + `"],"active":true,"secret":"s` + odd + `"}`
	up42.HandleFunc("GET /workspaces/ws/webhooks", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"data":[`+hook+`],"error":null}`)
	})
	up42.HandleFunc("GET /webhooks/events", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"data":[{"name":"e"}],"error":null}`)
	})
	up42.HandleFunc("POST /workspaces/ws/webhooks", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusUnprocessableEntity)
		_, _ = io.WriteString(w, `{"data":null,"error":{"code":422,"message":"m`+odd+`"}}`)
	})
	env := clitest.WithUP42(t, up42)
	for _, args := range [][]string{
		{"list", "--show-secrets"},
		{"list", "--json", "--show-secrets"},
		{"get", "n\x1b]0;x\a\u202e\nnext", "--show-secrets"},
		{"create", "--name", "n", "--url", "https://hooks.example.com", "--events", "e"},
	} {
		stdout, stderr, code := clitest.Run(t, env, append([]string{"webhooks"}, args...)...)
		said := stdout + stderr
		if args[0] == "create" {
			assert.Equal(t, 1, code, said)
			assert.Equal(t, 1, strings.Count(said, "\n"), said)
		} else {
			assert.Zero(t, code, said)
			assert.Contains(t, said, `\u001b`)
		}
		for _, bad := range []string{"\x1b", "\a", "\u202e"} {
			assert.NotContains(t, said, bad)
		}
	}
}
