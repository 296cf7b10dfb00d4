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

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// A delivery that was answered 200 is stored even if the process is killed right
// after. It is stored once, even if the sender sends it again because it did not get
// the answer.
func TestAnsweredIsStoredWhenKilled(t *testing.T) {
	t.Parallel()
	const rounds, senders = 12, 4
	env := clitest.WithSecret(clitest.Home(t))
	var mu sync.Mutex
	answered := map[string]bool{}
	for round := range rounds {
		p := clitest.Receive(t, env, nil)
		var wg sync.WaitGroup
		for sender := range senders {
			wg.Go(func() {
				tr := &http.Transport{}
				defer tr.CloseIdleConnections()
				c := &http.Client{Transport: tr, Timeout: clitest.Patience}
				for n := 0; ; n++ {
					id := fmt.Sprintf("%d-%d-%d", round, sender, n)
					status, _, err := clitest.Deliver(c, p.URL, clitest.Secret, clitest.Delivery(id, "order-"+id, "FULFILLED"))
					if err != nil || status != http.StatusOK {
						return
					}
					p.Signal(syscall.SIGKILL)
					mu.Lock()
					answered[id] = true
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		<-p.Done
	}
	require.GreaterOrEqual(t, len(answered), rounds)

	p := clitest.Receive(t, env, nil)
	for id := range answered {
		status, _, err := clitest.Deliver(clitest.HTTPClient(t), p.URL, clitest.Secret, clitest.Delivery(id, "order-"+id, "FULFILLED"))
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, status)
	}
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
	assert.Empty(t, p.Stdout.String(), "nothing was new")

	events, stderr, code := clitest.Run(t, env, "events", "--limit", "0", "--json")
	require.Zero(t, code, stderr)
	stored := count(t, events, "messageId")
	rows, stderr, code := clitest.Run(t, env, "orders", "--json")
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
