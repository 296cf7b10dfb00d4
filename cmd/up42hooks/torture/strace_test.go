package torture

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// fault lets system calls fail, or kills the program in them.
type fault struct {
	calls string // separated by commas
	how   string // what strace does to them, and when
}

func (f fault) args(trace string, paths ...string) []string {
	args := []string{"-f", "-y", "-s", "0", "-e", "signal=none", "-e", "trace=" + f.calls, "-e", "inject=" + f.calls + ":" + f.how, "-o", trace}
	for _, path := range paths {
		args = append(args, "-P", path)
	}
	return args
}

// attach lets the calls of a running process for some files fail until end is called, which
// returns how many have failed. The test is skipped where a process may not be traced by its
// parent.
func (f fault) attach(t *testing.T, pid int, paths ...string) (end func() int) {
	t.Helper()
	trace := filepath.Join(t.TempDir(), "trace")
	cmd := exec.Command("strace", append(f.args(trace, paths...), "-p", strconv.Itoa(pid))...)
	stderr, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	said, err := bufio.NewReader(stderr).ReadString('\n')
	if err != nil || !strings.Contains(said, " attached") {
		_ = cmd.Wait()
		t.Skipf("a running program can't be traced here, faults while it runs are not tested: %s", said)
	}
	end = sync.OnceValue(func() int {
		_ = cmd.Process.Signal(syscall.SIGINT)
		_ = cmd.Wait()
		return injected(t, trace, "")
	})
	t.Cleanup(func() { end() })
	return end
}

// injected returns how many calls have failed whose line has a text.
func injected(t *testing.T, trace, with string) (n int) {
	t.Helper()
	text, err := os.ReadFile(trace)
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		if strings.Contains(line, "(INJECTED)") && strings.Contains(line, with) {
			n++
		}
	}
	return n
}
