package tunnel

import "syscall"

// attributes make Linux end the program when this program ends, even if it is killed.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
}
