//go:build unix

package forward_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// runForwarder is a program that forwards the events of a store to a URL until it is
// killed.
func runForwarder(file, url string) {
	log, err := sqlite.Open(context.Background(), file, sqlite.Options{})
	if err != nil {
		panic(err)
	}
	target, err := forward.NewHTTP(forward.HTTPOptions{URL: url})
	if err != nil {
		panic(err)
	}
	panic(forward.New(forward.Options{Log: log, Checkpoints: log, Target: target}).Run(context.Background()))
}

func TestAKilledForwarderRepeatsAtMostWhatWasUnderWay(t *testing.T) {
	t.Parallel()
	const events, kills, parallel = 500, 3, 8
	file := filepath.Join(t.TempDir(), "events.db")
	log, err := sqlite.Open(t.Context(), file, sqlite.Options{})
	require.NoError(t, err)
	var mu sync.Mutex
	came, repeats := map[string]bool{}, 0
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if seq := r.Header.Get(forward.SeqHeader); came[seq] {
			repeats++
		} else if seq != "" {
			came[seq] = true
		}
	}))
	defer s.Close()
	target, err := forward.NewHTTP(forward.HTTPOptions{URL: s.URL})
	require.NoError(t, err)
	require.NoError(t, log.SaveCheckpoint(t.Context(), target.Name(), receiver.Checkpoint{}))
	all := make([]*receiver.Event, events)
	for i := range all {
		all[i] = event(fmt.Sprint("o", i), "PLACED")
	}
	_, err = log.AppendAll(t.Context(), all)
	require.NoError(t, err)
	require.NoError(t, log.Close())
	for i := range kills {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "FORWARD_TEST_STORE="+file, "FORWARD_TEST_URL="+s.URL)
		require.NoError(t, cmd.Start())
		assert.Eventually(t, func() bool {
			mu.Lock()
			defer mu.Unlock()
			return len(came) >= events*(i+1)/kills
		}, time.Minute, time.Millisecond)
		require.NoError(t, cmd.Process.Kill())
		_ = cmd.Wait()
	}
	assert.LessOrEqual(t, repeats, kills*parallel)
	t.Logf("%d kills, %d events came twice", kills, repeats)
}
