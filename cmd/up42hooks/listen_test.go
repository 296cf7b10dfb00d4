package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
)

func TestListenPrintsWhatItStored(t *testing.T) {
	t.Parallel()
	env := clitest.WithSecret(clitest.Home(t))
	p := clitest.Receive(t, env, nil)
	c := clitest.HTTPClient(t)
	for i := range 5 {
		status, answer, err := clitest.Deliver(c, p.URL, clitest.Secret, clitest.Delivery(fmt.Sprint("m", i), "o1", "PLACED"))
		require.NoError(t, err)
		assert.Equal(t, 200, status, answer)
	}
	status, answer, err := clitest.Deliver(c, p.URL, "another secret", clitest.Delivery("m9", "o1", "PLACED"))
	require.NoError(t, err)
	assert.Equal(t, 401, status)
	assert.JSONEq(t, `{"code":401,"msg":"unauthorized"}`, answer)

	p.Signal(syscall.SIGTERM)
	p.Finish(t)
	lines := strings.Split(strings.TrimSpace(p.Stdout.String()), "\n")
	require.Len(t, lines, 5, "%s", p.Stdout)
	for i, line := range lines {
		var e map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &e))
		assert.EqualValues(t, i+1, e["seq"])
		assert.Equal(t, fmt.Sprint("m", i), e["messageId"])
		assert.Equal(t, "verified", e["verdict"])
	}
	assert.Contains(t, p.Stderr.String(), "reason=signature-mismatch")
	assert.NotContains(t, p.Stderr.String()+p.Stdout.String(), clitest.Secret)
}

// listen prints only events that come in after its start.
func TestListenPrintsOnlyWhatIsNew(t *testing.T) {
	t.Parallel()
	env := clitest.WithSecret(clitest.Home(t))
	for i := range 2 {
		p := clitest.Receive(t, env, nil)
		_, _, err := clitest.Deliver(clitest.HTTPClient(t), p.URL, clitest.Secret, clitest.Delivery(fmt.Sprint("m", i), "o1", "PLACED"))
		require.NoError(t, err)
		p.Signal(syscall.SIGINT)
		p.Finish(t)
		assert.Equal(t, 1, strings.Count(p.Stdout.String(), "\n"), "%s", p.Stdout)
		assert.Contains(t, p.Stdout.String(), fmt.Sprintf(`"messageId":"m%d"`, i))
	}
}

// receiveIntoPipe starts a receiver that prints into a pipe, and returns the pipe's
// other end.
func receiveIntoPipe(t *testing.T) (p *clitest.Process, r *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	require.NoError(t, err)
	t.Cleanup(func() { _ = r.Close() })
	p = clitest.Receive(t, clitest.WithSecret(clitest.Home(t)), w)
	require.NoError(t, w.Close())
	return p, r
}

// It says so, with what the program that read the output has missed.
func TestListenEndsWhenItsOutputCloses(t *testing.T) {
	t.Parallel()
	for name, events := range map[string]int{"before an event": 0, "after an event": 1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, r := receiveIntoPipe(t)
			for range events {
				_, _, err := clitest.Deliver(clitest.HTTPClient(t), p.URL, clitest.Secret, clitest.Delivery("m1", "o1", "PLACED"))
				require.NoError(t, err)
				line, err := bufio.NewReader(r).ReadString('\n')
				require.NoError(t, err)
				assert.Contains(t, line, "m1")
			}
			require.NoError(t, r.Close())
			code, ok := p.Wait()
			require.True(t, ok)
			assert.Equal(t, 1, code)
			assert.Contains(t, p.Stderr.String(), "the program or terminal that read it has ended; receiving has ended; it got all events that are stored")
			assert.NotContains(t, p.Stderr.String(), "broken")
		})
	}
}

// An output that nobody reads does not delay deliveries.
func TestListenReceivesWhileItsOutputIsBlocked(t *testing.T) {
	t.Parallel()
	p, r := receiveIntoPipe(t)
	events := deliverMoreThanAPipeHolds(t, p)
	p.Signal(syscall.SIGTERM)
	in := bufio.NewScanner(r)
	in.Buffer(nil, 1<<20)
	lines := 0
	for in.Scan() {
		lines++
	}
	require.NoError(t, in.Err())
	assert.Equal(t, events, lines)
	p.Finish(t)
}

// deliverMoreThanAPipeHolds delivers the messages m0, m1, …, and returns how many.
func deliverMoreThanAPipeHolds(t *testing.T, p *clitest.Process) (events int) {
	t.Helper()
	events = 40 // of 8 KiB; a pipe holds 64 KiB
	c := clitest.HTTPClient(t)
	pad := strings.Repeat("x", 8<<10)
	for i := range events {
		status, answer, err := clitest.Deliver(c, p.URL, clitest.Secret, clitest.Delivery(fmt.Sprint("m", i), pad, "PLACED"))
		require.NoError(t, err)
		require.Equal(t, 200, status, answer)
	}
	return events
}

