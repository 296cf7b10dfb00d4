//go:build unix

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/tuitest/emulator"
	"github.com/up42/up42-webhooks/tui/tuitest/hostile"
)

// wireFields are all fields of a delivery's body that the receiver reads.
var wireFields = []string{
	"orderId", "jobId", "id", "jobTaskId", "taskId", "status", "subStatus", "orderType", "processId", "dataHostName", "jobName", "displayName",
	"name", "workflowName", "jobTaskName", "taskName", "another field",
}

// hostileBodies are deliveries: one for each field in which only that is hostile, and two in which all
// are. Each field has another text; in other rounds it has others.
func hostileBodies(round int) (all [][]byte) {
	texts := hostile.Texts()
	next := round
	text := func() []byte { next++; return hostile.JSON(texts[next%len(texts)].Text) }
	body := func(event string, hostileField func(string) bool) []byte {
		value := func(field, usual string) string {
			if hostileField(field) {
				return string(text())
			}
			return fmt.Sprintf("%q", usual)
		}
		var fields []string
		for _, f := range wireFields {
			fields = append(fields, fmt.Sprintf("%q:%s", f, value(f, fmt.Sprintf("%s of %d", f, next))))
		}
		return fmt.Appendf(nil, `{"event":%s,"liveMode":true,"messageId":%s,"timestamp":%s,"body":{%s,"orderDetails":{"subStatus":%s}}}`,
			value("event", event), value("messageId", fmt.Sprint("m", next)), value("timestamp", "2026-01-09T03:34:52Z"), strings.Join(fields, ","), value("subStatus", "X"))
	}
	for i, field := range append([]string{"event", "messageId", "timestamp"}, wireFields...) {
		event := receiver.OrderStatus
		if i%2 == 0 {
			event = receiver.JobStatus
		}
		all = append(all, body(event, func(f string) bool { return f == field }))
	}
	most := func(f string) bool { return f != "event" }
	return append(all, body(receiver.OrderStatus, most), body(receiver.JobStatus, most))
}

// Each text of a message that the receiver knows comes from a field above.
func TestHostileBodiesHaveAllFields(t *testing.T) {
	t.Parallel()
	filled := map[string]bool{"Kind": true}
	for _, body := range hostileBodies(0) {
		m, err := receiver.Decode(body)
		require.NoError(t, err, "%s", body)
		for v, i := reflect.ValueOf(m), 0; i < v.NumField(); i++ {
			if f := v.Field(i); f.Kind() == reflect.String && f.Len() > 0 {
				filled[v.Type().Field(i).Name] = true
			}
		}
	}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[receiver.Message]()) {
		assert.True(t, f.Type.Kind() != reflect.String || !f.IsExported() || filled[f.Name], "no hostile body has %s", f.Name)
	}
}

// harmless checks that an output only prints: on a terminal it has the state of one that printed
// nothing, and no character hides.
func harmless(t *testing.T, what, output string) {
	t.Helper()
	terminal := emulator.New(300, 50)
	_, err := io.WriteString(terminal, strings.ReplaceAll(strings.ReplaceAll(output, "\r\n", "\n"), "\n", "\r\n"))
	if assert.NoError(t, err, what) {
		assert.Equal(t, emulator.State{}, terminal.State(), what)
	}
	hidden := strings.IndexFunc(output, func(r rune) bool { return slices.Contains([]rune{0x200b, 0x2060, 0xfeff, 0xad, 0x2028, 0x2029}, r) })
	assert.Negative(t, hidden, "%s hides something: %.200q", what, output[max(0, hidden):])
}

