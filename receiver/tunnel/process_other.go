//go:build !linux

package tunnel

import "syscall"

// attributes can't make the program end if this program is killed: only Linux can.
func attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
