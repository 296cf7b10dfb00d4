//go:build unix

package process_test

import (
	"bufio"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/process"
	"github.com/up42/up42-webhooks/receiver/receivertest/testmain"
)

func TestMain(m *testing.M) { testmain.Run(m) }

// The child has the pipe: its end shows that the child ended, too.
func TestAProgramEndsWithItsChildren(t *testing.T) {
	for name, end := range map[string]func(int) error{"terminate": process.Terminate, "kill": process.Kill} {
		cmd := exec.Command("/bin/sh", "-c", "sleep 1000 & echo $!; wait")
		cmd.SysProcAttr = process.Attributes(syscall.SIGKILL)
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		in := bufio.NewReader(out)
		child, err := in.ReadString('\n')
		require.NoError(t, err)
		_, err = strconv.Atoi(strings.TrimSpace(child))
		require.NoError(t, err)
		require.NoError(t, end(cmd.Process.Pid), name)
		_, err = in.ReadString('\n')
		require.Error(t, err, "nobody has the pipe any more")
		require.Error(t, cmd.Wait())
	}
}
