//go:build unix

package forward_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/forward"
)

// runProgram is a program for NewExec. It does what the status of its event says.
func runProgram(mode string) {
	switch mode {
	case "SAY":
		in, _ := io.ReadAll(os.Stdin)
		fmt.Printf("stdin %s", in)
		for _, v := range os.Environ() {
			fmt.Println("env", v)
		}
	case "FAIL":
		fmt.Fprintln(os.Stderr, "no \x1b[31mway")
		os.Exit(3)
	case "HANG":
		time.Sleep(time.Hour)
	case "FLOOD":
		for range 5000 {
			fmt.Println(strings.Repeat("x", 100))
		}
	case "CHILD", "CHILD_HANG":
		cmd := exec.Command("sleep", "3600")
		cmd.Stdout = os.Stdout
		if err := cmd.Start(); err != nil {
			panic(err)
		}
		fmt.Println("child", cmd.Process.Pid)
		if mode == "CHILD_HANG" {
			time.Sleep(time.Hour)
		}
	case "DIE":
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	}
}

// output is what programs printed, as logged.
type output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}

func program(t *testing.T, timeout time.Duration) (forward.Target, *output) {
	t.Helper()
	out := &output{}
	target, err := forward.NewExec(forward.ExecOptions{Program: os.Args[0], Timeout: timeout, Logger: slog.New(slog.NewTextHandler(out, nil))})
	require.NoError(t, err)
	return target, out
}

func TestAProgramGetsTheEvent(t *testing.T) {
	t.Setenv("UP42_PASSWORD", "hidden")
	t.Setenv("UP42_WEBHOOK_SECRET", "hidden")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "hidden")
	target, out := program(t, 0)
	e := event("o\x00rder", "SAY")
	e.Seq, e.SubStatus, e.ConflictsWith = 7, "PART", 3
	require.NoError(t, target.Send(t.Context(), e))
	for _, want := range []string{`stdin {\"seq\":7,`, "env UP42_ID=order", "env UP42_SEQ=7", "env UP42_VERDICT=verified", "env UP42_CONFLICTS_WITH=3", "env UP42_STATUS=SAY", "env UP42_FINAL=false", "env UP42_CLASS=progress", "env UP42_TASK_ID=", "env UP42_SUB_STATUS=PART", "env PATH="} {
		assert.Contains(t, out.String(), want)
	}
	assert.NotContains(t, out.String(), "hidden")
	assert.Equal(t, "exec "+os.Args[0], target.Name())
	assert.NoError(t, target.Check(t.Context()))
}

func TestResultsOfAProgram(t *testing.T) {
	t.Parallel()
	for mode, want := range map[string]string{
		"FAIL": "exit status 3", "DIE": "killed", "FLOOD": "", "HANG": "did not end within", "CHILD_HANG": "did not end within", "CHILD": "", "NOTHING": "",
	} {
		t.Run(mode, func(t *testing.T) {
			timeout := 20 * time.Second
			if strings.HasSuffix(mode, "HANG") {
				timeout = 300 * time.Millisecond
			}
			target, out := program(t, timeout)
			err := target.Send(t.Context(), event("o", mode))
			if want == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, want)
			}
			assert.Less(t, len(out.String()), 64<<10)
			if mode == "FLOOD" {
				assert.Contains(t, out.String(), "skipped=")
			}
			if _, pid, ok := strings.Cut(out.String(), "child "); ok {
				n := 0
				_, err := fmt.Sscan(pid, &n)
				require.NoError(t, err)
				if mode == "CHILD_HANG" {
					assert.Eventually(t, func() bool { return isGone(n) }, time.Minute, time.Millisecond, "its children die with it")
				} else {
					_ = syscall.Kill(n, syscall.SIGKILL) // which the test started
				}
			}
		})
	}
}

// isGone reports whether a process has ended. It may be a zombie.
func isGone(pid int) bool {
	state, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || strings.Contains(string(state), ") Z ")
}

func TestAProgramIsKilledWhenTheContextEnds(t *testing.T) {
	target, _ := program(t, time.Hour)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	began := time.Now()
	require.Error(t, target.Send(ctx, event("o", "HANG")))
	assert.Less(t, time.Since(began), time.Minute)
}

func TestAMissingProgramIsAnErrorAtTheStart(t *testing.T) {
	file := filepath.Join(t.TempDir(), "not-executable")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	folder := t.TempDir()
	for name, want := range map[string]string{
		"":                         "want a program",
		"no-such-program-anywhere": `no program "no-such-program-anywhere" in PATH: to name one that is elsewhere, write its path`,
		"./no-such-program":        "there is no program ./no-such-program",
		os.Args[0] + " -x":         "has arguments, and a program is run without any: write the command into a script",
		file:                       file + " may not be run by you: make it executable",
		folder:                     folder + " is a folder: name the program in it",
	} {
		_, err := forward.NewExec(forward.ExecOptions{Program: name})
		assert.ErrorContains(t, err, want, "%q", name)
	}
}
