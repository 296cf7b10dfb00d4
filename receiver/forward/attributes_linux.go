package forward

import "syscall"

// attributes give a program a process group of its own, and make Linux kill the program when
// this program ends, even if it is killed. Children of the program are left to guard.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
