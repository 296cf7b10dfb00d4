//go:build linux && !race

package siege

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/retry"
)

// maxGrowth is how much memory a flood without a valid signature may cost the dashboard,
// from its first delivery on.
const maxGrowth = 20 << 20

// A flood of deliveries without a valid signature, with long ids and the like, must not
// fill the dashboard, nor must those who hold more connections open than it has.
// UP42_FLOOD is how long it takes, and each of the others a tenth of it; then 64 connections add as much as they can. The ids of
// 60 kB alone once took a gigabyte in a minute, 512 connections with long heads 61 MB.
func TestFloodOfTheDashboard(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes seconds")
	}
	length, hard := 5*time.Second, false
	if text := os.Getenv("UP42_FLOOD"); text != "" {
		var err error
		length, err = time.ParseDuration(text)
		require.NoError(t, err)
		hard = true
	}
	if program := os.Getenv("UP42_SIEGE_PROGRAM"); program != "" {
		dir := t.TempDir()
		require.NoError(t, os.Symlink(program, filepath.Join(dir, "up42hooks")))
		t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	}
	env := clitest.WithSecret(clitest.Home(t))
	screen := clitest.OnTerminal(t, env, 132, 40, "watch", "--listen", "127.0.0.1:0")
	address, ok := screen.Await(`(127\.0\.0\.1:\d+)\D`)
	require.True(t, ok, "on the screen: %q", screen)
	screen.Key(t, "3")
	status, _, err := clitest.Deliver(clitest.HTTPClient(t), "http://"+address+receiver.DefaultPath, clitest.Secret, clitest.Delivery("m", "the-order", "PLACED"))
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, status)
	_, ok = screen.Await("the-order")
	require.True(t, ok, "on the screen: %q", screen)

	pid := screen.Cmd.Process.Pid
	before := memory(t, pid)
	sent := flood(t, address, length, hard)
	// What was needed for a moment goes back to the system after a while.
	require.Eventually(t, func() bool { return memory(t, pid)-before < maxGrowth }, clitest.Patience, 50*time.Millisecond,
		"%d MB before, %d MB after", before>>20, memory(t, pid)>>20)
	const mb = 1 << 20
	fmt.Printf("dashboard: %d MB, after %d rejected deliveries in %s %d MB, at most %s with the program's file\n",
		before/mb, sent, length, memory(t, pid)/mb, peakMemory(pid))
	assert.Greater(t, sent, int64(100))
	for _, kind := range heldOpen(t) {
		most := holdOpen(t, kind, address, pid, max(2*time.Second, length/10))
		fmt.Printf("dashboard: at most %d MB while strangers hold %s\n", most/mb, kind)
		assert.Less(t, most-before, int64(maxGrowth), kind)
	}
	screen.Key(t, "\x03")
	screen.Ends(t)
}

// flood sends deliveries with a forged signature. It returns how many. A few hundred a second
// are those that the screen shows whole. hard adds as many as go over 64 connections.
func flood(t *testing.T, address string, length time.Duration, hard bool) int64 {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), length)
	defer stop()
	requests := floods(t)
	var sent atomic.Int64
	var flooding sync.WaitGroup
	begin := func(conns int, pause time.Duration) {
		a := attack{conns: conns, one: func(ctx context.Context, c net.Conn) { rotate(ctx, c, requests, pause, &sent) }}
		flooding.Go(func() { a.run(ctx, address) })
	}
	begin(4, 10*time.Millisecond)
	if hard {
		begin(64, 0)
	}
	flooding.Wait()
	return sent.Load()
}

// heldOpen are what strangers send over a thousand connections before they wait. Each makes the
// receiver keep something for each connection.
func heldOpen(t *testing.T) []attack {
	long := "POST /receive-webhooks HTTP/1.1\r\nHost: h\r\n" + strings.Repeat("X-Y: "+strings.Repeat("v", 120)+"\r\n", 230)
	held := func(name, text string) attack {
		return attack{name: name, conns: 1000, pause: 100 * time.Millisecond, one: sendAnd(text, hold)}
	}
	return []attack{
		held("idle connections", "GET /ping HTTP/1.1\r\nHost: h\r\n\r\n"), held("long heads, unfinished", long),
		held("long heads", long+"\r\n"), held("large bodies, unfinished", message(t, "forged", 1<<20)[:1<<19]),
	}
}

