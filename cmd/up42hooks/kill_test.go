package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What was answered 200 stands after the process was killed right then, and
// stands once, although the sender, who may not have seen the answer, sends
// everything again.
func TestAnsweredIsStoredWhenKilled(t *testing.T) {
	t.Parallel()
	const rounds, senders = 50, 4
	env := withSecret(home(t))
	var mu sync.Mutex
	answered := map[string]bool{}
	for round := range rounds {
		p := receive(t, env, nil)
		var wg sync.WaitGroup
		for sender := range senders {
			wg.Go(func() {
				tr := &http.Transport{}
				defer tr.CloseIdleConnections()
				c := &http.Client{Transport: tr, Timeout: patience}
				for n := 0; ; n++ {
					id := fmt.Sprintf("%d-%d-%d", round, sender, n)
					status, _, err := deliver(c, p.url, secret, delivery(id, "order-"+id, "FULFILLED"))
					if err != nil || status != http.StatusOK {
						return
					}
					p.signal(syscall.SIGKILL)
					mu.Lock()
					answered[id] = true
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		<-p.done
	}
	require.GreaterOrEqual(t, len(answered), rounds)

	p := receive(t, env, nil)
	for id := range answered {
		status, _, err := deliver(httpClient(t), p.url, secret, delivery(id, "order-"+id, "FULFILLED"))
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, status)
	}
	p.signal(syscall.SIGTERM)
	p.finish(t)
	assert.Empty(t, p.stdout.String(), "nothing was new")

	events, stderr, code := up42hooks(t, env, "events", "--limit", "0", "--json")
	require.Zero(t, code, stderr)
	stored := count(t, events, "messageId")
	rows, stderr, code := up42hooks(t, env, "orders", "--json")
	require.Zero(t, code, stderr)
	orders := count(t, rows, "id")
	for id := range answered {
		assert.Equal(t, 1, stored[id], "event of message %s", id)
		assert.Equal(t, 1, orders["order-"+id], "row of message %s", id)
	}
}

// count counts the values of a field in JSON lines.
func count(t *testing.T, lines, field string) map[string]int {
	t.Helper()
	out := map[string]int{}
	for line := range strings.Lines(lines) {
		var v map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &v))
		out[fmt.Sprint(v[field])]++
	}
	return out
}
