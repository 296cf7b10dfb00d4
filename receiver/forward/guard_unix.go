//go:build unix

package forward

import (
	"os"
	"os/exec"
	"strconv"

	"github.com/up42/up42-webhooks/receiver/process"
)

// guardScript waits for a line from us. If we end without one, it kills the process group.
const guardScript = `trap "" HUP INT QUIT TERM; read -r line || kill -KILL "-$1"`

// guard starts a shell that kills a process group if we end before release is called, even
// if we are killed. Without a shell nothing happens.
func guard(group int) (release func()) {
	in, out, err := os.Pipe()
	if err != nil {
		return func() {}
	}
	cmd := exec.Command("/bin/sh", "-c", guardScript, "up42hooks-guard", strconv.Itoa(group))
	cmd.Stdin, cmd.Env = in, []string{}
	cmd.SysProcAttr = process.Attributes(0) // what ends our group must not end it
	err = cmd.Start()
	_ = in.Close()
	return func() {
		_, _ = out.WriteString("\n")
		_ = out.Close()
		if err == nil {
			_ = cmd.Wait()
		}
	}
}
