//go:build !linux

package tunnel

import "syscall"

// attributes can't have the program end with us if we are killed.
func attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
