package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// searching is a process in the middle of a search: the pipe to which it prints what it finds
// is full.
type searching struct {
	*clitest.Process
	found *bufio.Reader
	first int64
}

// startSearch starts a search for all events of a store that has 2,000 of them.
func startSearch(t *testing.T, env []string) *searching {
	t.Helper()
	file := clitest.StoreOf(env)
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o700))
	log, err := sqlite.Open(t.Context(), file, sqlite.Options{})
	require.NoError(t, err)
	all := make([]*receiver.Event, 2000)
	for i := range all {
		body := clitest.Delivery(fmt.Sprint("m", i), fmt.Sprint("order-", i), "PLACED")
		raw := append([]byte(`{"note":"`+strings.Repeat("x", 1000)+`",`), body[1:]...)
		m, err := receiver.Decode(raw)
		require.NoError(t, err)
		all[i] = &receiver.Event{ReceivedAt: time.Now(), Verdict: receiver.Verified, Raw: raw, Message: m}
	}
	_, err = log.AppendAll(t.Context(), all)
	require.NoError(t, err)
	require.NoError(t, log.Close())

	r, w, err := os.Pipe()
	require.NoError(t, err)
	t.Cleanup(func() { _ = r.Close() })
	cmd := exec.Command("up42hooks", "events", "--json", "--limit", "0", "--filter", "status:placed")
	cmd.Env, cmd.Stdout = env, w
	s := &searching{Process: clitest.StartCommand(t, cmd), found: bufio.NewReader(r)}
	require.NoError(t, w.Close())
	s.first = s.next(t)
	require.EqualValues(t, 1, s.first, "it said: %s", s.Stderr)
	return s
}

// next returns the number of the next event that was found, 0 at the end.
func (s *searching) next(t *testing.T) int64 {
	t.Helper()
	line, err := s.found.ReadBytes('\n')
	if err == io.EOF && len(line) == 0 {
		return 0
	}
	require.NoError(t, err)
	var e struct{ Seq int64 }
	require.NoError(t, json.Unmarshal(line, &e), "%s", line)
	return e.Seq
}

// rest lets the search end, and returns what it finds.
func (s *searching) rest(t *testing.T) (seqs []int64) {
	t.Helper()
	for seq := s.next(t); seq != 0; seq = s.next(t) {
		seqs = append(seqs, seq)
	}
	return seqs
}

// A search goes on in the file that it has opened, and finds all events.
func TestCompactWhileASearchRuns(t *testing.T) {
	t.Parallel()
	env := clitest.Home(t)
	s := startSearch(t, env)
	_, said, code := clitest.Run(t, env, "store", "compact")
	require.Zero(t, code, said)
	rest := s.rest(t)
	s.Finish(t)
	assert.Len(t, rest, 1999)
	assert.Empty(t, s.Stderr.String())
	_, said, code = clitest.Run(t, env, "store", "verify")
	assert.Zero(t, code, said)
}

// A receiver deletes old events while a search is in the middle of them. The search ends with
// those that are left, each once and in order.
func TestRetentionWhileASearchRuns(t *testing.T) {
	t.Parallel()
	env := clitest.Home(t)
	s := startSearch(t, env)
	p := clitest.Receive(t, env, nil, "--keep-events", "100")
	require.Eventually(t, func() bool { return oldestEvent(t, env) == 1901 }, clitest.Patience, 10*time.Millisecond)
	rest := s.rest(t)
	s.Finish(t)
	assert.IsIncreasing(t, rest)
	assert.EqualValues(t, 2000, rest[len(rest)-1])
	kept := 0
	for _, seq := range rest {
		if seq > 1900 {
			kept++
		}
	}
	assert.Equal(t, 100, kept, "all that is left is found")
	assert.Less(t, len(rest), 1999, "the search was in the middle")
	assert.Empty(t, s.Stderr.String())
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
}

// oldestEvent returns the number of the oldest event.
func oldestEvent(t *testing.T, env []string) int64 {
	t.Helper()
	log, err := sqlite.Open(t.Context(), clitest.StoreOf(env), sqlite.Options{ReadOnly: true})
	require.NoError(t, err)
	defer log.Close()
	i, err := log.Info(t.Context())
	require.NoError(t, err)
	return i.First.Seq
}
