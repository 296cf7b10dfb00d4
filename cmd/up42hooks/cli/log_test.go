package cli_test

import (
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
)

// Nobody waits for a log that is not read. When it is read again, it has the lines in their
// order, and says how many it lacks.
func TestALogThatNobodyReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		l := cli.NewLogOutput(w, func(lines int) { fmt.Fprintf(w, "%d left out\n", lines) })
		const lines = 100
		start := time.Now()
		for i := range lines {
			n, err := fmt.Fprintf(l, "%d %s\n", i, strings.Repeat("x", 10<<10))
			require.NoError(t, err)
			require.Greater(t, n, 10<<10)
		}
		assert.Less(t, time.Since(start), time.Second, "one line waits, others do not")
		l.Close() // it gives up
		var got []byte
		done := make(chan struct{})
		go func() {
			defer close(done)
			got, _ = io.ReadAll(r)
		}()
		synctest.Wait()
		fmt.Fprintln(l, "again")
		l.Close()
		require.NoError(t, w.Close())
		<-done
		all := strings.Split(strings.TrimSpace(string(got)), "\n")
		kept := len(all) - 2
		require.Greater(t, kept, 10)
		for i, line := range all[:kept] {
			assert.True(t, strings.HasPrefix(line, fmt.Sprint(i)+" x"))
		}
		assert.Equal(t, []string{fmt.Sprintf("%d left out", lines-kept), "again"}, all[kept:])
	})
}

// What is read is written when Write returns.
func TestALogIsWrittenAtOnce(t *testing.T) {
	f, err := os.Create(t.TempDir() + "/log")
	require.NoError(t, err)
	defer f.Close()
	l := cli.NewLogOutput(f, nil)
	for range 3 {
		fmt.Fprintln(l, "line")
	}
	l.Close()
	text, err := os.ReadFile(f.Name())
	require.NoError(t, err)
	assert.Equal(t, "line\nline\nline\n", string(text))
}