// hostileUP42 is a UP42 whose answers have hostile texts.
func hostileUP42(round int) http.Handler {
	texts := hostile.Texts()
	next := round
	answer := func(status int, form string, fixed ...any) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			for n := strings.Count(form, "%s"); len(fixed) < n; {
				next++
				fixed = append(fixed, hostile.JSON(texts[next%len(texts)].Text))
			}
			_, _ = fmt.Fprintf(w, form, fixed...)
		}
	}
	const hook = `{"id":"hook-1","name":%s,"url":%s,"events":[%s],"active":true,"secret":%s}`
	up42 := http.NewServeMux()
	up42.HandleFunc("POST /realms/", answer(200, `{"access_token":"t","expires_in":300}`))
	up42.HandleFunc("GET /realms/", answer(200, `{"sub":"ws"}`))
	up42.HandleFunc("GET /workspaces/ws/webhooks", answer(200, `{"data":[`+hook+`,{"id":%s,"name":%s,"url":%s,"events":[],"secret":%s}],"error":null}`))
	up42.HandleFunc("GET /workspaces/ws/webhooks/hook-1", answer(200, `{"data":`+hook+`,"error":null}`))
	up42.HandleFunc("GET /webhooks/events", answer(200, `{"data":[{"name":"order.status"},{"name":%s,"title":%s,"description":%s}],"error":null}`))
	up42.HandleFunc("POST /workspaces/ws/webhooks/hook-1/tests", answer(200, `{"data":{"startedAt":%s,"testsRun":1,"testsSucceeded":0,"testsFailed":1,"tests":[{"startedAt":%s,"eventName":%s,"success":false,"message":%s,"response":%s,"request":{"body":{"messageId":%s}}}]},"error":null}`))
	up42.HandleFunc("GET /v2/orders", answer(200, `{"content":[{"id":%s,"displayName":%s,"status":%s,"type":%s,"createdAt":%s}],"totalPages":1}`))
	up42.HandleFunc("GET /v2/processing/jobs", answer(200, `{"jobs":[{"jobID":%s,"processID":%s,"status":%s,"definition":{"title":%s}}],"links":[{"rel":%s,"href":%s}]}`))
	up42.HandleFunc("/", answer(422, `{"data":null,"error":{"code":%s,"message":%s}}`))
	return up42
}

// hostileHome has a store into which a receiver took hostile deliveries, and settings with hostile
// texts. The receiver's output is checked.
func hostileHome(t *testing.T, round int, logFormat string) []string {
	t.Helper()
	env := clitest.WithSecret(clitest.WithUP42(t, hostileUP42(round)))
	home := strings.TrimPrefix(env[0], "HOME=")
	require.NoError(t, os.MkdirAll(filepath.Join(home, ".config/up42hooks"), 0o700))
	text := func(i int) string { // as YAML has it
		valid := strings.ToValidUTF8(hostile.Texts()[(round+i)%len(hostile.Texts())].Text, "?")
		return strings.Replace(string(hostile.JSON(valid)), `\ud800"`, `"`, 1)
	}
	settings := fmt.Sprintf("filters: {F1: %s}\ncommands: {J: {name: %s, run: [%s]}}\nnotify: [{when: 'is:failed', do: file, file: %s, line: %s}]\nbackup: %s\n",
		text(0), text(1), text(2), text(3), text(4), text(5))
	require.NoError(t, os.WriteFile(filepath.Join(home, ".config/up42hooks/config.yaml"), []byte(settings), 0o600))

	p := receiveLogging(t, append(env, "UP42_CONFIG=/dev/null", "UP42_FORWARD_TO=http://127.0.0.1:1/"), logFormat, "--log-level", "debug")
	client := clitest.HTTPClient(t)
	for i, body := range hostileBodies(round) {
		status, answer, err := clitest.Deliver(client, p.URL, clitest.Secret, body)
		require.NoError(t, err)
		require.Equal(t, 200, status, "%s: %.300s", answer, body)
		if i%4 == 0 {
			_, _, err = clitest.Deliver(client, p.URL, "another secret", body)
			require.NoError(t, err)
		}
	}
	address, path, _ := strings.Cut(strings.TrimPrefix(p.URL, "http://"), "/")
	for i, text := range hostile.Texts() {
		if everything() || i%16 == 0 {
			sendRaw(t, address, path, text.Text)
		}
	}
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
	harmless(t, "the output of listen", p.Stdout.String())
	harmless(t, "the log of listen, as "+logFormat, p.Stderr.String())
	return env
}

