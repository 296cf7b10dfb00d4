package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// BenchmarkDashboard starts the program on a terminal with a large store and
// measures what the user notices:
//
//	first-frame-ms  from the start of the process to the first rows on the screen
//	resident-MB     the largest memory of the process, with all rows loaded
//	idle-%          the share of a core that it uses while nothing happens, over idleFor
//
// See benchStore for the store.
func BenchmarkDashboard(b *testing.B) {
	const idleFor = 5 * time.Second
	file := benchStore(b)
	var first time.Duration
	var resident, idle float64
	for b.Loop() {
		dir := b.TempDir()
		started := time.Now()
		m := clitest.OnTerminal(b, []string{"HOME=" + dir, "LANG=C.UTF-8", "UP42_STORE=" + file}, 140, 40, "--listen", "127.0.0.1:0")
		_, ok := m.Await(`order-\d+`)
		require.True(b, ok, "no rows on the screen: %q", m.String())
		first += time.Since(started)
		before := settled(b, m.Cmd.Process.Pid)
		<-time.After(idleFor) // the process is idle meanwhile
		idle += (cpu(b, m.Cmd.Process.Pid) - before).Seconds() / idleFor.Seconds() * 100
		resident += float64(status(b, m.Cmd.Process.Pid, "VmHWM")) / 1024
		m.Signal(os.Interrupt)
		<-m.Done
	}
	n := float64(b.N)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(first.Milliseconds())/n, "first-frame-ms")
	b.ReportMetric(resident/n, "resident-MB")
	b.ReportMetric(idle/n, "idle-%")
}

// benchStore returns the file of a store of 50,000 events. UP42_LARGE_STORE names the file of
// one with a million events, or as many as UP42_LARGE_EVENTS says. It is made if it is missing,
// in about a minute for a million.
func benchStore(b *testing.B) string {
	b.Helper()
	file := os.Getenv("UP42_LARGE_STORE")
	if file == "" {
		file = filepath.Join(b.TempDir(), "events.db")
		fill(b, file, 50_000)
		return file
	}
	events := 1_000_000
	if n := os.Getenv("UP42_LARGE_EVENTS"); n != "" {
		var err error
		events, err = strconv.Atoi(n)
		require.NoError(b, err, "UP42_LARGE_EVENTS is a number")
	}
	fill(b, file, events)
	return file
}

// fill adds events to a store until it has n, five for each order.
func fill(b *testing.B, file string, n int) {
	b.Helper()
	l, err := sqlite.Open(context.Background(), file, sqlite.Options{})
	require.NoError(b, err)
	defer func() { require.NoError(b, l.Close()) }()
	counts, err := l.Counts(context.Background())
	require.NoError(b, err)
	statuses := []string{"CREATED", "BEING_PLACED", "PLACED", "BEING_FULFILLED", "FULFILLED"}
	note := strings.Repeat("n", 700)
	var batch []*receiver.Event
	for i := int(counts.LastSeq); i < n; i++ {
		raw := fmt.Appendf(nil, `{"event":"order.status","liveMode":true,"messageId":"message-%d","timestamp":%q,"body":{"orderId":"order-%d","status":%q,"note":%q}}`,
			i, time.Unix(1_700_000_000+int64(i), 0).UTC().Format(time.RFC3339), i/len(statuses), statuses[i%len(statuses)], note)
		m, err := receiver.Decode(raw)
		require.NoError(b, err)
		batch = append(batch, &receiver.Event{ReceivedAt: m.Timestamp, Verdict: receiver.Verified, Secret: "0", Raw: raw, Message: m})
		if len(batch) == 5000 || i == n-1 {
			_, err := l.AppendAll(context.Background(), batch)
			require.NoError(b, err)
			batch = nil
		}
	}
}

// settled waits until a process uses almost no time for a second. It returns the
// time that the process has used so far.
func settled(b *testing.B, pid int) time.Duration {
	for before := cpu(b, pid); ; {
		<-time.After(time.Second)
		now := cpu(b, pid)
		if now-before <= 30*time.Millisecond {
			return now
		}
		before = now
	}
}

// cpu is the processor time of a process, in steps of 10 ms.
func cpu(b *testing.B, pid int) time.Duration {
	b.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		b.Skipf("this system does not tell: %v", err)
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	user, err := strconv.Atoi(fields[11])
	require.NoError(b, err)
	system, err := strconv.Atoi(fields[12])
	require.NoError(b, err)
	return time.Duration(user+system) * 10 * time.Millisecond
}

// status returns a field of /proc/PID/status, in KiB.
func status(b *testing.B, pid int, field string) int {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	require.NoError(b, err)
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, field+":"); ok {
			n, err := strconv.Atoi(strings.Fields(rest)[0])
			require.NoError(b, err)
			return n
		}
	}
	b.Fatalf("no %s", field)
	return 0
}
