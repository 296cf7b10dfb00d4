//go:build !linux

package forward

import "syscall"

// attributes give a program a process group of its own. If this program is killed, only
// guard ends that group.
func attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
