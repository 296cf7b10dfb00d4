package outside

import (
	"os/exec"
	"syscall"
)

// inShell gives a command with a file to a shell, which reads it as other programs do: it may have arguments.
// The shell removes the outer quotation marks, and takes all others as they are.
func inShell(command, _, file string) *exec.Cmd {
	shell := exec.Command("cmd")
	shell.SysProcAttr = &syscall.SysProcAttr{CmdLine: `cmd /s /c "` + command + ` "` + file + `""`}
	return shell
}
