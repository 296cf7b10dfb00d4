package main

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// --follow waits for a store, prints what is in it and what comes in, and ends with
// exit code 0 on ctrl+c.
func TestFollow(t *testing.T) {
	t.Parallel()
	env := clitest.WithSecret(clitest.Home(t))
	events, err := clitest.Start(env, nil, "events", "--follow", "--json")
	require.NoError(t, err)
	rejected, err := clitest.Start(env, nil, "events", "--follow", "--rejected")
	require.NoError(t, err)
	for _, p := range []*clitest.Process{events, rejected} {
		t.Cleanup(func() {
			p.Signal(syscall.SIGKILL)
			<-p.Done
		})
		_, ok := p.Stderr.Await("nothing was received yet")
		require.True(t, ok)
	}

	p := clitest.Receive(t, env, nil)
	c := clitest.HTTPClient(t)
	for _, id := range []string{"m1", "m2", "m3"} {
		_, _, err := clitest.Deliver(c, p.URL, clitest.Secret, clitest.Delivery(id, "o1", "PLACED"))
		require.NoError(t, err)
		_, ok := events.Stdout.Await(id)
		require.True(t, ok, "it printed: %s, and said: %s", events.Stdout, events.Stderr)
	}
	_, _, err = clitest.Deliver(c, p.URL, "", clitest.Delivery("m4", "o1", "PLACED"))
	require.NoError(t, err)
	_, ok := rejected.Stdout.Await("missing-signature")
	require.True(t, ok, "it printed: %s, and said: %s", rejected.Stdout, rejected.Stderr)

	for _, p := range []*clitest.Process{events, rejected} {
		p.Signal(syscall.SIGINT)
		p.Finish(t)
	}
	assert.Equal(t, 3, strings.Count(events.Stdout.String(), "\n"), "each event once: %s", events.Stdout)
	assert.Equal(t, 2, strings.Count(rejected.Stdout.String(), "\n"), "a title and a line: %s", rejected.Stdout)
}

// It ends when its output is closed.
func TestFollowEndsWhenItsOutputCloses(t *testing.T) {
	t.Parallel()
	env := clitest.WithSecret(clitest.Home(t))
	r := clitest.Receive(t, env, nil)
	_, _, err := clitest.Deliver(clitest.HTTPClient(t), r.URL, clitest.Secret, clitest.Delivery("m1", "o1", "PLACED"))
	require.NoError(t, err)
	out, in, err := os.Pipe()
	require.NoError(t, err)
	p, err := clitest.Start(env, in, "events", "--follow", "--json")
	require.NoError(t, err)
	require.NoError(t, in.Close())
	line := make([]byte, 1<<10)
	_, err = out.Read(line)
	require.NoError(t, err)
	require.NoError(t, out.Close())
	p.Finish(t)
}

// Also if there is much to print: a pipe that breaks is no failure.
func TestFollowIntoHead(t *testing.T) {
	t.Parallel()
	env := clitest.WithSecret(clitest.Home(t))
	r := clitest.Receive(t, env, nil)
	pad := strings.Repeat("x", 8<<10)
	for i := range 40 {
		_, _, err := clitest.Deliver(clitest.HTTPClient(t), r.URL, clitest.Secret, clitest.Delivery(fmt.Sprint("m", i), pad, "PLACED"))
		require.NoError(t, err)
	}
	out, in, err := os.Pipe()
	require.NoError(t, err)
	p, err := clitest.Start(env, in, "events", "--follow", "--json")
	require.NoError(t, err)
	require.NoError(t, in.Close())
	_, err = out.Read(make([]byte, 1<<10)) // it has more than the pipe holds
	require.NoError(t, err)
	require.NoError(t, out.Close())
	p.Finish(t)
	assert.Empty(t, p.Stderr.String())
}
