//go:build unix

package forward_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// runTarget is a program that takes events until it is killed. It writes each one into a
// file and then answers.
func runTarget(address, file string) {
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		panic(err)
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		panic(err)
	}
	fmt.Println("ready")
	panic(http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || r.Method != http.MethodPost {
			return // a check
		}
		m, _ := receiver.Decode(body)
		if _, err := fmt.Fprintln(f, r.Header.Get(forward.SeqHeader), m.ID); err != nil {
			panic(err)
		}
	})))
}

// startTarget starts runTarget and returns a function that kills it. It tries again if an
// outgoing connection has the port for a moment.
func startTarget(t *testing.T, address, file string) (kill func()) {
	t.Helper()
	require.Eventually(t, func() bool {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "FORWARD_TEST_TARGET="+address, "FORWARD_TEST_FILE="+file)
		out, err := cmd.StdoutPipe()
		if err != nil || cmd.Start() != nil {
			return false
		}
		kill = func() {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		}
		line, _ := bufio.NewReader(out).ReadString('\n')
		if line != "ready\n" {
			kill()
		}
		return line == "ready\n"
	}, time.Minute, 50*time.Millisecond)
	return kill
}

func TestNoEventIsLostIfTheTargetAndTheForwarderAreKilled(t *testing.T) {
	t.Parallel()
	const events, kills, ids = 600, 3, 40
	log, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "events.db"), sqlite.Options{})
	require.NoError(t, err)
	defer func() { require.NoError(t, log.Close()) }()
	address, file := fmt.Sprint("127.0.0.1:", receivertest.FreePort(t)), filepath.Join(t.TempDir(), "taken")
	const parallel = 8
	target, err := forward.NewHTTP(forward.HTTPOptions{URL: "http://" + address + "/in"})
	require.NoError(t, err)
	require.NoError(t, log.SaveCheckpoint(t.Context(), target.Name(), receiver.Checkpoint{}))
	batch := make([]*receiver.Event, events)
	for i := range batch {
		batch[i] = event(fmt.Sprintf("o%d", i%ids), fmt.Sprintf("S%d", i/ids))
	}
	adding := make(chan error, 1)
	go func() {
		for from := 0; from < events; from += 100 {
			if _, err := log.AppendAll(context.Background(), batch[from:min(from+100, events)]); err != nil {
				adding <- err
				return
			}
		}
		adding <- nil
	}()
	kill := startTarget(t, address, file)
	f, stop := run(t, forward.Options{Log: log, Checkpoints: log, Target: target, Parallel: parallel})
	for i := range kills {
		part := events * (i + 1) / (kills + 1)
		require.Eventually(t, func() bool { return f.Status().Cursor >= int64(part) }, time.Minute, time.Millisecond)
		kill()
		if i == kills/2 { // the forwarder as well
			stop()
			f, stop = run(t, forward.Options{Log: log, Checkpoints: log, Target: target, Parallel: parallel})
		}
		kill = startTarget(t, address, file)
	}
	defer func() { kill() }()
	require.NoError(t, <-adding)
	require.Eventually(t, func() bool { return f.Status().Cursor == int64(events) }, time.Minute, 10*time.Millisecond)
	stop()

	content, err := os.ReadFile(file)
	require.NoError(t, err)
	first := map[int]bool{}
	last := map[string]int{}
	twice := 0
	for line := range strings.Lines(string(content)) {
		var seq int
		var id string
		_, err := fmt.Sscan(line, &seq, &id)
		require.NoError(t, err)
		if first[seq] {
			twice++
			continue
		}
		first[seq] = true
		assert.Less(t, last[id], seq, "order of %s", id)
		last[id] = seq
	}
	assert.Len(t, first, events, "each arrives")
	assert.LessOrEqual(t, twice, (kills+1)*parallel, "twice only if an answer was lost")
}
