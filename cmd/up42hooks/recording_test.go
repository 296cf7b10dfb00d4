package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// recordThree records three deliveries, and returns the file.
func recordThree(t *testing.T) (file string, text []byte) {
	t.Helper()
	env := clitest.WithSecret(clitest.Home(t))
	p := clitest.Receive(t, env, nil)
	client := clitest.HTTPClient(t)
	for _, status := range []string{"CREATED", "PLACED", "FULFILLED"} {
		code, _, err := clitest.Deliver(client, p.URL, clitest.Secret, clitest.Delivery("message-"+status, "order-nightfall", status))
		require.NoError(t, err)
		require.Equal(t, 200, code)
	}
	file = filepath.Join(t.TempDir(), "talk.rec")
	_, stderr, code := clitest.Run(t, env, "record", file)
	require.Zero(t, code, stderr)
	assert.Contains(t, stderr, "recorded 3 deliveries")
	_, stderr, code = clitest.Run(t, env, "record", file)
	assert.Equal(t, 2, code)
	assert.Contains(t, stderr, "exists already")
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	return file, text
}

// plays plays a recording until it has printed n events, and returns them and what it said.
func plays(t *testing.T, n int, args ...string) (events, said string) {
	t.Helper()
	p, err := clitest.Start(append(clitest.Home(t), clitest.QuickEnd), nil, append([]string{"play"}, args...)...)
	require.NoError(t, err)
	t.Cleanup(func() {
		p.Signal(syscall.SIGKILL)
		<-p.Done
	})
	_, ok := p.Stdout.Await(`(?s)^(\{[^\n]*\n){` + string(rune('0'+n)) + `}`)
	require.True(t, ok, "it said: %s %s", p.Stdout, p.Stderr)
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
	return p.Stdout.String(), p.Stderr.String()
}

func TestARecordingPlays(t *testing.T) {
	t.Parallel()
	file, text := recordThree(t)
	assert.Equal(t, 4, bytes.Count(text, []byte("\n")))
	for _, real := range []string{"nightfall", "message-", clitest.Secret} {
		assert.NotContains(t, string(text), real)
	}
	events, said := plays(t, 3, "--speed", "100x", file)
	assert.Equal(t, 3, strings.Count(events, `"verdict":"verified"`))
	assert.Contains(t, events, `"status":"FULFILLED"`)
	assert.NotContains(t, said, "cut off")
	events, _ = plays(t, 7, "--speed", "1000x", "--loop", file)
	assert.GreaterOrEqual(t, strings.Count(events, `"status":"CREATED"`), 3, "each round is new events")
}

func TestARecordingThatWasCutOff(t *testing.T) {
	t.Parallel()
	file, text := recordThree(t)
	require.NoError(t, os.WriteFile(file, text[:len(text)-20], 0o600))
	events, said := plays(t, 2, file)
	assert.Equal(t, 2, strings.Count(events, `"verdict":"verified"`))
	assert.Contains(t, said, "the recording was cut off, what is whole is played")
	lines := strings.SplitAfter(string(text), "\n")
	for name, wrong := range map[string]struct{ text, says string }{
		"empty":    {"", "this is not a recording"},
		"other":    {"{}\n", "this is not a recording"},
		"head":     {lines[0], "no whole delivery"},
		"newer":    {strings.Replace(lines[0], `"version":1`, `"version":2`, 1), "has version 2"},
		"middle":   {lines[0] + "nonsense\n" + lines[1], "line 2: it is no delivery"},
		"negative": {lines[0] + `{"at":-1,"body":{}}` + "\n", "it needs at and body"},
	} {
		require.NoError(t, os.WriteFile(file, []byte(wrong.text), 0o600))
		_, stderr, code := clitest.Run(t, clitest.Home(t), "play", file)
		assert.Equal(t, 2, code, name)
		assert.Contains(t, stderr, wrong.says, name)
	}
	_, stderr, code := clitest.Run(t, clitest.Home(t), "play", "--speed", "fast", file)
	assert.Equal(t, 2, code)
	assert.Contains(t, stderr, "--speed fast: want a number")
}

// The dashboard records what comes in while it runs, as a receiver and as a viewer of one.
func TestTheDashboardRecords(t *testing.T) {
	t.Parallel()
	env := clitest.WithSecret(clitest.Home(t))
	folder := t.TempDir()
	deliver := func(url, message string) {
		code, _, err := clitest.Deliver(clitest.HTTPClient(t), url, clitest.Secret, clitest.Delivery(message, "order-nightfall", "PLACED"))
		require.NoError(t, err)
		require.Equal(t, 200, code)
	}
	p := clitest.Receive(t, env, nil)
	deliver(p.URL, "before")
	for i, name := range []string{"viewer.rec", "receiver.rec"} {
		file := filepath.Join(folder, name)
		m := clitest.OnTerminal(t, env, 132, 30, "watch", "--record", file, "--listen", "127.0.0.1:0")
		screen := m.Sees(t, "recorded 0")
		url := p.URL
		if i == 1 {
			url = "http://" + regexp.MustCompile(`127\.0\.0\.1:\d+`).FindString(screen) + "/receive-webhooks"
		}
		deliver(url, "while-"+name)
		m.Sees(t, "recorded 1")
		m.Key(t, "\x03")
		m.Ends(t)
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.Equal(t, 2, bytes.Count(text, []byte("\n")), "%s", text)
		assert.NotContains(t, string(text), "nightfall")
		if i == 0 {
			again := clitest.OnTerminal(t, env, 132, 30, "watch", "--record", file)
			<-again.Done
			assert.Equal(t, 2, again.Code())
			assert.Contains(t, again.String(), "exists already")
			end(t, p)
		}
	}
	_, stderr, code := clitest.Run(t, env, "watch", "--record", filepath.Join(folder, "none.rec"))
	assert.Equal(t, 2, code)
	assert.Contains(t, stderr, "record --follow FILE records beside any receiver")
	assert.NoFileExists(t, filepath.Join(folder, "none.rec"))
}

func TestPlayWithoutARecording(t *testing.T) {
	t.Parallel()
	env := clitest.Home(t)
	file := filepath.Join(t.TempDir(), "nofile.rec")
	stdout, stderr, code := clitest.Run(t, env, "play", file)
	assert.Equal(t, 2, code)
	assert.Equal(t, "up42hooks: open the recording: "+file+" does not exist: name a file that does\n", stderr)
	assert.Empty(t, stdout)
	_, stderr, code = clitest.Run(t, env, "play")
	assert.Equal(t, 2, code)
	assert.Contains(t, stderr, "FILE")
}

// q asks before a recording that plays ends; then nothing of it is left.
func TestQEndsARecordingThatPlays(t *testing.T) {
	t.Parallel()
	file, _ := recordThree(t)
	temp := t.TempDir()
	m := clitest.OnTerminal(t, append(clitest.Home(t), clitest.QuickEnd, "TMPDIR="+temp), 120, 30, "play", "--loop", "--speed", "100x", file)
	m.Sees(t, "3 recorded deliveries at 100x; nothing is kept")
	m.Key(t, "q")
	m.Sees(t, "q again ends the receiver, too, and deletes its store")
	m.Key(t, "q")
	m.Ends(t)
	assert.Zero(t, m.Code())
	left, err := os.ReadDir(temp)
	require.NoError(t, err)
	assert.Empty(t, left)
}
