//go:build unix

package forward_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/forward"
)

// runExec is a program that runs another one for an event until it is killed.
func runExec(program string) {
	target, err := forward.NewExec(forward.ExecOptions{Program: program, Timeout: time.Hour})
	if err != nil {
		panic(err)
	}
	panic(target.Send(context.Background(), event("o", "PLACED")))
}

func TestAProgramAndItsChildrenDieWithUs(t *testing.T) {
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("it reads /proc")
	}
	folder := t.TempDir()
	script, pids := filepath.Join(folder, "program"), filepath.Join(folder, "pids")
	require.NoError(t, os.WriteFile(script, fmt.Appendf(nil, "#!/bin/sh\ntrap '' TERM HUP\nsleep 3600 &\necho $$ $! >%s.new\nmv %s.new %s\nwait\n", pids, pids, pids), 0o700))
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "FORWARD_TEST_EXEC="+script)
	require.NoError(t, cmd.Start())
	var program, child int
	require.Eventually(t, func() bool {
		content, err := os.ReadFile(pids)
		_, scanned := fmt.Sscan(string(content), &program, &child)
		return err == nil && scanned == nil && hasGuard(program)
	}, time.Minute, 5*time.Millisecond)
	require.NoError(t, cmd.Process.Kill())
	_ = cmd.Wait()
	assert.Eventually(t, func() bool { return isGone(program) && isGone(child) }, time.Minute, 5*time.Millisecond)
	assert.Eventually(t, func() bool { return !hasGuard(program) }, time.Minute, 5*time.Millisecond)
}

// hasGuard reports whether a guard of a process group runs.
func hasGuard(group int) bool {
	files, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			continue
		}
		line, _ := bufio.NewReader(f).ReadString('\n')
		_ = f.Close()
		if strings.HasSuffix(line, fmt.Sprintf("\x00up42hooks-guard\x00%d\x00", group)) {
			return true
		}
	}
	return false
}
