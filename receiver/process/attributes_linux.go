package process

import "syscall"

// Attributes give a program a process group of its own, and make Linux send it a signal when the
// thread ends that starts it, and so when this program ends, even if it is killed.
func Attributes(orphaned syscall.Signal) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: orphaned}
}