// receiveLogging starts `listen` with a log of this form. The end of the test kills it.
func receiveLogging(t *testing.T, env []string, format string, args ...string) *clitest.Process {
	t.Helper()
	p, err := clitest.Start(env, nil, append([]string{"listen", "--listen", "127.0.0.1:0", "--log-format", format}, args...)...)
	require.NoError(t, err)
	t.Cleanup(func() {
		p.Signal(syscall.SIGKILL)
		<-p.Done
	})
	url, ok := p.Stderr.Await(map[string]string{"text": `receiving deliveries" url=(\S+)`, "json": `receiving deliveries","url":"([^"]+)"`}[format])
	require.True(t, ok, "listen said: %s", p.Stderr)
	p.URL = url
	return p
}

// sendRaw sends a text as a path, as the value of a header, in a signature, and as a request.
func sendRaw(t *testing.T, address, path, text string) {
	t.Helper()
	text = text[:min(len(text), 2000)]
	for _, request := range []string{
		"GET /" + strings.Map(withoutSpace, text) + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
		"GET /" + fmt.Sprintf("%%%02x", []byte(text[:1])) + "%1b%5b2J%c2%9b HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
		"POST /" + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\nX-A: " + text + "\r\nUser-Agent: " + text + "\r\nContent-Length: 2\r\n\r\n{}",
		"POST /" + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\nSignature-Input: " + text + "=(\"date\")\r\nSignature: " + text + "=:eA==:\r\nContent-Length: 2\r\n\r\n{}",
		text + " / HTTP/1.1\r\n\r\n",
	} {
		c, err := net.Dial("tcp", address)
		require.NoError(t, err)
		_, _ = io.WriteString(c, request)
		_ = c.(*net.TCPConn).CloseWrite()
		_, _ = io.Copy(io.Discard, c)
		require.NoError(t, c.Close())
	}
}

// withoutSpace leaves out what ends a word in the first line of a request.
func withoutSpace(r rune) rune {
	if r <= ' ' {
		return -1
	}
	return r
}

// runsInside runs a command in this process, so that a text may have any byte. With a terminal, its
// output is one.
func runsInside(t *testing.T, vars []string, onTerminal bool, args ...string) string {
	t.Helper()
	getenv := clitest.Getenv(vars)
	var out bytes.Buffer
	env := cli.Env{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out, Getenv: getenv, Environ: func() []string { return vars }, Now: time.Now, Program: "up42hooks", Quiet: new(bool)}
	if !onTerminal {
		_ = cli.Run(t.Context(), env, newRoot(env), args)
		return out.String()
	}
	keyboard, terminal, err := pty.Open()
	require.NoError(t, err)
	require.NoError(t, pty.Setsize(terminal, &pty.Winsize{Cols: 120, Rows: 40}))
	read := make(chan error, 1)
	go func() {
		_, err := io.Copy(&out, keyboard)
		read <- err
	}()
	env.Stdout, env.Stderr = terminal, terminal
	_ = cli.Run(t.Context(), env, newRoot(env), args)
	require.NoError(t, terminal.Close())
	if err := <-read; err != nil && !errors.Is(err, syscall.EIO) { // what a terminal says whose program ended
		require.NoError(t, err)
	}
	require.NoError(t, keyboard.Close())
	return out.String()
}

// Each command prints hostile texts from its arguments, the store, UP42 and the configuration.
// UP42_HOSTILE is how many rounds there are; in each, another text is in each place.
func TestCommandsPrintHostileTexts(t *testing.T) {
	t.Parallel()
	texts := hostile.Texts()
	rounds := clitest.Count(t, "UP42_HOSTILE", 1)
	for round := range min(rounds, len(texts)) {
		env := hostileHome(t, round, []string{"text", "json"}[round%2])
		file := filepath.Join(t.TempDir(), "a request")
		require.NoError(t, os.WriteFile(file, []byte("POST /"+texts[round].Text+" HTTP/1.1\r\nX: "+texts[round].Text+"\r\n\r\n"+texts[round].Text), 0o600))
		out, seen := t.TempDir(), 0
		eachUse(func(n int, use string, form ...string) {
			args := append(arguments(use, map[string]string{"file": file, "out": out, "text": texts[(round+7*n)%len(texts)].Text}), form...)
			printed := runsInside(t, append(env, "UP42_CONFIG=/dev/null"), n%4 < 2, args...)
			if len(form) == 0 || !strings.HasPrefix(use, "store export") && !strings.HasPrefix(use, "help") && use != "version" {
				harmless(t, strings.Join(append([]string{use}, form...), " "), printed)
			}
			if use == "config" || strings.HasPrefix(use, "doctor") {
				harmless(t, use, runsInside(t, env, true, args...))
			}
			seen += strings.Count(printed, "verified")
		})
		assert.Greater(t, seen, 20, "the events were shown")
	}
}

// A value that is not allowed is told without doing anything to the terminal.
func TestHostileSettings(t *testing.T) {
	t.Parallel()
	home, file := clitest.Home(t), filepath.Join(t.TempDir(), "config.yaml")
	texts := hostile.Texts()
	written := func(name, value string) {
		require.NoError(t, os.WriteFile(file, []byte(name+": "+value+"\n"), 0o600))
		harmless(t, name, runsInside(t, append(home, "UP42_CONFIG="+file), false, "config"))
	}
	for i, name := range config.Names() {
		for step := range 3 {
			text := texts[(i*3+step)%len(texts)].Text
			if everything() || i%3 == step {
				variable := "UP42_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
				harmless(t, variable, runsInside(t, append(home, variable+"="+text), step == 0, "config"))
			}
			if everything() {
				written(name, strings.Replace(string(hostile.JSON(strings.ToValidUTF8(text, "?"))), `\ud800"`, `"`, 1))
			}
			if everything() || (i+1)%3 == step {
				written(name, text)
			}
		}
	}
}

// The dashboard and the server for agents, as processes, on a store with hostile texts.
func TestADashboardOnAHostileStore(t *testing.T) {
	t.Parallel()
	if !everything() {
		t.Skip("make hostile runs it")
	}
	env := hostileHome(t, 3, "json")
	screen := clitest.OnTerminal(t, env, 132, 40, "watch", "--listen", "127.0.0.1:0")
	screen.Sees(t, "Overview")
	before := screen.State(t)
	for _, page := range []struct{ key, shows string }{{"1", "JOURNEY"}, {"2", "JOURNEY"}, {"3", "VERDICT"}, {"4", "Webhooks"}, {"0", "Overview"}} {
		screen.Key(t, page.key)
		screen.Sees(t, page.shows)
	}
	screen.Key(t, "3\r")
	screen.Sees(t, "Verdict")
	screen.Key(t, "?")
	screen.Sees(t, "Everywhere")
	after := screen.State(t)
	after.Style, before.Style = emulator.Style{}, emulator.Style{} // it may be between two characters
	assert.Equal(t, before, after)
	screen.Key(t, "\x03")
	screen.Ends(t)

	a := startAgent(t, env)
	for tool, about := range map[string]args{
		"list_orders": nil, "list_jobs": nil, "list_events": nil, "list_rejections": nil, "store_info": nil, "get_event": {"number": "r1"},
	} {
		for value := range textsIn(a.call(t, tool, about)) {
			harmless(t, tool, value)
		}
	}
	for n := 1; n <= len(hostileBodies(3)); n++ {
		for value := range textsIn(a.call(t, "get_event", args{"number": n})) {
			harmless(t, "get_event", value)
		}
	}
	require.NoError(t, a.Close())
	harmless(t, "the protocol", a.all.String())
}

// textsIn returns all texts in a result, and the names of its fields.
func textsIn(v any) iter.Seq[string] {
	return func(yield func(string) bool) {
		var walk func(v any) bool
		walk = func(v any) bool {
			switch v := v.(type) {
			case string:
				return yield(v)
			case []any:
				return !slices.ContainsFunc(v, func(x any) bool { return !walk(x) })
			case map[string]any:
				for name, x := range v {
					if !yield(name) || !walk(x) {
						return false
					}
				}
			}
			return true
		}
		walk(v)
	}
}
