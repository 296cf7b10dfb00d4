package process

import (
	"os/exec"
	"strconv"
	"syscall"

	"golang.org/x/sys/windows"
)

// Attributes give a program a group of its own: ctrl+c in our console is not for it.
func Attributes(syscall.Signal) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: windows.CREATE_NEW_PROCESS_GROUP}
}

// Terminate asks a program that was started with [Attributes], and its children, to end: with
// ctrl+break, which reaches programs in the same console.
func Terminate(pid int) error {
	return windows.GenerateConsoleCtrlEvent(windows.CTRL_BREAK_EVENT, uint32(pid))
}

// Kill ends a program and its children.
func Kill(pid int) error {
	return exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(pid)).Run()
}

// Raise would send a signal to this process. Windows has none.
func Raise(syscall.Signal) error { return syscall.EWINDOWS }