// holdOpen attacks and returns how much memory the process had meanwhile.
func holdOpen(t *testing.T, kind attack, address string, pid int, length time.Duration) (most int64) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), length)
	defer stop()
	var holding sync.WaitGroup
	defer holding.Wait()
	holding.Go(func() { kind.run(ctx, address) })
	for retry.Sleep(ctx, 100*time.Millisecond) {
		most = max(most, memory(t, pid))
	}
	return most
}

// place is where a request of a flood has its number, so that no two are the same.
const place = "NNNNNNNN"

// floods returns requests of which each has something long.
func floods(t *testing.T) []string {
	long := strings.Repeat("x", 60_000)
	deep := strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000)
	var out []string
	for _, body := range []string{
		`{"event":"order.status","messageId":"` + place + `","body":{"orderId":"` + place + long + `","status":"PLACED"}}`,
		`{"event":"` + place + long + `","messageId":"` + place + `","body":{"orderId":"o"}}`,
		`{"event":"order.status","messageId":"` + long + place + `","body":{"orderId":"` + place + `","status":"PLACED"}}`,
		`{"event":"job.status","body":{"jobId":"j","taskId":"` + place + long + `","status":"` + place + `"}}`,
		`{"event":"order.status","body":{"orderId":"` + place + `","status":"` + place + long + `"}}`,
		`{"event":"order.status","body":{"orderId":"` + place + `","dataHostName":"` + place + long[:20_000] + `","displayName":"` + place + strings.Repeat("\u0301", 10_000) + `"}}`,
		`{"event":"order.status","body":{"orderId":"` + place + `","status":"PLACED","deep":` + deep + `}}`,
	} {
		out = append(out, forged(t, body, 0))
	}
	out = append(out, forged(t, `{"event":"order.status","body":{"orderId":"`+place+`"}}`, 240))
	for range 8 {
		out = append(out, out[0]) // ids are what the screen shows first
	}
	return out
}

// forged returns a request as it goes over the wire, with more headers, and with the
// signature of another secret.
func forged(t *testing.T, body string, headers int) string {
	t.Helper()
	req := receivertest.SignedRequest(t, "http://h"+receiver.DefaultPath, []byte(body), "forged")
	for i := range headers {
		req.Header.Set(fmt.Sprintf("X-%d", i), place+strings.Repeat("v", 80))
	}
	var b strings.Builder
	require.NoError(t, req.Write(&b))
	return b.String()
}

// rotate sends one request after the other, each with a number of its own.
func rotate(ctx context.Context, c net.Conn, requests []string, pause time.Duration, sent *atomic.Int64) {
	in := bufio.NewReader(c)
	for retry.Sleep(ctx, pause) {
		n := sent.Add(1)
		request := strings.ReplaceAll(requests[n%int64(len(requests))], place, fmt.Sprintf("%08d", n))
		if _, err := io.WriteString(c, request); err != nil {
			return
		}
		res, err := http.ReadResponse(in, nil)
		if err != nil {
			return
		}
		if _, err := io.Copy(io.Discard, res.Body); err != nil || res.Close {
			return
		}
	}
}

var resident = regexp.MustCompile(`RssAnon:\s+(\d+) kB`)

// memory returns how much memory a process has of its own. The pages of the program's file,
// of which more are read the more it does, are not the work of strangers: some 4 MB.
func memory(t *testing.T, pid int) int64 {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	require.NoError(t, err)
	m := resident.FindSubmatch(text)
	require.NotNil(t, m)
	kb, err := strconv.ParseInt(string(m[1]), 10, 64)
	require.NoError(t, err)
	return kb << 10
}
