//go:build linux

package siege

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// limitFiles has the program run with a limit of open files.
func limitFiles(t *testing.T, n int) {
	t.Helper()
	program, err := exec.LookPath("up42hooks")
	require.NoError(t, err)
	dir := t.TempDir()
	script := fmt.Sprintf("#!/bin/sh\nulimit -n %d || exit 9\nexec '%s' \"$@\"\n", n, program)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "up42hooks"), []byte(script), 0o700))
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
}

// With few files there are fewer connections, and strangers don't lock anybody out.
func TestFewFiles(t *testing.T) {
	for files, connections := range map[int]int{256: 143, 64: 15} {
		t.Run(fmt.Sprint(files), func(t *testing.T) {
			limitFiles(t, files)
			p := clitest.Receive(t, clitest.WithSecret(clitest.Home(t)), nil)
			assert.Contains(t, p.Stderr.String(), fmt.Sprintf(`fewer connections than --max-connections" connections=%d openFiles=%d`, connections, files))
			ctx, stop := context.WithCancel(t.Context())
			var attacking sync.WaitGroup
			defer attacking.Wait()
			defer stop()
			idle := sendAnd("GET /ping HTTP/1.1\r\nHost: h\r\n\r\n", hold)
			attacking.Go(func() { attack{conns: 300, pause: 100 * time.Millisecond, one: idle}.run(ctx, address(t, p)) })
			s := &sender{}
			for i := range 20 {
				s.deliver(p.URL, i)
			}
			assert.Zero(t, s.failed, "%v; it said: %s", s.last, p.Stderr)
			assert.NotContains(t, p.Stderr.String(), "too many open files")
		})
	}
}

func TestTooFewFiles(t *testing.T) {
	limitFiles(t, 32)
	_, stderr, code := clitest.Run(t, clitest.WithSecret(clitest.Home(t)), "listen", "--listen", "127.0.0.1:0")
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, "the system allows 32 open files (ulimit -n), and the receiver needs 56: raise the limit")
}