func TestReloadKeepsConnections(t *testing.T) {
	t.Parallel()
	env := clitest.Home(t)
	file := filepath.Join(t.TempDir(), "secrets")
	require.NoError(t, os.WriteFile(file, []byte("old\n"), 0o600))
	p := clitest.Receive(t, env, nil, "--secret-file", file)
	var reused []bool
	trace := &httptrace.ClientTrace{GotConn: func(i httptrace.GotConnInfo) { reused = append(reused, i.Reused) }}
	c := clitest.HTTPClient(t)
	c.Transport = traced{c.Transport, trace}
	post := func(secret, id string) int {
		status, _, err := clitest.Deliver(c, p.URL, secret, clitest.Delivery(id, "o1", "PLACED"))
		require.NoError(t, err)
		return status
	}
	assert.Equal(t, 200, post("old", "m1"))
	assert.Equal(t, 401, post("new", "m2"))

	require.NoError(t, os.WriteFile(file, []byte("new\nother\n"), 0o600))
	p.Signal(syscall.SIGHUP)
	_, ok := p.Stderr.Await(`msg=reloaded secrets=2`)
	require.True(t, ok, "it said: %s", p.Stderr)
	assert.Equal(t, 401, post("old", "m3"))
	assert.Equal(t, 200, post("new", "m4"))

	require.NoError(t, os.Remove(file))
	p.Signal(syscall.SIGHUP)
	_, ok = p.Stderr.Await(`reload failed, the secrets stay as they were`)
	require.True(t, ok, "it said: %s", p.Stderr)
	assert.Equal(t, 200, post("new", "m5"))

	assert.Equal(t, []bool{false, true, true, true, true}, reused)
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
}

type traced struct {
	http.RoundTripper
	trace *httptrace.ClientTrace
}

func (t traced) RoundTrip(r *http.Request) (*http.Response, error) {
	return t.RoundTripper.RoundTrip(r.WithContext(httptrace.WithClientTrace(r.Context(), t.trace)))
}

func TestOneReceiverPerStore(t *testing.T) {
	t.Parallel()
	env := clitest.Home(t)
	p := clitest.Receive(t, env, nil)
	address := strings.TrimSuffix(strings.TrimPrefix(p.URL, "http://"), "/receive-webhooks")

	_, stderr, code := clitest.Run(t, env, "listen", "--listen", "127.0.0.1:0")
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, fmt.Sprintf("up42hooks: another up42hooks (process %d on %s) receives into this store already: ", p.Cmd.Process.Pid, address))
	assert.Contains(t, stderr, "up42hooks events --follow; to receive here instead, end it first; for a second receiver give another --store FILE and --listen ADDRESS\n")
	assert.Equal(t, 1, strings.Count(stderr, "\n"))

	_, stderr, code = clitest.Run(t, clitest.Home(t), "listen", "--listen", address)
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, address+" is taken by another receiver (it answers /ping), such as an up42hooks with another --store: end that program, or choose another address, with --listen 127.0.0.1:")
	assert.Equal(t, 1, strings.Count(stderr, "\n"))

	p.Signal(syscall.SIGKILL)
	<-p.Done
	again := clitest.Receive(t, env, nil)
	again.Signal(syscall.SIGTERM)
	again.Finish(t)
}

func TestPortTakenLeavesNoLock(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	env := clitest.Home(t)
	_, _, code := clitest.Run(t, env, "listen", "--listen", l.Addr().String())
	require.Equal(t, 1, code)
	holder, err := store.HeldBy(clitest.StoreOf(env))
	require.NoError(t, err)
	assert.Nil(t, holder)
}

// The advice about a target that is configured no more is a command that can be run as it is.
func TestTheAdviceToForgetATargetCanBeFollowed(t *testing.T) {
	t.Parallel()
	env := clitest.WithSecret(clitest.Home(t))
	program := filepath.Join(t.TempDir(), "ada's program")
	require.NoError(t, os.WriteFile(program, []byte("#!/bin/sh\n"), 0o700))
	p := clitest.Receive(t, env, nil, "--exec", program)
	status, _, err := clitest.Deliver(clitest.HTTPClient(t), p.URL, clitest.Secret, clitest.Delivery("m1", "o1", "PLACED"))
	require.NoError(t, err)
	require.Equal(t, 200, status)
	end(t, p)

	p = clitest.Receive(t, env, nil)
	advice, ok := p.Stderr.Await(`to forget it, end the receiver and run: (up42hooks store forget --store .+)"`)
	require.True(t, ok, p.Stderr)
	end(t, p)
	command, err := strconv.Unquote(`"` + advice + `"`)
	require.NoError(t, err)
	words, err := exec.Command("sh", "-c", `printf '%s\n' `+command).Output()
	require.NoError(t, err)
	args := strings.Split(strings.TrimSpace(string(words)), "\n")[1:]
	_, stderr, code := clitest.Run(t, env, args...)
	assert.Zero(t, code, "%q: %s", args, stderr)
	p = clitest.Receive(t, env, nil)
	end(t, p)
	assert.NotContains(t, p.Stderr.String(), "is not configured")
}
