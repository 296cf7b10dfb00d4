//go:build linux && !race

package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// largeEvents makes a store with n events of 1 MB.
func largeEvents(t *testing.T, file string, n int) {
	t.Helper()
	l, err := sqlite.Open(t.Context(), file, sqlite.Options{})
	require.NoError(t, err)
	defer func() { assert.NoError(t, l.Close()) }()
	pad := strings.Repeat("x", 1<<20)
	var events []*receiver.Event
	for i := range n {
		body := fmt.Appendf(nil, `{"event":"order.status","messageId":"m%d","body":{"orderId":"o%d","status":"PLACED"},"pad":"%s"}`, i, i, pad)
		m, err := receiver.Decode(body)
		require.NoError(t, err)
		events = append(events, &receiver.Event{Verdict: receiver.Verified, ReceivedAt: time.Now(), Message: m, Raw: body})
	}
	_, err = l.AppendAll(t.Context(), events)
	require.NoError(t, err)
}

// Whoever reads events has a few of them in memory, however many and however large they are.
func TestLargeEventsNeedLittleMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes seconds")
	}
	t.Parallel()
	const n = 64
	file := filepath.Join(t.TempDir(), "events.db")
	largeEvents(t, file, n)
	taken := 0
	target := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { taken++ }))
	defer target.Close()
	copied := filepath.Join(t.TempDir(), "copy.jsonl")
	for args, mostMB := range map[string]int{
		"events --limit 0 --json": 64, "events --limit 60 --json --filter status:PLACED": 64,
		"forward --to " + target.URL: 64, "store export " + copied: 64,
	} {
		used := peakOf(t, append(strings.Fields(args), "--store", file)...)
		assert.Less(t, used>>10, mostMB, args)
	}
	for _, into := range []string{"a new store", "a store that has all"} {
		assert.Less(t, peakOf(t, "store", "import", copied, "--store", file+".copy")>>10, 100, into)
	}
	assert.Equal(t, n, taken)
}

var peak = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// peakOf runs a command and returns the most memory that it had, in kB.
func peakOf(t *testing.T, args ...string) (kB int) {
	t.Helper()
	p, err := clitest.Start(clitest.Home(t), io.Discard, args...)
	require.NoError(t, err)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-p.Done:
			p.Finish(t)
			return kB
		case <-tick.C:
		}
		status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.Cmd.Process.Pid))
		if m := peak.FindSubmatch(status); m != nil {
			kB, _ = strconv.Atoi(string(m[1]))
		}
	}
}
