//go:build unix

package outside

import "os/exec"

// inShell gives a command with a file to a shell, which reads it as other programs do: it may have arguments.
// The shell writes what before its errors.
func inShell(command, what, file string) *exec.Cmd {
	return exec.Command("sh", "-c", command+` "$1"`, what, file)
}
