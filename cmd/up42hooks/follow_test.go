package main

import (
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// --follow waits for the store, prints what is there and what comes, and ends
// well by ctrl+c.
func TestFollow(t *testing.T) {
	t.Parallel()
	env := withSecret(home(t))
	events, err := start(env, nil, "events", "--follow", "--json")
	require.NoError(t, err)
	rejected, err := start(env, nil, "events", "--follow", "--rejected")
	require.NoError(t, err)
	for _, p := range []*process{events, rejected} {
		t.Cleanup(func() {
			p.signal(syscall.SIGKILL)
			<-p.done
		})
		_, ok := p.stderr.await("nothing was received yet")
		require.True(t, ok)
	}

	p := receive(t, env, nil)
	c := httpClient(t)
	for _, id := range []string{"m1", "m2", "m3"} {
		_, _, err := deliver(c, p.url, secret, delivery(id, "o1", "PLACED"))
		require.NoError(t, err)
		_, ok := events.stdout.await(id)
		require.True(t, ok, "it printed: %s, and said: %s", events.stdout, events.stderr)
	}
	_, _, err = deliver(c, p.url, "", delivery("m4", "o1", "PLACED"))
	require.NoError(t, err)
	_, ok := rejected.stdout.await("missing-signature")
	require.True(t, ok, "it printed: %s, and said: %s", rejected.stdout, rejected.stderr)

	for _, p := range []*process{events, rejected} {
		p.signal(syscall.SIGINT)
		p.finish(t)
	}
	assert.Equal(t, 3, strings.Count(events.stdout.String(), "\n"), "each event once: %s", events.stdout)
	assert.Equal(t, 2, strings.Count(rejected.stdout.String(), "\n"), "a title and a line: %s", rejected.stdout)
}

// Whoever reads no more is not waited for.
func TestFollowEndsWithItsReader(t *testing.T) {
	t.Parallel()
	env := withSecret(home(t))
	r := receive(t, env, nil)
	_, _, err := deliver(httpClient(t), r.url, secret, delivery("m1", "o1", "PLACED"))
	require.NoError(t, err)
	out, in, err := os.Pipe()
	require.NoError(t, err)
	p, err := start(env, in, "events", "--follow", "--json")
	require.NoError(t, err)
	require.NoError(t, in.Close())
	line := make([]byte, 1<<10)
	_, err = out.Read(line)
	require.NoError(t, err)
	require.NoError(t, out.Close())
	p.finish(t)
}
